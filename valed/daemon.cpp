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

Daemon::Daemon(vale::Kernel& kernel, NicSettings& settings, const Paths& paths,
               std::optional<gid_t> group)
    : group_(group),
      kernel_(kernel),
      hub_(limits_.queued_events),
      engine_(kernel, settings, paths, now),
      service_(engine_, hub_, Authority(::geteuid(), group), now),
      signals_(io_, SIGTERM, SIGINT, SIGHUP),
      retry_(io_),
      due_(io_),
      watchdog_(io_) {}

vale::Result<void> Daemon::serve_metrics(const std::string& address) {
  vale::UniqueFd fd;
  if (address.starts_with('/')) {
    auto listener = listen_at(address, group_);
    if (!listener) return tl::unexpected(listener.error());
    own_sockets_.push_back(listener->path);
    fd = std::move(listener->fd);
  } else {
    auto listener = listen_on_loopback(address);
    if (!listener) return tl::unexpected(listener.error());
    fd = std::move(*listener);
  }
  metrics_.push_back(std::make_unique<MetricsServer>(
      io_, std::move(fd), [this] { return service_.metrics(); }, MetricsServer::Limits{}));
  metrics_.back()->start();
  return {};
}

vale::Result<void> Daemon::run(const Addresses& addresses) {
  auto listener =
      activated_or_own(addresses.socket, group_, addresses.any_user ? kEveryoneMode : kGroupMode);
  if (!listener) return tl::unexpected(listener.error());
  if (!listener->path.empty()) own_sockets_.push_back(listener->path);
  for (const auto& address : addresses.metrics) {
    // Switches matter more than their figures.
    if (const auto served = serve_metrics(address); !served) {
      spdlog::error("no metrics: {}", served.error().context);
      service_.note_error(served.error().context);
    }
  }
  server_ = std::make_unique<Server>(io_, std::move(listener->fd), service_, limits_);
  service_.start();
  // Once before READY, so that units ordered after valed find their switches.
  if (const auto brought = service_.adopt(); !brought) spdlog::warn("{}", brought.error().context);
  server_->start();
  asio::co_spawn(io_, watch_signals(), LogAndThrow{"signal handling"});
  asio::co_spawn(io_, pump_events(), LogAndThrow{"kernel events"});
  asio::co_spawn(io_, watch_links(), LogAndThrow{"network devices"});
  asio::co_spawn(io_, retry_when_due(), LogAndThrow{"retries"});
  std::uint64_t period_us = 0;
  if (::sd_watchdog_enabled(0, &period_us) > 0) {
    asio::co_spawn(io_, feed_watchdog(period_us), LogAndThrow{"watchdog"});
  }
  spdlog::info("valed {} listens on {}", VALE_VERSION,
               listener->path.empty() ? "systemd's socket" : listener->path);
  notify("READY=1");
  io_.run();
  // Whatever is on the switches stays there: a restart must not cost a packet.
  for (const auto& path : own_sockets_) (void)::unlink(path.c_str());
  spdlog::info("valed ends; switches keep running");
  return {};
}

void Daemon::stop() {
  stopping_ = true;
  notify("STOPPING=1");
  server_->stop();
  for (const auto& server : metrics_) server->stop();
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
    reload();
  }
}

/// Type=notify-reload wants to know when it began, by the clock of CLOCK_MONOTONIC.
void Daemon::reload() {
  timespec began{};
  ::clock_gettime(CLOCK_MONOTONIC, &began);
  const auto us = static_cast<std::uint64_t>(began.tv_sec) * 1'000'000 +
                  static_cast<std::uint64_t>(began.tv_nsec) / 1'000;
  notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", us));
  spdlog::info("SIGHUP: reading the configuration");
  const auto done = service_.reload();
  if (!done) service_.note_error(done.error().context);
  notify("READY=1\nSTATUS=" +
         (done ? service_.summary() : "the configuration was not taken: " + done.error().context));
  rearm();
}

asio::awaitable<void> Daemon::watch_links() {
  asio::steady_timer pause(io_);
  bool complained = false;
  while (!stopping_) {
    auto source = vale::LinkSource::open();
    bool heard = false;
    if (source) heard = co_await read_links(**source);
    if (!heard) {
      if (!complained)
        spdlog::warn("network devices are not watched: {}",
                     source ? "no events" : source.error().context);
      complained = true;
      pause.expires_after(kKernelRetry);
      co_await pause.async_wait(kTuple);
    }
  }
}

/// Until events were lost; false if there were none to begin with.
asio::awaitable<bool> Daemon::read_links(vale::LinkSource& source) {
  asio::posix::stream_descriptor descriptor(io_, source.fd());
  bool heard = false;
  for (;;) {
    const auto [error] =
        co_await descriptor.async_wait(asio::posix::stream_descriptor::wait_read, kTuple);
    if (error) break;
    const auto events = source.read();
    if (!events) break;
    heard = true;
    // All at once: a thousand new devices are not worth a thousand looks at everything.
    std::set<std::string> came;
    for (const auto& event : *events) {
      if (links_.apply(event)) came.insert(event.name);
    }
    service_.devices_came(came);
    rearm();
  }
  descriptor.release();
  co_return heard;
}

asio::awaitable<void> Daemon::retry_when_due() {
  while (!stopping_) {
    const auto next = engine_.reconciler.next_retry();
    due_.expires_at(next.value_or(asio::steady_timer::time_point::max()));
    const auto [error] = co_await due_.async_wait(kTuple);
    if (!error) service_.retry();
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
      rearm();
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
    rearm();
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
