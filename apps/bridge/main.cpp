// SPDX-License-Identifier: BSD-2-Clause
// Forwards between two ports, or between a NIC and its host stack. The command line is the
// historical one, hence getopt.
#include <fmt/format.h>
#include <getopt.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/common/forward.hpp"
#include "apps/common/open_port.hpp"
#include "apps/common/process.hpp"
#include "apps/common/text.hpp"

namespace {

using apps::Transfer;
using vale::netmap::Port;

constexpr char kUsage[] =
    "bridge [-b BURST] [-w SECONDS] [-c] [-L] [-v] -i PORT [-i PORT]\n"
    "bridge [OPTION]... PORT [PORT [BURST]]\n"
    "  forwards between two ports; of one alone, between its NIC and its host stack\n"
    "  -b N  slots at a time (1024)   -w S  wait for link (4)   -c  always copy\n"
    "  -L    send what one port receives back to it             -v  say more\n";

struct Config {
  std::vector<std::string> ports;
  std::uint32_t burst = 1024;
  double wait = 4;
  bool copy = false, loop = false, verbose = false;
};

struct Direction {
  const Port& from;
  const Port& to;
  std::uint64_t packets = 0, dropped = 0;
};

std::optional<Config> parse_arguments(int argc, char** argv) {
  Config config;
  for (int letter = 0; (letter = getopt(argc, argv, "hb:ci:vw:L")) != -1;) {
    switch (letter) {
      case 'b':
        config.burst = static_cast<std::uint32_t>(apps::number("-b", optarg, 1, 8192));
        break;
      case 'c':
        config.copy = true;
        break;
      case 'i':
        config.ports.emplace_back(optarg);
        break;
      case 'v':
        config.verbose = true;
        break;
      case 'w':
        config.wait = apps::scaled("-w", optarg);
        break;
      case 'L':
        config.loop = true;
        break;
      case 'h':
        std::fputs(kUsage, stdout);
        return std::nullopt;
      default:
        throw apps::UsageError("see bridge -h");
    }
  }
  for (; optind < argc && config.ports.size() < 2; optind++)
    config.ports.emplace_back(argv[optind]);
  if (optind < argc) {
    config.burst = static_cast<std::uint32_t>(apps::number("burst", argv[optind++], 1, 8192));
  }
  if (optind < argc || config.ports.empty() || config.ports.size() > 2)
    throw apps::UsageError("want one or two ports, see bridge -h");
  return config;
}

bool one_port(const Config& config) {
  return config.ports.size() == 1 || config.ports[0] == config.ports[1];
}

std::optional<Port> open_second(const Config& config) {
  if (!one_port(config)) return apps::open_port(config.ports[1]);
  if (config.loop) return std::nullopt;
  const std::string spec = apps::full_spec(config.ports[0]);
  if (!spec.starts_with("netmap:") || spec.find_first_of("^*-@/", 7) != std::string::npos) {
    throw apps::UsageError(spec + " has no host stack to forward to, name a second port");
  }
  return apps::open_port(spec + "^");
}

// What a direction waits for: something to read, or if there is something, room for it.
void want_events(const Direction& way, pollfd& from, pollfd& to) {
  if (apps::readable(way.from)) {
    to.events |= POLLOUT;
  } else {
    from.events |= POLLIN;
  }
}

void step(Direction& way, std::uint32_t burst, Transfer how) {
  const apps::Moved moved = apps::forward(way.from, way.to, burst, how);
  way.packets += moved.packets;
  way.dropped += moved.dropped;
  if (moved.packets != 0) way.to.txsync();
}

void check(const pollfd& item, const Port& port) {
  if ((item.revents & POLLERR) != 0) throw std::runtime_error(port.name() + " reports an error");
}

void run_pair(std::vector<Direction>& ways, std::uint32_t burst, Transfer how) {
  while (!apps::stop) {
    std::array<pollfd, 2> items{pollfd{ways[0].from.fd(), 0, 0}, pollfd{ways[1].from.fd(), 0, 0}};
    want_events(ways[0], items[0], items[1]);
    want_events(ways[1], items[1], items[0]);
    const int ready = ::poll(items.data(), items.size(), 500);
    if (ready < 0 && errno != EINTR) throw std::runtime_error(std::strerror(errno));
    if (ready <= 0) continue;
    check(items[0], ways[0].from);
    check(items[1], ways[1].from);
    for (Direction& way : ways) step(way, burst, how);
  }
}

void run_loop(Direction& way, std::uint32_t burst, Transfer how) {
  while (!apps::stop) {
    pollfd item{way.from.fd(), 0, 0};
    want_events(way, item, item);
    if (::poll(&item, 1, 500) <= 0) continue;
    check(item, way.from);
    step(way, burst, how);
  }
}

int run(int argc, char** argv) {
  const auto config = parse_arguments(argc, argv);
  if (!config) return apps::kOk;
  apps::catch_signals();
  const Port a = apps::open_port(config->ports[0]);
  const std::optional<Port> b = open_second(*config);
  const Port& other = b ? *b : a;
  const Transfer how =
      !config->copy && a.mem_id() == other.mem_id() ? Transfer::kSwap : Transfer::kCopy;
  std::vector<Direction> ways{{a, other}};
  if (b) ways.push_back({*b, a});
  apps::pause_for(config->wait);
  fmt::print("Ready to go, {} {}/{} <-> {} {}/{}, {}.\n", a.name(), a.rx().size(), a.tx().size(),
             other.name(), other.rx().size(), other.tx().size(),
             how == Transfer::kSwap ? "zero copy" : "copy");
  std::fflush(stdout);
  if (b) {
    run_pair(ways, config->burst, how);
  } else {
    run_loop(ways[0], config->burst, how);
  }
  for (const Direction& way : ways) {
    fmt::print("{} -> {}: {} packets, {} dropped\n", way.from.name(), way.to.name(), way.packets,
               way.dropped);
  }
  return apps::kOk;
}

}  // namespace

int main(int argc, char** argv) {
  return apps::run_tool("bridge", run, argc, argv);
}
