// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/link_events.hpp"
#include "valed/metrics_server.hpp"
#include "valed/server.hpp"

namespace valed {

/// The running valed: event loop, signals, kernel events, service manager.
class Daemon {
 public:
  struct Addresses {
    std::string socket;
    std::vector<std::string> metrics;  // socket paths, or loopback addresses
    bool any_user = false;             // may connect, not only the group
  };

  Daemon(vale::Kernel& kernel, NicSettings& settings, const Paths& paths,
         std::optional<gid_t> group);

  /// Returns when asked to end by SIGTERM or SIGINT.
  vale::Result<void> run(const Addresses& addresses);

 private:
  asio::awaitable<void> watch_signals();
  asio::awaitable<void> pump_events();
  asio::awaitable<void> read_events(std::unique_ptr<vale::EventSource> source);
  asio::awaitable<void> watch_links();
  asio::awaitable<bool> read_links(vale::LinkSource& source);
  asio::awaitable<void> retry_when_due();
  void reload();
  vale::Result<void> serve_metrics(const std::string& address);
  /// There may be another time for retry_when_due() to wait for.
  void rearm() { due_.cancel(); }
  asio::awaitable<void> feed_watchdog(std::uint64_t period_us);
  void stop();

  std::optional<gid_t> group_;
  asio::io_context io_{1};
  vale::Kernel& kernel_;
  Limits limits_;
  EventHub hub_;
  Engine engine_;
  Service service_;
  asio::signal_set signals_;
  asio::steady_timer retry_;
  asio::steady_timer due_;
  asio::steady_timer watchdog_;
  vale::LinkTable links_;
  std::unique_ptr<Server> server_;
  std::vector<std::unique_ptr<MetricsServer>> metrics_;
  std::vector<std::string> own_sockets_;  // to be removed at the end
  bool stopping_ = false;
};

}  // namespace valed
