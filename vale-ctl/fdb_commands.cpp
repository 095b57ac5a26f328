// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <ostream>

#include "lib/port_name.hpp"
#include "vale-ctl/commands.hpp"
#include "vale-ctl/output.hpp"

namespace vale_ctl {
namespace {

struct FdbOptions {
  std::string name;
  std::string mac;
};

vale::Result<vale::MacAddress> mac_of(const FdbOptions& options) {
  if (const auto mac = vale::parse_mac(options.mac)) return *mac;
  return vale::fail(
      vale::Errc::kInvalidValue, options.mac,
      fmt::format("'{}' is not a MAC address (for example 02:00:00:00:00:01)", options.mac));
}

vale::Result<void> done(Context& context, const FdbOptions& options, const std::string& text) {
  if (!context.json) {
    context.out << text << '\n';
    return {};
  }
  boost::json::object object{{"name", options.name}};
  if (!options.mac.empty()) object["mac"] = options.mac;
  print_json(context, object);
  return {};
}

vale::Result<void> list(Context& context, const FdbOptions& options) {
  std::string name;
  if (!options.name.empty()) {
    const auto parsed = vale::parse_switch_name(options.name);
    if (!parsed) return tl::unexpected(parsed.error());
    name = *parsed;
  }
  const auto control = context.control();
  if (!control) return tl::unexpected(control.error());
  const auto entries = (*control)->fdb(name);
  if (!entries) return tl::unexpected(entries.error());
  print_fdb(context, *entries);
  return {};
}

vale::Result<void> add(Context& context, const FdbOptions& options) {
  const auto mac = mac_of(options);
  if (!mac) return tl::unexpected(mac.error());
  const auto port = vale::parse_port_name(options.name);
  if (!port) return tl::unexpected(port.error());
  const auto control = context.control();
  if (!control) return tl::unexpected(control.error());
  vale::FdbEntry entry;
  entry.switch_name = port->switch_name;
  entry.mac = *mac;
  entry.port = options.name;
  entry.is_static = true;
  auto added = (*control)->fdb_add(entry);
  if (!added) return added;
  return done(context, options, fmt::format("{} lives on {}", options.mac, options.name));
}

vale::Result<void> remove(Context& context, const FdbOptions& options) {
  const auto mac = mac_of(options);
  if (!mac) return tl::unexpected(mac.error());
  const auto name = vale::parse_switch_name(options.name);
  if (!name) return tl::unexpected(name.error());
  const auto control = context.control();
  if (!control) return tl::unexpected(control.error());
  auto removed = (*control)->fdb_delete(*name, *mac);
  if (!removed) return removed;
  return done(context, options, fmt::format("{} deleted from {}", options.mac, *name));
}

vale::Result<void> flush(Context& context, const FdbOptions& options) {
  const auto control = context.control();
  if (!control) return tl::unexpected(control.error());
  auto flushed = (*control)->fdb_flush(options.name);
  if (!flushed) return flushed;
  return done(context, options, fmt::format("learned addresses of {} forgotten", options.name));
}

void declare_change(CLI::App& command, FdbOptions& options, const char* help) {
  command.add_option("NAME", options.name, help)->required();
  command.add_option("MAC", options.mac, "for example 02:00:00:00:00:01")->required();
}

}  // namespace

void add_fdb_commands(const Registry& r) {
  auto* noun = r.app.add_subcommand("fdb", "forwarding tables");
  noun->require_subcommand(1);
  noun->fallthrough();
  r.add<FdbOptions>(
      *noun, "list", "list the addresses of all switches, or of one",
      [](CLI::App& c, FdbOptions& o) { c.add_option("SWITCH", o.name, "for example vale0"); },
      list);
  r.add<FdbOptions>(
      *noun, "add", "tie an address to a port for good",
      [](CLI::App& c, FdbOptions& o) { declare_change(c, o, "port, for example vale0:eth0"); },
      add);
  r.add<FdbOptions>(
      *noun, "del", "delete an address",
      [](CLI::App& c, FdbOptions& o) { declare_change(c, o, "switch, for example vale0"); },
      remove);
  r.add<FdbOptions>(
      *noun, "flush", "forget the learned addresses of a switch or port",
      [](CLI::App& c, FdbOptions& o) {
        c.add_option("NAME", o.name, "vale0 or vale0:eth0")->required();
      },
      flush);
}

}  // namespace vale_ctl
