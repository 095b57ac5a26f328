// SPDX-License-Identifier: BSD-2-Clause
#include "lib/model_json.hpp"

#include <algorithm>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

#include "lib/json_put.hpp"

namespace vale {
namespace json = boost::json;
namespace {

template <class T>
T number(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_number()) return 0;
  json::error_code err;
  const T n = value->to_number<T>(err);
  return err ? T{0} : n;
}

template <class T>
std::optional<T> optional_number(const json::object& object, std::string_view key) {
  if (!object.contains(key)) return std::nullopt;
  return number<T>(object, key);
}

std::string text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

bool flag(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->as_bool();
}

template <std::size_t N>
json::object named(const std::array<std::uint64_t, N>& values,
                   const std::array<std::string_view, N>& names) {
  json::object object;
  for (std::size_t i = 0; i < N; ++i) object[names[i]] = values[i];
  return object;
}

template <std::size_t N>
void read_named(const json::object& parent, std::string_view key,
                const std::array<std::string_view, N>& names, std::array<std::uint64_t, N>& out) {
  const auto* value = parent.if_contains(key);
  if (value == nullptr || !value->is_object()) return;
  for (std::size_t i = 0; i < N; ++i) out[i] = number<std::uint64_t>(value->as_object(), names[i]);
}

std::string_view kind_name(std::uint32_t kind) {
  return kind < kKindNames.size() ? kKindNames[kind] : "unknown";
}

std::uint32_t kind_from(std::string_view name) {
  const auto* at = std::find(kKindNames.begin(), kKindNames.end(), name);
  return static_cast<std::uint32_t>(at - kKindNames.begin());
}

std::optional<std::uint32_t> adapter_from(std::string_view name) {
  const auto* at = std::find(kAdapterNames.begin(), kAdapterNames.end(), name);
  if (at == kAdapterNames.end()) return std::nullopt;
  return static_cast<std::uint32_t>(at - kAdapterNames.begin());
}

std::string_view adapter_name(std::uint32_t adapter) {
  return adapter < kAdapterNames.size() ? kAdapterNames[adapter] : "unknown";
}

}  // namespace

json::object to_json(const SwitchInfo& info) {
  return {{"name", info.name},         {"ports", info.ports},       {"fdb_size", info.fdb_size},
          {"fdb_used", info.fdb_used}, {"fdb_full", info.fdb_full}, {"ageing", info.fdb_ageing},
          {"exchange", info.exchange}};
}

json::object counters_json(const PortInfo& info) {
  return named(info.counters, kCounterNames);
}
json::object drops_json(const PortInfo& info) {
  return named(info.drops, kDropNames);
}

json::object to_json(const PortInfo& info) {
  json::object object{
      {"switch", info.switch_name},   {"name", info.name},         {"index", info.index},
      {"kind", kind_name(info.kind)}, {"tx_rings", info.tx_rings}, {"rx_rings", info.rx_rings},
      {"tx_slots", info.tx_slots},    {"rx_slots", info.rx_slots}, {"mem_id", info.mem_id},
      {"users", info.users},          {"link", info.link}};
  put_if(object, "ifindex", info.ifindex);
  if (info.adapter) object["adapter"] = adapter_name(*info.adapter);
  if (!info.owner.empty()) object["owner"] = info.owner;
  put_if(object, "poll_cpu", info.poll_cpu);
  put_unless_zero(object, "poll_cpus", info.poll_cpus);
  object["counters"] = counters_json(info);
  object["drops"] = drops_json(info);
  return object;
}

json::object to_json(const FdbEntry& entry) {
  json::object object{{"switch", entry.switch_name},
                      {"mac", format_mac(entry.mac)},
                      {"port", entry.port},
                      {"index", entry.port_index},
                      {"static", entry.is_static}};
  if (!entry.is_static) object["age"] = entry.age;
  return object;
}

json::object to_json(const Event& event) {
  json::object object{{"event", event.type}};
  if (!event.switch_name.empty()) object["switch"] = event.switch_name;
  if (!event.port.empty()) object["port"] = event.port;
  put_if(object, "index", event.index);
  put_if(object, "old_index", event.old_index);
  if (event.kind) object["kind"] = kind_name(*event.kind);
  if (event.mac) object["mac"] = format_mac(*event.mac);
  put_unless_zero(object, "events_lost", event.lost);
  return object;
}

json::object to_json(const PortPlace& place) {
  return {{"name", place.name}, {"bridge", place.bridge}, {"index", place.index}};
}

json::object to_json(const PortGeometry& g) {
  return {{"memsize", g.memsize},
          {"tx_slots", g.tx_slots},
          {"rx_slots", g.rx_slots},
          {"tx_rings", g.tx_rings},
          {"rx_rings", g.rx_rings},
          {"host_tx_rings", g.host_tx_rings},
          {"host_rx_rings", g.host_rx_rings},
          {"mem_id", g.mem_id}};
}

