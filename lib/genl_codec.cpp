// SPDX-License-Identifier: BSD-2-Clause
#include "lib/genl_codec.hpp"

#include <linux/genetlink.h>

#include <algorithm>
#include <cstring>

#include "lib/nlattr.hpp"

namespace vale::genl_codec {
namespace {

/// The attributes of one message by type.
class Attributes {
 public:
  explicit Attributes(const nlmsghdr* message) {
    for_each_attr(message, sizeof(genlmsghdr), [this](const nlattr* attr) {
      const auto type = mnl_attr_get_type(attr);
      if (type <= VALE_A_MAX) table_[type] = attr;
    });
  }

  [[nodiscard]] bool has(vale_attr type) const { return table_[type] != nullptr; }
  [[nodiscard]] const nlattr* get(vale_attr type) const { return table_[type]; }

  [[nodiscard]] std::string text(vale_attr type) const {
    const nlattr* attr = table_[type];
    if (attr == nullptr) return "";
    const auto* start = static_cast<const char*>(mnl_attr_get_payload(attr));
    return {start, ::strnlen(start, mnl_attr_get_payload_len(attr))};
  }

  [[nodiscard]] std::optional<std::uint32_t> u32(vale_attr type) const {
    return number<std::uint32_t>(table_[type]);
  }
  [[nodiscard]] std::optional<std::uint64_t> u64(vale_attr type) const {
    return number<std::uint64_t>(table_[type]);
  }

  [[nodiscard]] std::optional<MacAddress> mac(vale_attr type) const {
    MacAddress mac{};
    const nlattr* attr = table_[type];
    if (attr == nullptr || mnl_attr_get_payload_len(attr) < mac.size()) return std::nullopt;
    std::memcpy(mac.data(), mnl_attr_get_payload(attr), mac.size());
    return mac;
  }

  template <class T>
  static std::optional<T> number(const nlattr* attr) {
    T value{};
    if (attr == nullptr || mnl_attr_get_payload_len(attr) < sizeof(value)) return std::nullopt;
    std::memcpy(&value, mnl_attr_get_payload(attr), sizeof(value));
    return value;
  }

 private:
  std::array<const nlattr*, VALE_A_MAX + 1> table_{};
};

/// A nest of u64 whose attribute types are index + 1.
template <std::size_t N>
void read_numbers(const nlattr* nest, std::array<std::uint64_t, N>& out) {
  if (nest == nullptr) return;
  for_each_nested(nest, [&](const nlattr* attr) {
    const std::size_t type = mnl_attr_get_type(attr);
    if (type < 1 || type > N) return;
    out[type - 1] = Attributes::number<std::uint64_t>(attr).value_or(0);
  });
}

}  // namespace

SwitchInfo read_switch(const nlmsghdr* message) {
  const Attributes a(message);
  SwitchInfo info;
  info.name = a.text(VALE_A_SWITCH_NAME);
  info.ports = a.u32(VALE_A_PORTS).value_or(0);
  info.fdb_size = a.u32(VALE_A_FDB_SIZE).value_or(0);
  info.fdb_used = a.u32(VALE_A_FDB_USED).value_or(0);
  info.fdb_ageing = a.u32(VALE_A_FDB_AGEING).value_or(0);
  info.fdb_full = a.u64(VALE_A_FDB_FULL).value_or(0);
  info.exchange = a.u32(VALE_A_EXCHANGE).value_or(0) != 0;
  return info;
}

PortInfo read_port(const nlmsghdr* message) {
  const Attributes a(message);
  PortInfo info;
  info.switch_name = a.text(VALE_A_SWITCH_NAME);
  info.name = a.text(VALE_A_PORT_NAME);
  info.index = a.u32(VALE_A_PORT_INDEX).value_or(0);
  info.kind = a.u32(VALE_A_PORT_KIND).value_or(0);
  info.ifindex = a.u32(VALE_A_IFINDEX);
  info.adapter = a.u32(VALE_A_ADAPTER);
  info.tx_rings = a.u32(VALE_A_TX_RINGS).value_or(0);
  info.rx_rings = a.u32(VALE_A_RX_RINGS).value_or(0);
  info.tx_slots = a.u32(VALE_A_TX_SLOTS).value_or(0);
  info.rx_slots = a.u32(VALE_A_RX_SLOTS).value_or(0);
  info.mem_id = a.u32(VALE_A_MEM_ID).value_or(0);
  info.users = a.u32(VALE_A_USERS).value_or(0);
  info.link = a.u32(VALE_A_LINK).value_or(0) != 0;
  info.poll_cpu = a.u32(VALE_A_POLL_CPU);
  info.poll_cpus = a.u32(VALE_A_POLL_CPUS).value_or(0);
  read_numbers(a.get(VALE_A_COUNTERS), info.counters);
  read_numbers(a.get(VALE_A_DROPS), info.drops);
  return info;
}

FdbEntry read_fdb_entry(const nlmsghdr* message) {
  const Attributes a(message);
  FdbEntry entry;
  entry.switch_name = a.text(VALE_A_SWITCH_NAME);
  entry.mac = a.mac(VALE_A_MAC).value_or(MacAddress{});
  entry.port_index = a.u32(VALE_A_PORT_INDEX).value_or(0);
  entry.port = a.text(VALE_A_PORT_NAME);
  entry.is_static = a.has(VALE_A_FDB_STATIC);
  entry.age = a.u32(VALE_A_FDB_AGE).value_or(0);
  return entry;
}

std::optional<Event> read_event(const nlmsghdr* message) {
  const Attributes a(message);
  const auto type = a.u32(VALE_A_EVENT_TYPE);
  if (!type || *type >= kEventNames.size()) return std::nullopt;
  Event event;
  event.type = kEventNames[*type];
  event.switch_name = a.text(VALE_A_SWITCH_NAME);
  event.port = a.text(VALE_A_PORT_NAME);
  event.index = a.u32(VALE_A_PORT_INDEX);
  event.old_index = a.u32(VALE_A_OLD_PORT_INDEX);
  event.kind = a.u32(VALE_A_PORT_KIND);
  event.mac = a.mac(VALE_A_MAC);
  event.lost = a.u64(VALE_A_EVENTS_LOST).value_or(0);
  return event;
}

void put_name(nlmsghdr* message, vale_attr attr, const std::string& name) {
  mnl_attr_put_strz(message, static_cast<std::uint16_t>(attr), name.c_str());
}

void put_mac(nlmsghdr* message, const MacAddress& mac) {
  mnl_attr_put(message, VALE_A_MAC, mac.size(), mac.data());
}

void put_switch_settings(nlmsghdr* message, const SwitchSettings& settings) {
  put_name(message, VALE_A_SWITCH_NAME, settings.name);
  if (settings.create) mnl_attr_put(message, VALE_A_CREATE, 0, nullptr);
  if (settings.fdb_size) mnl_attr_put_u32(message, VALE_A_FDB_SIZE, *settings.fdb_size);
  if (settings.fdb_ageing) mnl_attr_put_u32(message, VALE_A_FDB_AGEING, *settings.fdb_ageing);
  if (settings.exchange) mnl_attr_put_u32(message, VALE_A_EXCHANGE, *settings.exchange ? 1 : 0);
}

void put_fdb_entry(nlmsghdr* message, const FdbEntry& entry) {
  put_name(message, VALE_A_SWITCH_NAME, entry.switch_name);
  put_mac(message, entry.mac);
  put_name(message, VALE_A_PORT_NAME, entry.port);
}

}  // namespace vale::genl_codec
