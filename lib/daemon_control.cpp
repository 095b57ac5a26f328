// SPDX-License-Identifier: BSD-2-Clause
#include "lib/daemon_control.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "lib/model_json.hpp"

namespace vale {
namespace json = boost::json;
namespace {

const std::string kInterface = "io.vale.Switch.";

const json::object& member_object(const json::object& reply, std::string_view key) {
  static const json::object kEmpty;
  const auto* value = reply.if_contains(key);
  return value != nullptr && value->is_object() ? value->as_object() : kEmpty;
}

std::uint32_t member_index(const json::object& reply) {
  const auto* value = reply.if_contains("index");
  json::error_code err;
  return value != nullptr && value->is_number() ? value->to_number<std::uint32_t>(err) : 0;
}

template <class T>
std::vector<T> member_list(const json::object& reply, std::string_view key,
                           T (*read)(const json::object&)) {
  std::vector<T> list;
  const auto* value = reply.if_contains(key);
  if (value == nullptr || !value->is_array()) return list;
  for (const auto& item : value->as_array()) {
    if (item.is_object()) list.push_back(read(item.as_object()));
  }
  return list;
}

std::vector<std::string> member_strings(const json::object& reply, std::string_view key) {
  std::vector<std::string> list;
  const auto* value = reply.if_contains(key);
  if (value == nullptr || !value->is_array()) return list;
  for (const auto& item : value->as_array()) {
    if (item.is_string()) list.emplace_back(item.as_string());
  }
  return list;
}

json::object optional_switch(const std::string& name) {
  json::object parameters;
  if (!name.empty()) parameters["switch"] = name;
  return parameters;
}

}  // namespace

Result<json::object> DaemonControl::call(const std::string& method, json::object parameters) {
  return daemon_->call(kInterface + method, std::move(parameters));
}

Result<void> DaemonControl::command(const std::string& method, json::object parameters) {
  return call(method, std::move(parameters)).map([](const json::object&) {});
}

/// Parameters of a method that can be permanent.
json::object DaemonControl::lasting(json::object parameters) const {
  if (permanent_) parameters["permanent"] = true;
  return parameters;
}

Result<AttachResult> DaemonControl::attach(const AttachRequest& request) {
  return call("Attach", lasting(to_json(request))).map([](const json::object& reply) {
    return AttachResult{member_index(reply), member_strings(reply, "prepared")};
  });
}

Result<std::uint32_t> DaemonControl::detach(const std::string& name) {
  return call("Detach", lasting({{"name", name}})).map(member_index);
}

Result<PortPlace> DaemonControl::find(const std::string& name) {
  const auto reply = call("Places", {{"name", name}});
  if (!reply) return tl::unexpected(reply.error());
  const auto list = member_list(*reply, "places", place_from_json);
  if (!list.empty()) return list.front();
  return fail(Errc::kNoSuchPort, name, "there is no port " + name);
}

Result<std::vector<PortPlace>> DaemonControl::places() {
  return call("Places", {}).map([](const json::object& reply) {
    return member_list(reply, "places", place_from_json);
  });
}

Result<PortGeometry> DaemonControl::geometry(const std::string& name) {
  return call("Geometry", {{"name", name}}).map([](const json::object& reply) {
    return geometry_from_json(member_object(reply, "geometry"));
  });
}

Result<PortGeometry> DaemonControl::create_port(const NewPort& request) {
  return call("CreatePort", lasting(to_json(request))).map([](const json::object& reply) {
    return geometry_from_json(member_object(reply, "geometry"));
  });
}

Result<void> DaemonControl::delete_port(const std::string& name) {
  return command("DeletePort", lasting({{"name", name}}));
}

Result<UniqueFd> DaemonControl::open_port(const std::string& name) {
  return daemon_->call_for_descriptor(kInterface + "OpenPort", {{"name", name}});
}

Result<std::vector<SwitchInfo>> DaemonControl::switches() {
  return call("ListSwitches", {}).map([](const json::object& reply) {
    return member_list(reply, "switches", switch_from_json);
  });
}

Result<void> DaemonControl::set_switch(const SwitchSettings& settings) {
  return command(settings.create ? "SwitchCreate" : "SwitchSet", lasting(to_json(settings)));
}

Result<void> DaemonControl::delete_switch(const std::string& name) {
  return command("SwitchDelete", lasting({{"name", name}}));
}

Result<std::vector<PortInfo>> DaemonControl::ports(const std::string& switch_name) {
  return call("List", optional_switch(switch_name)).map([](const json::object& reply) {
    return member_list(reply, "ports", port_from_json);
  });
}

Result<PortInfo> DaemonControl::port(const std::string& name) {
  return call("Show", {{"name", name}}).map([](const json::object& reply) {
    return port_from_json(member_object(reply, "port"));
  });
}

Result<std::vector<FdbEntry>> DaemonControl::fdb(const std::string& switch_name) {
  std::vector<FdbEntry> all;
  const auto done = daemon_->stream(
      kInterface + "FdbList", optional_switch(switch_name), [&](const json::object& reply) {
        auto part = member_list(reply, "entries", fdb_entry_from_json);
        all.insert(all.end(), part.begin(), part.end());
        return true;
      });
  if (!done) return tl::unexpected(done.error());
  return all;
}

Result<void> DaemonControl::fdb_add(const FdbEntry& entry) {
  return command(
      "FdbAdd",
      {{"switch", entry.switch_name}, {"mac", format_mac(entry.mac)}, {"port", entry.port}});
}

Result<void> DaemonControl::fdb_delete(const std::string& switch_name, const MacAddress& mac) {
  return command("FdbDelete", {{"switch", switch_name}, {"mac", format_mac(mac)}});
}

Result<void> DaemonControl::fdb_flush(const std::string& name) {
  return command("FdbFlush", {{"name", name}});
}

Result<void> DaemonControl::watch(const std::string& switch_name,
                                  const std::function<bool(const Event&)>& sink) {
  return daemon_->stream(kInterface + "Watch", optional_switch(switch_name),
                         [&sink](const json::object& reply) {
                           return sink(event_from_json(member_object(reply, "event")));
                         });
}

}  // namespace vale
