// SPDX-License-Identifier: BSD-2-Clause
// Forwards one port to another, without the packets that came twice. The command line is the
// historical one, hence getopt.
#include <fmt/format.h>
#include <getopt.h>
#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/common/forward.hpp"
#include "apps/common/open_port.hpp"
#include "apps/common/process.hpp"
#include "apps/common/text.hpp"
#include "apps/dedup/hold.hpp"
#include "apps/dedup/window.hpp"

namespace {

using apps::Transfer;
using vale::netmap::Port;
using vale::netmap::Ring;

constexpr char kUsage[] =
    "dedup -i IN -i OUT [-W MICROSECONDS] [-F PACKETS] [-H] [-c] [-w SECONDS] [-v]\n"
    "  forwards IN to OUT, but not what was among the last PACKETS (10) within MICROSECONDS (50)\n"
    "  -H  packets are held for as long as they are compared with, instead of copied\n"
    "  -c  always copy    -w  wait for link (2)\n";

struct Config {
  std::vector<std::string> ports;
  std::uint64_t window_us = 50;
  std::size_t fifo = 10;
  double wait = 2;
  bool copy = false, hold = false, verbose = false;
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
        config.hold = true;
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
    if (config.hold) hold_.emplace(rx(), config.fifo, config.window_us * 1000);
  }

  void run() {
    while (!apps::stop) {
      wait_for_packets();
      const bool stuck = !(hold_ ? step_holding() : step());
      out_.txsync();
      if (stuck) out_.wait(POLLOUT, 500);
    }
    if (hold_) release(kEnd);
    out_.txsync();
  }

  void report() const {
    fmt::print("{} -> {}: {} packets in, {} forwarded, {} duplicates, {} dropped\n", in_.name(),
               out_.name(), packets_, forwarded_, duplicates_, packets_ - forwarded_ - duplicates_);
  }

 private:
  static constexpr std::uint64_t kEnd = std::numeric_limits<std::uint64_t>::max();

  [[nodiscard]] const Ring& rx() const { return in_.rx()[0]; }
  [[nodiscard]] const Ring& tx() const { return out_.tx()[0]; }

  void wait_for_packets() const {
    constexpr std::uint64_t kLongest = 500'000'000;
    const std::uint64_t now = apps::now_ns();
    std::uint64_t until = now + kLongest;
    if (const auto release = hold_ ? hold_->next_release() : std::nullopt)
      until = std::clamp(*release, now, until);
    pollfd item{in_.fd(), POLLIN, 0};
    const timespec timeout{0, static_cast<long>(until - now)};
    ::ppoll(&item, 1, &timeout, nullptr);
    if ((item.revents & POLLERR) != 0) throw std::runtime_error(in_.name() + " reports an error");
  }

  // False if it ends because the other ring is full.
  bool step() {
    const std::uint64_t now = apps::now_ns();
    while (const std::uint32_t n = apps::packet_slots(rx())) {
      if (n > tx().space()) return false;
      apps::gather_packet(rx(), 0, n, bytes_);
      packets_++;
      if (window_.seen(bytes_, now)) {
        duplicates_++;
        rx().advance(n);
      } else if (apps::move_packet(rx(), tx(), n, how_)) {
        forwarded_++;
      }
    }
    return true;
  }

  // As step().
  bool step_holding() {
    const std::uint64_t now = apps::now_ns();
    bool room = release(now);
    while (const std::uint32_t n = apps::packet_slots(rx(), hold_->slots())) {
      apps::gather_packet(rx(), hold_->slots(), n, bytes_);
      packets_++;
      if (hold_->add(bytes_, n, now)) duplicates_++;
      room = release(now);
    }
    // head stays at the oldest packet held; poll() is to wait for what comes behind the last.
    netmap_ring* const ring = rx().raw();
    ring->cur = (ring->head + hold_->slots()) % ring->num_slots;
    return room;
  }

  bool release(std::uint64_t now) {
    while (const auto packet = hold_->released(now)) {
      if (packet->duplicate) {
        rx().advance(packet->slots);
      } else {
        if (packet->slots > tx().space()) return false;
        if (apps::move_packet(rx(), tx(), packet->slots, how_)) forwarded_++;
      }
      hold_->pop();
    }
    return true;
  }

  const Port& in_;
  const Port& out_;
  Transfer how_;
  dedup::Window window_;
  std::optional<dedup::Hold> hold_;
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
