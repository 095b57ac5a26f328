// SPDX-License-Identifier: BSD-2-Clause
// attach, detach, list, show, create, delete, open, stats.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <ostream>

#include "lib/port_name.hpp"
#include "vale-ctl/commands.hpp"
#include "vale-ctl/output.hpp"

namespace vale_ctl {
namespace {

struct AttachOptions {
  std::string name;
  bool host = false;
  bool unprepared = false;
  bool permanent = false;
  std::string rx;
  std::string tx;
  std::uint16_t mem_id = 0;
};

struct NameOption {
  std::string name;
  bool permanent = false;
};

struct OpenOptions {
  std::string name;
  std::vector<std::string> command;
};

struct CreateOptions {
  vale::NewPort port;
  bool permanent = false;
};

vale::Result<std::optional<vale::RingSet>> ring_set(const std::string& text) {
  if (text.empty()) return std::optional<vale::RingSet>();
  return vale::RingSet::parse(text).map(
      [](const vale::RingSet& set) { return std::optional(set); });
}

vale::Result<void> attach(Context& context, const AttachOptions& options) {
  const auto name = vale::parse_port_name(options.name);
  if (!name) return tl::unexpected(name.error());
  const auto rx = ring_set(options.rx);
  if (!rx) return tl::unexpected(rx.error());
  const auto tx = ring_set(options.tx);
  if (!tx) return tl::unexpected(tx.error());
  const auto control = context.control(options.permanent);
  if (!control) return tl::unexpected(control.error());
  vale::AttachRequest request;
  request.name = options.name;
  request.host = options.host;
  request.prepare = !options.unprepared;
  request.rx_rings = *rx;
  request.tx_rings = *tx;
  request.mem_id = options.mem_id;
  auto done = (*control)->attach(request);
  if (!done) return tl::unexpected(done.error());
  if (context.json) {
    boost::json::array prepared;
    for (const auto& change : done->prepared) prepared.emplace_back(change);
    print_json(context, {{"name", options.name}, {"index", done->index}, {"prepared", prepared}});
    return {};
  }
  context.out << fmt::format("{} attached, port index {}\n", options.name, done->index);
  for (const auto& change : done->prepared) {
    context.out << fmt::format("  {}: {} (until detached)\n", name->port, change);
  }
  return {};
}

vale::Result<void> detach(Context& context, const NameOption& options) {
  const auto control = context.control(options.permanent);
  if (!control) return tl::unexpected(control.error());
  const auto index = (*control)->detach(options.name);
  if (!index) return tl::unexpected(index.error());
  if (context.json) {
    print_json(context, {{"name", options.name}, {"index", *index}});
  } else {
    context.out << fmt::format("{} detached\n", options.name);
  }
  return {};
}

template <class Print>
vale::Result<void> with_ports(Context& context, const std::string& name, Print print) {
  const auto control = context.control();
  if (!control) return tl::unexpected(control.error());
  if (vale::looks_like_switch_port(name) && !name.ends_with(':')) {
    const auto one = (*control)->port(name);
    if (!one) return tl::unexpected(one.error());
    print(context, std::vector{*one});
    return {};
  }
  std::string switch_name;
  if (!name.empty()) {
    const auto parsed = vale::parse_switch_name(name);
    if (!parsed) return tl::unexpected(parsed.error());
    switch_name = *parsed;
  }
  const auto ports = (*control)->ports(switch_name);
  if (!ports) return tl::unexpected(ports.error());
  print(context, *ports);
  return {};
}

vale::Result<void> list(Context& context, const NameOption& options) {
  return with_ports(context, options.name, print_ports);
}

vale::Result<void> stats(Context& context, const NameOption& options) {
  // A network device that programs have open is on no switch.
  if (!options.name.empty() && !options.name.starts_with("vale")) {
    const auto control = context.control();
    if (!control) return tl::unexpected(control.error());
    const auto port = (*control)->port(options.name);
    if (!port) return tl::unexpected(port.error());
    print_stats(context, {*port});
    return {};
  }
  return with_ports(context, options.name, print_stats);
}

vale::Result<void> show(Context& context, const NameOption& options) {
  const auto control = context.control();
  if (!control) return tl::unexpected(control.error());
  if (!vale::looks_like_switch_port(options.name)) {
    const auto geometry = (*control)->geometry(options.name);
    if (!geometry) return tl::unexpected(geometry.error());
    const auto open = (*control)->port(options.name);
    if (open) {
      print_open_device(context, options.name, *geometry, *open);
    } else {
      print_geometry(context, options.name, *geometry);
    }
    return {};
  }
  const auto port = (*control)->port(options.name);
  if (!port) return tl::unexpected(port.error());
  print_port(context, *port);
  return {};
}

vale::Result<void> create(Context& context, const CreateOptions& options) {
  if (context.direct && !options.port.owner.empty()) {
    return vale::fail(vale::Errc::kInvalidValue, "--owner",
                      "--owner needs valed: leave out --direct");
  }
  const auto control = context.control(options.permanent);
  if (!control) return tl::unexpected(control.error());
  const auto& request = options.port;
  const auto made = context.direct ? vale::create_and_attach(**control, request)
                                   : (*control)->create_port(request);
  if (!made) return tl::unexpected(made.error());
  print_geometry(context, request.name, *made);
  return {};
}

vale::Result<void> remove(Context& context, const NameOption& options) {
  const auto control = context.control(options.permanent);
  if (!control) return tl::unexpected(control.error());
  auto done = context.direct ? vale::detach_and_delete(**control, options.name)
                             : (*control)->delete_port(options.name);
  if (!done) return done;
  if (context.json) {
    print_json(context, {{"name", options.name}});
  } else {
    context.out << fmt::format("{} deleted\n", options.name);
  }
  return {};
}

/// Only returns if the command cannot be run.
vale::Result<void> open(Context& context, const OpenOptions& options) {
  const auto control = context.control();
  if (!control) return tl::unexpected(control.error());
  const auto descriptor = (*control)->open_port(options.name);
  if (!descriptor) return tl::unexpected(descriptor.error());
  std::vector<char*> arguments;
  for (const auto& argument : options.command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  const std::string number = std::to_string(descriptor->get());
  if (::fcntl(descriptor->get(), F_SETFD, 0) != 0 ||
      ::setenv("NETMAP_FD", number.c_str(), 1) != 0) {
    return vale::fail_errno(errno, options.name, "cannot pass " + options.name + " on");
  }
  ::execvp(arguments.front(), arguments.data());
  return vale::fail_errno(errno, options.command.front(), "cannot run " + options.command.front());
}

void declare_permanent(CLI::App& command, bool& permanent) {
  command.add_flag("--permanent", permanent, "also after a reboot");
}

void one_name(CLI::App& command, NameOption& options, const char* help) {
  command.add_option("NAME", options.name, help)->required();
}

void declare_attach(CLI::App& command, AttachOptions& options) {
  command.add_option("NAME", options.name, "switch and NIC, for example vale0:eth0")->required();
  command.add_flag("--host", options.host, "the NIC's host stack joins as well, as vale0:eth0^");
  command.add_option("--rx-rings", options.rx,
                     "receive rings that join: all, none, or for example 0,2,5-7");
  command.add_option(
      "--tx-rings", options.tx,
      "transmit rings that join; if only one of the two is given, the other is none");
  command.add_option("--mem-id", options.mem_id, "memory region");
  command.add_flag("--no-prepare", options.unprepared, "leave promiscuous mode and offloads alone");
  declare_permanent(command, options.permanent);
}

void declare_create(CLI::App& command, CreateOptions& options) {
  auto& request = options.port;
  command.add_option("PORT", request.name, "vi0, or vale0:vi0 to attach it as well")->required();
  command.add_option("--tx-slots", request.tx_slots, "slots of a transmit ring (1024)");
  command.add_option("--rx-slots", request.rx_slots, "slots of a receive ring (1024)");
  command.add_option("--tx-rings", request.tx_rings, "transmit rings (1)");
  command.add_option("--rx-rings", request.rx_rings, "receive rings (1)");
  command.add_option("--mem-id", request.mem_id, "memory region (a new one)");
  command.add_option("--owner", request.owner,
                     "the user who may open it with `vale-ctl port open`, by name or number");
  declare_permanent(command, options.permanent);
}

void declare_open(CLI::App& command, OpenOptions& options) {
  command.add_option("NAME", options.name, "for example vale0:vi0")->required();
  command.add_option("COMMAND", options.command, "after --: the command and its arguments")
      ->required();
}

/// The same commands at the top and under "port".
void add_all(const Registry& r, CLI::App& parent) {
  r.add<AttachOptions>(parent, "attach", "attach a NIC to a switch", declare_attach, attach);
  r.add<NameOption>(
      parent, "detach", "take a NIC from its switch, as it was before",
      [](CLI::App& c, NameOption& o) {
        one_name(c, o, "for example vale0:eth0");
        declare_permanent(c, o.permanent);
      },
      detach);
  r.add<NameOption>(
      parent, "list", "list the ports of all switches, or of one",
      [](CLI::App& c, NameOption& o) { c.add_option("SWITCH", o.name, "for example vale0"); },
      list);
  r.add<NameOption>(
      parent, "show", "show one port, or what a NIC offers",
      [](CLI::App& c, NameOption& o) { one_name(c, o, "vale0:eth0 or eth0"); }, show);
  r.add<CreateOptions>(parent, "create", "make a persistent port", declare_create, create);
  r.add<NameOption>(
      parent, "delete", "remove a persistent port",
      [](CLI::App& c, NameOption& o) {
        one_name(c, o, "vi0, or vale0:vi0 to detach it first");
        declare_permanent(c, o.permanent);
      },
      remove);
}

}  // namespace

void add_port_commands(const Registry& registry) {
  add_all(registry, registry.app);
  auto* port = registry.app.add_subcommand("port", "the same, under their noun");
  port->require_subcommand(1);
  port->fallthrough();
  add_all(registry, *port);
  registry.add<OpenOptions>(*port, "open",
                            "run a command that may open that persistent port and no other",
                            declare_open, open);
  registry.add<NameOption>(
      registry.app, "stats", "packets, bytes and drops by reason",
      [](CLI::App& c, NameOption& o) {
        c.add_option("NAME", o.name, "vale0, vale0:eth0, or eth0 that programs have open");
      },
      stats);
}

}  // namespace vale_ctl
