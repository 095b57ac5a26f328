// SPDX-License-Identifier: BSD-2-Clause
// tlem: a link between two ports, emulated both ways; and the client that talks to a running one.
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

#include "apps/common/process.hpp"
#include "apps/common/text.hpp"
#include "apps/tlem/config.hpp"
#include "apps/tlem/emulator.hpp"
#include "apps/tlem/session.hpp"

namespace {

constexpr char kShow[] = "show", kStop[] = "stop", kSet[] = "set\n";

tlem::LinkOptions parse_lines(const std::string& text) {
  tlem::LinkOptions options;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.size() < 3 || line[1] != ' ' || !tlem::LinkOptions::knows(line[0]))
      throw apps::UsageError("no such setting: '" + line + "'");
    options.add(line[0], line.substr(2));
  }
  return options;
}

/// What clients may do with a running link.
class Control {
 public:
  Control(const tlem::Config& config, tlem::Emulator& emulator)
      : maxima_(config.maxima), options_(config.link), emulator_(emulator) {}

  tlem::Answer handle(const std::string& request) {
    try {
      if (request == kStop) {
        apps::stop = true;
        return {true, "stopping\n"};
      }
      if (request.starts_with(kSet)) set(request.substr(std::strlen(kSet)));
      return {true, "settings: " + options_.text() + "\n" + emulator_.report()};
    } catch (const apps::UsageError& e) {
      return {false, e.what()};
    }
  }

 private:
  void set(const std::string& lines) {
    tlem::LinkOptions wanted = options_;
    wanted.merge(parse_lines(lines));
    if (maxima_) maxima_->check(wanted);
    emulator_.change(wanted);
    options_ = wanted;
  }

  const std::optional<tlem::Maxima> maxima_;
  tlem::LinkOptions options_;
  tlem::Emulator& emulator_;
};

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

// Reports and clients, until a signal or a thread's end.
void attend(const tlem::Config& config, const tlem::Emulator& emulator,
            const std::optional<tlem::Server>& server, const sigset_t& signals) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  std::uint64_t next = apps::now_ns() + kSecond;
  while (!apps::stop) {
    pollfd items[] = {{emulator.ended_fd(), POLLIN, 0}, {server ? server->fd() : -1, POLLIN, 0}};
    const std::uint64_t left = next - std::min(next, apps::now_ns());
    const timespec timeout{static_cast<time_t>(left / kSecond), static_cast<long>(left % kSecond)};
    const int n = ::ppoll(items, 2, config.verbose ? &timeout : nullptr, &signals);
    if (n < 0 && errno != EINTR) throw std::runtime_error(std::strerror(errno));
    if (n > 0 && items[0].revents != 0) return;
    if (n > 0 && items[1].revents != 0) server->serve();
    if (config.verbose && apps::now_ns() >= next) {
      print(emulator.report());
      next += kSecond;
    }
  }
}

// Signals come to the thread that called, in ppoll() only. The mask that was.
sigset_t block_signals() {
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  return before;
}

void serve(const tlem::Config& config) {
  tlem::Emulator emulator(config);
  Control control(config, emulator);
  std::optional<tlem::Server> server;
  if (!config.session.empty())
    server.emplace(config.session,
                   [&control](const std::string& request) { return control.handle(request); });
  apps::pause_for(config.wait);
  const sigset_t signals = block_signals();
  emulator.start();
  print("Ready to go, " + emulator.name() + "\n");
  attend(config, emulator, server, signals);
  emulator.stop();
  if (!config.quiet) print(emulator.report());
}

int be_client(const tlem::Config& config) {
  std::string request = kShow;
  if (config.stop_server) request = kStop;
  if (!config.link.empty()) request = kSet + config.link.lines();
  const tlem::Answer answer = tlem::ask(config.session, request);
  if (!answer.ok) throw std::runtime_error(answer.text);
  if (!config.quiet) print(answer.text);
  return apps::kOk;
}

int run(int argc, char** argv) {
  const auto config = tlem::parse_arguments(argc, argv);
  if (!config) return apps::kOk;
  if (config->client()) return be_client(*config);
  apps::catch_signals();
  serve(*config);
  return apps::kOk;
}

}  // namespace

int main(int argc, char** argv) {
  return apps::run_tool("tlem", run, argc, argv);
}
