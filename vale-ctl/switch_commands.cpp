// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include <ostream>

#include "lib/port_name.hpp"
#include "vale-ctl/commands.hpp"
#include "vale-ctl/output.hpp"

namespace vale_ctl {
namespace {

struct SwitchOptions {
  std::string name;
  std::optional<std::uint32_t> fdb_size;
  std::optional<std::uint32_t> ageing;
  std::optional<bool> exchange;
  bool permanent = false;
};

vale::Result<void> list(Context& context) {
  const auto control = context.control();
  if (!control) return tl::unexpected(control.error());
  const auto switches = (*control)->switches();
  if (!switches) return tl::unexpected(switches.error());
  print_switches(context, *switches);
  return {};
}

vale::Result<void> done(Context& context, const std::string& name, const char* what) {
  if (context.json) {
    print_json(context, {{"name", name}});
  } else {
    context.out << fmt::format("{} {}\n", name, what);
  }
  return {};
}

vale::Result<void> apply(Context& context, const SwitchOptions& options, bool create) {
  const auto name = vale::parse_switch_name(options.name);
  if (!name) return tl::unexpected(name.error());
  const auto control = context.control(options.permanent);
  if (!control) return tl::unexpected(control.error());
  auto set =
      (*control)->set_switch({*name, create, options.fdb_size, options.ageing, options.exchange});
  if (!set) return set;
  return done(context, *name, create ? "created" : "changed");
}

vale::Result<void> remove(Context& context, const SwitchOptions& options) {
  const auto name = vale::parse_switch_name(options.name);
  if (!name) return tl::unexpected(name.error());
  const auto control = context.control(options.permanent);
  if (!control) return tl::unexpected(control.error());
  auto gone = (*control)->delete_switch(*name);
  if (!gone) return gone;
  return done(context, *name, "goes away with its last port");
}

void declare_name(CLI::App& command, SwitchOptions& options) {
  command.add_option("SWITCH", options.name, "for example vale0")->required();
  command.add_flag("--permanent", options.permanent, "also after a reboot");
}

void declare_settings(CLI::App& command, SwitchOptions& options) {
  declare_name(command, options);
  command.add_option("--fdb-size", options.fdb_size,
                     "entries of the forwarding table, a power of two, 64 to 1048576 (8192)");
  command.add_option("--ageing", options.ageing, "seconds until an address is forgotten, 0: never");
  command.add_option("--exchange", options.exchange,
                     "on: ports of one memory region exchange buffers instead of copying (off)");
}

}  // namespace

void add_switch_commands(const Registry& r) {
  auto* noun = r.app.add_subcommand("switch", "switches and their settings");
  noun->require_subcommand(1);
  noun->fallthrough();
  r.add(*noun, "list", "list switches", list);
  r.add<SwitchOptions>(*noun, "create", "make a switch that stays while empty", declare_settings,
                       [](Context& c, const SwitchOptions& o) { return apply(c, o, true); });
  r.add<SwitchOptions>(*noun, "set", "change the settings of a switch", declare_settings,
                       [](Context& c, const SwitchOptions& o) { return apply(c, o, false); });
  r.add<SwitchOptions>(*noun, "delete", "let a switch go when it is empty", declare_name, remove);
}

}  // namespace vale_ctl
