// SPDX-License-Identifier: BSD-2-Clause
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "lib/daemon_control.hpp"
#include "lib/system_kernel.hpp"
#include "valed/daemon.hpp"
#include "valed/log.hpp"
#include "valed/system_nic.hpp"

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kNotPermitted = 4;

struct Options {
  valed::Daemon::Addresses addresses{vale::kDefaultSocket, {"/run/vale/metrics.sock"}, false};
  valed::Paths paths;
  std::string group = "vale";
  bool foreground = false;
  bool verbose = false;
};

int serve(const Options& options) {
  valed::set_up_log(options.foreground, options.verbose);
  const auto group = valed::find_group(options.group.c_str());
  if (!group) spdlog::warn("there is no group {}: only root may connect", options.group);
  vale::SystemKernel kernel;
  valed::SystemNic nics;
  valed::Daemon daemon(kernel, nics, options.paths, group);
  const auto done = daemon.run(options.addresses);
  if (done) return 0;
  spdlog::error("{}", done.error().context);
  const int err = done.error().errnum();
  return err == EACCES || err == EPERM ? kNotPermitted : kFailed;
}

}  // namespace

int main(int argc, char** argv) try {
  Options options;
  CLI::App app("The daemon that manages the VALE switches of this machine.", "valed");
  app.set_version_flag("--version", "valed " VALE_VERSION);
  app.add_option("--socket", options.addresses.socket,
                 "listen here, unless systemd passes a socket")
      ->capture_default_str();
  app.add_option("--config", options.paths.config.file,
                 "what is wanted; its drop-ins are beside it, in a directory ending in .d")
      ->capture_default_str();
  app.add_option("--permanent", options.paths.config.permanent,
                 "where `vale-ctl --permanent` is remembered")
      ->capture_default_str();
  app.add_option("--topology", options.paths.state,
                 "where the wanted topology is kept for the next valed")
      ->capture_default_str();
  app.add_option("--state", options.paths.nics,
                 "where NIC settings are kept while NICs are attached")
      ->capture_default_str();
  app.add_option("--metrics", options.addresses.metrics,
                 "serve Prometheus here: a socket's path, or a loopback address as 127.0.0.1:9560")
      ->capture_default_str();
  app.add_flag("--any-user", options.addresses.any_user,
               "let every user connect, not only the group: [[access]] and the owners of ports say "
               "what they may");
  app.add_option("--group", options.group, "whose members may change things")
      ->capture_default_str();
  app.add_flag("--foreground", options.foreground, "log with time stamps, not for the journal");
  app.add_flag("--verbose", options.verbose, "log refused calls as well");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : kUsage;
  }
  return serve(options);
} catch (const std::exception& e) {
  std::cerr << "valed: " << e.what() << '\n';
  return kFailed;
}