json::object to_json(const AttachRequest& request) {
  json::object object{{"name", request.name}};
  if (request.host) object["host"] = true;
  if (request.rx_rings) object["rx_rings"] = request.rx_rings->text();
  if (request.tx_rings) object["tx_rings"] = request.tx_rings->text();
  if (!request.prepare) object["prepare"] = false;
  put_unless_zero(object, "mem_id", request.mem_id);
  put_unless_zero(object, "tx_slots", request.tx_slots);
  put_unless_zero(object, "rx_slots", request.rx_slots);
  put_unless_zero(object, "tx_ring_count", request.tx_ring_count);
  put_unless_zero(object, "rx_ring_count", request.rx_ring_count);
  return object;
}

json::object to_json(const NewPort& request) {
  json::object object{{"name", request.name}};
  put_unless_zero(object, "tx_slots", request.tx_slots);
  put_unless_zero(object, "rx_slots", request.rx_slots);
  put_unless_zero(object, "tx_rings", request.tx_rings);
  put_unless_zero(object, "rx_rings", request.rx_rings);
  put_unless_zero(object, "mem_id", request.mem_id);
  if (!request.owner.empty()) object["owner"] = request.owner;
  return object;
}

json::object to_json(const SwitchSettings& settings) {
  json::object object{{"name", settings.name}};
  put_if(object, "fdb_size", settings.fdb_size);
  put_if(object, "ageing", settings.fdb_ageing);
  put_if(object, "exchange", settings.exchange);
  return object;
}

SwitchInfo switch_from_json(const json::object& o) {
  SwitchInfo info;
  info.name = text(o, "name");
  info.ports = number<std::uint32_t>(o, "ports");
  info.fdb_size = number<std::uint32_t>(o, "fdb_size");
  info.fdb_used = number<std::uint32_t>(o, "fdb_used");
  info.fdb_ageing = number<std::uint32_t>(o, "ageing");
  info.fdb_full = number<std::uint64_t>(o, "fdb_full");
  info.exchange = flag(o, "exchange");
  return info;
}

PortInfo port_from_json(const json::object& o) {
  PortInfo info;
  info.switch_name = text(o, "switch");
  info.name = text(o, "name");
  info.index = number<std::uint32_t>(o, "index");
  info.kind = kind_from(text(o, "kind"));
  info.ifindex = optional_number<std::uint32_t>(o, "ifindex");
  info.adapter = adapter_from(text(o, "adapter"));
  info.tx_rings = number<std::uint32_t>(o, "tx_rings");
  info.rx_rings = number<std::uint32_t>(o, "rx_rings");
  info.tx_slots = number<std::uint32_t>(o, "tx_slots");
  info.rx_slots = number<std::uint32_t>(o, "rx_slots");
  info.mem_id = number<std::uint32_t>(o, "mem_id");
  info.users = number<std::uint32_t>(o, "users");
  info.owner = text(o, "owner");
  info.link = flag(o, "link");
  info.poll_cpu = optional_number<std::uint32_t>(o, "poll_cpu");
  info.poll_cpus = number<std::uint32_t>(o, "poll_cpus");
  read_named(o, "counters", kCounterNames, info.counters);
  read_named(o, "drops", kDropNames, info.drops);
  return info;
}

FdbEntry fdb_entry_from_json(const json::object& o) {
  FdbEntry entry;
  entry.switch_name = text(o, "switch");
  entry.mac = parse_mac(text(o, "mac")).value_or(MacAddress{});
  entry.port_index = number<std::uint32_t>(o, "index");
  entry.port = text(o, "port");
  entry.is_static = flag(o, "static");
  entry.age = number<std::uint32_t>(o, "age");
  return entry;
}

Event event_from_json(const json::object& o) {
  Event event;
  event.type = text(o, "event");
  event.switch_name = text(o, "switch");
  event.port = text(o, "port");
  event.index = optional_number<std::uint32_t>(o, "index");
  event.old_index = optional_number<std::uint32_t>(o, "old_index");
  if (o.contains("kind")) event.kind = kind_from(text(o, "kind"));
  event.mac = parse_mac(text(o, "mac"));
  event.lost = number<std::uint64_t>(o, "events_lost");
  return event;
}

PortPlace place_from_json(const json::object& o) {
  return {text(o, "name"), number<std::uint32_t>(o, "bridge"), number<std::uint32_t>(o, "index")};
}

PortGeometry geometry_from_json(const json::object& o) {
  return {number<std::uint64_t>(o, "memsize"),       number<std::uint32_t>(o, "tx_slots"),
          number<std::uint32_t>(o, "rx_slots"),      number<std::uint32_t>(o, "tx_rings"),
          number<std::uint32_t>(o, "rx_rings"),      number<std::uint32_t>(o, "host_tx_rings"),
          number<std::uint32_t>(o, "host_rx_rings"), number<std::uint32_t>(o, "mem_id")};
}

}  // namespace vale
