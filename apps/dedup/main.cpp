// SPDX-License-Identifier: BSD-2-Clause
// Forwards one port to another, without the packets that came twice. The command line is the
// historical one, hence getopt.
#include <fmt/format.h>
#include <getopt.h>
#include <poll.h>

#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/common/forward.hpp"
#include "apps/common/open_port.hpp"
#include "apps/common/process.hpp"
#include "apps/common/text.hpp"
#include "apps/dedup/window.hpp"

namespace {

using apps::Transfer;
using vale::netmap::Port;
using vale::netmap::Ring;

constexpr char kUsage[] =
    "dedup -i IN -i OUT [-W MICROSECONDS] [-F PACKETS] [-H] [-c] [-w SECONDS] [-v]\n"
    "  forwards IN to OUT, but not what was among the last PACKETS (10) within MICROSECONDS (50)\n"
    "  -H  accepted: packets are compared with copies, whether they are held or not\n"
    "  -c  always copy    -w  wait for link (2)\n";

struct Config {
  std::vector<std::string> ports;
  std::uint64_t window_us = 50;
  std::size_t fifo = 10;
  double wait = 2;
  bool copy = false, verbose = false;
};

std::optional<Config> parse_arguments(int argc, char** argv) {
  Config config;
  for (int letter = 0; (letter = getopt(argc, argv, "hi:W:F:Hcw:v")) != -1;) {
    switch (letter) {
      case 'i':
        config.ports.emplace_back(optarg);
        break;
      case 'W':
        config.window_us = apps::number("-W", optarg, 0, 3'600'000'000);
        break;
      case 'F':
        config.fifo = apps::number("-F", optarg, 1, 65536);
        break;
      case 'H':
        break;
      case 'c':
        config.copy = true;
        break;
      case 'w':
        config.wait = apps::scaled("-w", optarg);
        break;
      case 'v':
        config.verbose = true;
        break;
      case 'h':
        std::fputs(kUsage, stdout);
        return std::nullopt;
      default:
        throw apps::UsageError("see dedup -h");
    }
  }
  if (optind < argc || config.ports.size() != 2)
    throw apps::UsageError("want two ports: -i IN -i OUT");
  return config;
}

class Filter {
 public:
  Filter(const Config& config, const Port& in, const Port& out)
      : in_(in),
        out_(out),
        how_(!config.copy && in.mem_id() == out.mem_id() ? Transfer::kSwap : Transfer::kCopy),
        window_(config.fifo, config.window_us * 1000) {
    if (in.rx().size() != 1 || out.tx().size() != 1) {
      throw std::runtime_error(
          "the order of packets must be clear: one ring of each port, for instance netmap:eth0-0");
    }
  }

  void run() {
    while (!apps::stop) {
      const bool waits = in_.wait(POLLIN, 500) != 0 && !step();
      out_.txsync();
      if (waits) out_.wait(POLLOUT, 500);
    }
  }

  void report() const {
    fmt::print("{} -> {}: {} packets in, {} forwarded, {} duplicates, {} dropped\n", in_.name(),
               out_.name(), packets_, forwarded_, duplicates_, packets_ - forwarded_ - duplicates_);
  }

 private:
  // False if it ends because the other ring is full.
  bool step() {
    const Ring &rx = in_.rx()[0], &tx = out_.tx()[0];
    const std::uint64_t now = apps::now_ns();
    while (const std::uint32_t n = apps::packet_slots(rx)) {
      if (n > tx.space()) return false;
      gather(rx, n);
      packets_++;
      if (window_.seen(bytes_, now)) {
        duplicates_++;
        rx.advance(n);
      } else if (apps::move_packet(rx, tx, n, how_)) {
        forwarded_++;
      }
    }
    return true;
  }

  void gather(const Ring& rx, std::uint32_t n) {
    bytes_.clear();
    for (std::uint32_t i = 0; i < n; i++) {
      const auto part = rx.packet(rx.at(i));
      bytes_.insert(bytes_.end(), part.begin(), part.end());
    }
  }

  const Port& in_;
  const Port& out_;
  Transfer how_;
  dedup::Window window_;
  std::vector<std::uint8_t> bytes_;
  std::uint64_t packets_ = 0, forwarded_ = 0, duplicates_ = 0;
};

int run(int argc, char** argv) {
  const auto config = parse_arguments(argc, argv);
  if (!config) return apps::kOk;
  apps::catch_signals();
  const Port in = apps::open_port(config->ports[0]);
  const Port out = apps::open_port(config->ports[1]);
  Filter filter(*config, in, out);
  apps::pause_for(config->wait);
  fmt::print("Ready to go, {} -> {}\n", in.name(), out.name());
  std::fflush(stdout);
  filter.run();
  filter.report();
  return apps::kOk;
}

}  // namespace

int main(int argc, char** argv) {
  return apps::run_tool("dedup", run, argc, argv);
}
