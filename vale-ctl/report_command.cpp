// SPDX-License-Identifier: BSD-2-Clause
// report: everything a bug report needs. No addresses of hosts: those of the forwarding tables are
// left out.
#include <sys/utsname.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>

#include "lib/port_name.hpp"
#include "vale-ctl/commands.hpp"
#include "vale-ctl/output.hpp"

namespace vale_ctl {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

json::object machine() {
  utsname names{};
  if (::uname(&names) != 0) return {};
  return {{"kernel", names.release},
          {"build", names.version},
          {"architecture", names.machine},
          {"module", first_line("/sys/module/vale/srcversion")},
          {"taint", first_line("/proc/sys/kernel/tainted")}};
}

/// What of a network device decides how it behaves on a switch.
json::object device(const std::string& name) {
  const fs::path base = fs::path("/sys/class/net") / name;
  std::error_code ignored;
  return {{"name", name},
          {"driver", fs::read_symlink(base / "device/driver", ignored).filename().string()},
          {"master", fs::read_symlink(base / "master", ignored).filename().string()},
          {"mtu", first_line(base / "mtu")},
          {"flags", first_line(base / "flags")},
          {"state", first_line(base / "operstate")}};
}

json::array devices_of(const json::object& reply) {
  json::array list;
  const auto* ports = reply.if_contains("ports");
  if (ports == nullptr || !ports->is_array()) return list;
  for (const auto& port : ports->as_array()) {
    const auto info = port.is_object() ? vale::port_from_json(port.as_object()) : vale::PortInfo{};
    const auto name = vale::parse_port_name(info.name);
    if (name && !name->host_side && info.ifindex) list.push_back(device(name->port));
  }
  return list;
}

vale::Result<void> report_all(Context& context) {
  json::object all{{"vale-ctl", VALE_VERSION}, {"machine", machine()}};
  auto client = context.client(context.socket);
  if (!client) {
    all["valed"] = client.error().context;
    print_json(context, all);
    return {};
  }
  for (const char* method : {"Status", "ListSwitches", "List", "GetTopology"}) {
    const auto reply = (*client)->call(std::string("io.vale.Switch.") + method, {});
    if (reply) {
      all[method] = *reply;
    } else {
      all[method] = reply.error().context;
    }
  }
  if (all["List"].is_object()) all["devices"] = devices_of(all["List"].as_object());
  print_json(context, all);
  return {};
}

}  // namespace

void add_report_command(const Registry& registry, CLI::App& parent) {
  registry.add(parent, "report", "all that a bug report needs, as JSON", report_all);
}

}  // namespace vale_ctl
