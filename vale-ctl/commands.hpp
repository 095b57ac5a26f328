// SPDX-License-Identifier: BSD-2-Clause
// The noun-verb commands. Each file registers its own under the application, and leaves in the
// chosen slot what to do once parsing is over.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vale-ctl/context.hpp"

namespace vale_ctl {

using Action = std::function<vale::Result<void>(Context&)>;

/// Where the command that was parsed leaves its action.
struct Registry {
  CLI::App& app;
  Action& chosen;

  /// A command whose @p run gets the options struct that @p declare tied to it.
  template <class Options, class Declare, class Run>
  void add(CLI::App& parent, const std::string& name, const std::string& help, Declare declare,
           Run run) const {
    auto* command = parent.add_subcommand(name, help);
    auto options = std::make_shared<Options>();
    declare(*command, *options);
    Action& slot = chosen;
    command->final_callback([options, run, &slot] {
      slot = [options, run](Context& context) { return run(context, *options); };
    });
  }

  /// A command without options.
  void add(CLI::App& parent, const std::string& name, const std::string& help,
           const Action& run) const {
    Action& slot = chosen;
    parent.add_subcommand(name, help)->final_callback([run, &slot] { slot = run; });
  }
};

void add_port_commands(const Registry& registry);
void add_switch_commands(const Registry& registry);
void add_fdb_commands(const Registry& registry);
void add_topology_commands(const Registry& registry);
void add_daemon_commands(const Registry& registry);
void add_top_command(const Registry& registry);
void add_report_command(const Registry& registry, CLI::App& parent);

/// All of it: historical options or commands. Returns the exit status.
int run(Context& context, const std::vector<std::string>& arguments);

}  // namespace vale_ctl
