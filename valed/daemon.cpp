// SPDX-License-Identifier: BSD-2-Clause
#include "valed/daemon.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <csignal>

#include "valed/listen_socket.hpp"

namespace valed {
namespace {

constexpr std::chrono::seconds kKernelRetry{2};

void notify(const std::string& state) {
  (void)::sd_notify(0, state.c_str());
}

std::chrono::steady_clock::time_point now() {
  return std::chrono::steady_clock::now();
}

}  // namespace

Daemon::Daemon(vale::Kernel& kernel, NicSettings& settings, std::string state_directory,
               std::optional<gid_t> group)
    : group_(group),
      kernel_(kernel),
      hub_(limits_.queued_events),
      preparer_(settings, std::move(state_directory)),
      service_(kernel, preparer_, hub_, Authority(::geteuid(), group), now),
      signals_(io_, SIGTERM, SIGINT, SIGHUP),
      retry_(io_),
      watchdog_(io_) {}

vale::Result<void> Daemon::run(const std::string& socket_path) {
  auto listener = activated_or_own(socket_path, group_);
  if (!listener) return tl::unexpected(listener.error());
  server_ = std::make_unique<Server>(io_, std::move(listener->fd), service_, limits_);
  server_->start();
  asio::co_spawn(io_, watch_signals(), LogAndThrow{"signal handling"});
  asio::co_spawn(io_, pump_events(), LogAndThrow{"kernel events"});
  std::uint64_t period_us = 0;
  if (::sd_watchdog_enabled(0, &period_us) > 0) {
    asio::co_spawn(io_, feed_watchdog(period_us), LogAndThrow{"watchdog"});
  }
  spdlog::info("valed {} listens on {}", VALE_VERSION,
               listener->path.empty() ? "systemd's socket" : listener->path);
  notify("READY=1");
  io_.run();
  // Whatever is on the switches stays there: a restart must not cost a packet.
  if (!listener->path.empty()) (void)::unlink(listener->path.c_str());
  spdlog::info("valed ends; switches keep running");
  return {};
}

void Daemon::stop() {
  stopping_ = true;
  notify("STOPPING=1");
  server_->stop();
  io_.stop();
}

asio::awaitable<void> Daemon::watch_signals() {
  for (;;) {
    const auto [error, signal] = co_await signals_.async_wait(kTuple);
    if (error) co_return;
    if (signal != SIGHUP) {
      stop();
      co_return;
    }
    spdlog::info("SIGHUP: there is no configuration to reload; looking at the kernel again");
    if (const auto seen = service_.adopt(); !seen) spdlog::warn("{}", seen.error().context);
  }
}

/// Subscribes whenever there is a module to subscribe to, and then looks at what it holds.
asio::awaitable<void> Daemon::pump_events() {
  bool complained = false;
  while (!stopping_) {
    auto source = kernel_.subscribe();
    const auto adopted = source ? service_.adopt() : tl::unexpected(source.error());
    if (adopted) {
      complained = false;
      notify("STATUS=" + service_.summary());
      co_await read_events(std::move(*source));
      continue;
    }
    if (!complained) {
      spdlog::warn("{}", adopted.error().context);
      notify("STATUS=waiting for vale.ko: " + adopted.error().context);
      complained = true;
    }
    retry_.expires_after(kKernelRetry);
    co_await retry_.async_wait(kTuple);
  }
}

asio::awaitable<void> Daemon::read_events(std::unique_ptr<vale::EventSource> source) {
  vale::Event found;
  found.type = "kernel_found";
  hub_.publish(found);
  // The source owns the descriptor: let go of it before the stream object would close it.
  asio::posix::stream_descriptor descriptor(io_, source->fd());
  for (;;) {
    const auto [error] =
        co_await descriptor.async_wait(asio::posix::stream_descriptor::wait_read, kTuple);
    if (error) break;
    const auto events = source->read();
    if (!events) {
      spdlog::warn("{}", events.error().context);
      break;
    }
    for (const auto& event : *events) service_.on_event(event);
  }
  descriptor.release();
  vale::Event lost;
  lost.type = "kernel_lost";
  hub_.publish(lost);
}

asio::awaitable<void> Daemon::feed_watchdog(std::uint64_t period_us) {
  for (;;) {
    notify("WATCHDOG=1");
    watchdog_.expires_after(std::chrono::microseconds(period_us / 4));
    const auto [error] = co_await watchdog_.async_wait(kTuple);
    if (error) co_return;
  }
}

}  // namespace valed
