// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/commands.hpp"

#include <algorithm>
#include <ostream>

#include "vale-ctl/legacy.hpp"

namespace vale_ctl {
namespace {

constexpr const char* kFooter =
    "The historical options -a -h -d -l -g -n -r -C -m -v work as ever, and so does no argument at "
    "all (list);\n"
    "see vale-ctl(8). Exit status: 0 done, 1 failed, 2 wrong usage, 4 not permitted.";

int run_commands(Context& context, std::vector<std::string> arguments) {
  CLI::App app("Manages the VALE switches of this machine.", "vale-ctl");
  Action chosen;
  app.set_help_flag("--help", "show this");
  app.set_version_flag("--version", "vale-ctl " VALE_VERSION);
  app.add_option("--socket", context.socket, "where valed listens")->capture_default_str();
  app.add_flag("--json", context.json, "print JSON");
  app.add_flag("--direct", context.direct,
               "ask the kernel, not valed (for root; NICs are not prepared)");
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
  const Registry registry{app, chosen};
  add_port_commands(registry);
  add_switch_commands(registry);
  add_fdb_commands(registry);
  add_topology_commands(registry);
  add_daemon_commands(registry);
  add_top_command(registry);
  try {
    std::reverse(arguments.begin(), arguments.end());
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& e) {
    return app.exit(e, context.out, context.err) == 0 ? kOk : kUsage;
  }
  const auto done = chosen(context);
  return done ? kOk : report(context, done.error());
}

}  // namespace

int run(Context& context, const std::vector<std::string>& arguments) {
  return is_legacy(arguments) ? run_legacy(context, arguments) : run_commands(context, arguments);
}

}  // namespace vale_ctl
