// SPDX-License-Identifier: BSD-2-Clause
// Topologies as JSON: in valed's state file and in replies.
#include <boost/json/value.hpp>
#include <limits>

#include "lib/json_put.hpp"
#include "lib/topology.hpp"

namespace vale {
namespace json = boost::json;
namespace {

/// Takes members out of an object; good() is false once one had another type.
class Reader {
 public:
  explicit Reader(const json::object& object) : object_(object) {}

  template <class T>
  void number(std::string_view key, T& out) {
    const auto* value = object_.if_contains(key);
    if (value == nullptr) return;
    json::error_code err;
    const auto n = value->is_number() ? value->to_number<std::uint64_t>(err) : std::uint64_t{0};
    good_ = good_ && value->is_number() && !err && n <= std::numeric_limits<T>::max();
    out = static_cast<T>(n);
  }
  void flag(std::string_view key, bool& out) {
    const auto* value = object_.if_contains(key);
    if (value == nullptr) return;
    good_ = good_ && value->is_bool();
    if (value->is_bool()) out = value->as_bool();
  }
  std::string text(std::string_view key) {
    const auto* value = object_.if_contains(key);
    if (value == nullptr) return "";
    good_ = good_ && value->is_string();
    return value->is_string() ? std::string(value->as_string()) : "";
  }
  void rings(std::string_view key, std::optional<RingSet>& out) {
    const auto set = text(key);
    if (set.empty()) return;
    const auto parsed = RingSet::parse(set);
    good_ = good_ && parsed.has_value();
    if (parsed) out = *parsed;
  }
  /// The members of a member that is an object.
  template <class Visit>
  void each(std::string_view key, Visit visit) {
    const auto* value = object_.if_contains(key);
    good_ = good_ && value != nullptr && value->is_object();
    if (!good_) return;
    for (const auto& item : value->as_object()) {
      good_ = good_ && item.value().is_object();
      if (good_) good_ = visit(std::string(item.key()), item.value().as_object());
    }
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  const json::object& object_;
  bool good_ = true;
};

bool read_switch(const json::object& object, SwitchSpec& spec) {
  Reader reader(object);
  reader.number("fdb_size", spec.fdb_size);
  reader.number("ageing", spec.ageing);
  reader.flag("exchange", spec.exchange);
  return reader.good();
}

bool read_port(const json::object& object, PortSpec& spec) {
  Reader reader(object);
  const auto type = reader.text("type");
  spec.type = type == "persistent" ? PortType::kPersistent : PortType::kNic;
  spec.switch_name = reader.text("switch");
  reader.flag("host", spec.host);
  reader.flag("prepare", spec.prepare);
  reader.rings("rx_rings", spec.rx_rings);
  reader.rings("tx_rings", spec.tx_rings);
  reader.number("tx_slots", spec.tx_slots);
  reader.number("rx_slots", spec.rx_slots);
  reader.number("tx_ring_count", spec.tx_ring_count);
  reader.number("rx_ring_count", spec.rx_ring_count);
  spec.owner = reader.text("owner");
  return reader.good() && (type == "nic" || type == "persistent");
}

}  // namespace

json::object to_json(const SwitchSpec& spec) {
  return {{"fdb_size", spec.fdb_size}, {"ageing", spec.ageing}, {"exchange", spec.exchange}};
}

json::object to_json(const PortSpec& spec) {
  const bool nic = spec.type == PortType::kNic;
  json::object object{{"type", nic ? "nic" : "persistent"}};
  if (!spec.switch_name.empty()) object["switch"] = spec.switch_name;
  if (nic) {
    object["host"] = spec.host;
    object["prepare"] = spec.prepare;
  }
  if (spec.rx_rings) object["rx_rings"] = spec.rx_rings->text();
  if (spec.tx_rings) object["tx_rings"] = spec.tx_rings->text();
  put_unless_zero(object, "tx_slots", spec.tx_slots);
  put_unless_zero(object, "rx_slots", spec.rx_slots);
  put_unless_zero(object, "tx_ring_count", spec.tx_ring_count);
  put_unless_zero(object, "rx_ring_count", spec.rx_ring_count);
  if (!spec.owner.empty()) object["owner"] = spec.owner;
  return object;
}

json::object to_json(const Topology& topology) {
  json::object switches;
  json::object ports;
  for (const auto& [name, spec] : topology.switches) switches[name] = to_json(spec);
  for (const auto& [device, spec] : topology.ports) ports[device] = to_json(spec);
  return {{"switches", std::move(switches)}, {"ports", std::move(ports)}};
}

Result<Topology> topology_from_json(const json::object& object) {
  Topology topology;
  Reader reader(object);
  reader.each("switches", [&](const std::string& name, const json::object& o) {
    return read_switch(o, topology.switches[name]);
  });
  reader.each("ports", [&](const std::string& device, const json::object& o) {
    return read_port(o, topology.ports[device]);
  });
  if (reader.good()) return topology;
  return fail(Errc::kProtocol, "topology", "this is not a topology");
}

}  // namespace vale
