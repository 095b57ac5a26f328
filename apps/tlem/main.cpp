// SPDX-License-Identifier: BSD-2-Clause
// A link between two ports, emulated both ways. The command line is the historical one, hence
// getopt.
#include <fmt/format.h>
#include <getopt.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/common/delay_line.hpp"
#include "apps/common/forward.hpp"
#include "apps/common/link_model.hpp"
#include "apps/common/open_port.hpp"
#include "apps/common/process.hpp"
#include "apps/common/text.hpp"

namespace {

using vale::netmap::Port;
using vale::netmap::Ring;

constexpr char kUsage[] =
    "tlem -i A -i B [-B [constant,]BPS|ether,BPS]... [-D "
    "T|constant,T|uniform,MIN,MAX|exp,MIN,AVG]...\n"
    "     [-L P|plr,P|ber,P]... [-R const,P,T]... [-Q BYTES]... [-b BATCH] [-w S] [-C CPU] [-v] "
    "[-q]\n"
    "  a link between two ports; -B, -D, -L, -R, -Q once for both directions, twice for A to B and "
    "for B to A\n"
    "  -v reports every second, -q not even at the end\n"
    "  -c and -H are accepted: packets are always copied, into memory of the program's own\n";

struct Config {
  std::vector<std::string> ports;
  std::array<std::vector<std::string>, 5> given;  // of B D L R Q
  std::uint32_t batch = 1024;
  double wait = 4;
  int cpu = -1;
  bool quiet = false, verbose = false;
};

constexpr std::uint64_t kReportNs = 1'000'000'000;
constexpr std::string_view kPerDirection = "BDLRQ";

std::vector<std::string>& given_of(Config& config, char letter) {
  return config.given[kPerDirection.find(letter)];
}

std::optional<Config> parse_arguments(int argc, char** argv) {
  Config config;
  for (int letter = 0; (letter = getopt(argc, argv, "hi:B:D:L:R:Q:b:w:C:cHvq")) != -1;) {
    if (kPerDirection.find(static_cast<char>(letter)) != std::string_view::npos) {
      given_of(config, static_cast<char>(letter)).emplace_back(optarg);
      continue;
    }
    switch (letter) {
      case 'i':
        config.ports.emplace_back(optarg);
        break;
      case 'b':
        config.batch = static_cast<std::uint32_t>(apps::number("-b", optarg, 1, 8192));
        break;
      case 'w':
        config.wait = apps::scaled("-w", optarg);
        break;
      case 'C':
        config.cpu = apps::first_cpu(optarg);
        break;
      case 'q':
        config.quiet = true;
        break;
      case 'v':
        config.verbose = true;
        break;
      case 'c':
      case 'H':
        break;
      case 'h':
        std::fputs(kUsage, stdout);
        return std::nullopt;
      default:
        throw apps::UsageError("see tlem -h");
    }
  }
  if (optind < argc || config.ports.size() != 2)
    throw apps::UsageError("want two ports: -i A -i B");
  for (const auto& values : config.given) {
    if (values.size() > 2) throw apps::UsageError("-B, -D, -L, -R, -Q: twice at most");
  }
  return config;
}

apps::LinkSettings settings_of(Config& config, std::size_t direction) {
  apps::LinkSettings settings;
  const auto value = [&](char letter) -> std::optional<std::string> {
    const auto& values = given_of(config, letter);
    if (values.empty()) return std::nullopt;
    return values[std::min(direction, values.size() - 1)];
  };
  if (const auto text = value('B')) settings.bandwidth = apps::Bandwidth::parse(*text);
  if (const auto text = value('D')) settings.delay = apps::Delay::parse(*text);
  if (const auto text = value('L')) settings.loss = apps::Loss::parse(*text);
  if (const auto text = value('R')) settings.reorder = apps::Reorder::parse(*text);
  if (const auto text = value('Q')) settings.queue = apps::parse_bytes("-Q", *text);
  return settings;
}

class Direction {
 public:
  Direction(const Port& from, const Port& to, const apps::LinkSettings& settings,
            std::uint64_t seed)
      : from_(from), to_(to), link_(settings, seed) {}

  void take_in(std::uint64_t now) {
    for (const Ring& ring : from_.rx()) {
      while (const std::uint32_t n = apps::packet_slots(ring)) {
        take_packet(ring, n, now);
        ring.advance(n);
      }
    }
  }

  /// True if a packet that is due has no room.
  bool send_due(std::uint64_t now, std::uint32_t batch) {
    bool stuck = false;
    for (std::uint32_t n = 0; n < batch && !stuck && !line_.empty() && line_.due() <= now; n++) {
      stuck = !to_.inject(line_.front());
      if (stuck) break;
      line_.pop();
      sent_++;
    }
    to_.txsync();
    return stuck;
  }

  [[nodiscard]] const Port& from() const { return from_; }
  [[nodiscard]] std::optional<std::uint64_t> next_due() const {
    return line_.empty() ? std::nullopt : std::optional(line_.due());
  }
  void report() const {
    fmt::print(
        "{} -> {}: {} packets in, {} out, {} lost, {} dropped from the queue, {} on the way\n",
        from_.name(), to_.name(), received_, sent_, link_.lost(), link_.overflowed(), line_.size());
  }

 private:
  void take_packet(const Ring& ring, std::uint32_t n, std::uint64_t now) {
    std::size_t size = 0;
    for (std::uint32_t i = 0; i < n; i++) size += ring.at(i).len;
    received_++;
    const auto when = link_.arrival(now, size);
    if (!when) return;
    auto to = line_.push(*when, size).begin();
    for (std::uint32_t i = 0; i < n; i++) {
      const auto part = ring.packet(ring.at(i));
      to = std::copy(part.begin(), part.end(), to);
    }
  }

  const Port& from_;
  const Port& to_;
  apps::Link link_;
  apps::DelayLine line_;
  std::uint64_t received_ = 0, sent_ = 0;
};

// Until something comes, or the first packet on its way is due.
void wait_for_work(const std::array<Direction, 2>& ways, bool stuck) {
  constexpr std::uint64_t kLongest = 500'000'000, kStuck = 100'000;
  const std::uint64_t now = apps::now_ns();
  std::uint64_t until = now + (stuck ? kStuck : kLongest);
  for (const Direction& way : ways) {
    if (const auto due = way.next_due(); due && !stuck)
      until = std::min(until, std::max(now, *due));
  }
  std::array<pollfd, 2> items{pollfd{ways[0].from().fd(), POLLIN, 0},
                              pollfd{ways[1].from().fd(), POLLIN, 0}};
  const timespec timeout{0, static_cast<long>(until - now)};
  if (::ppoll(items.data(), items.size(), &timeout, nullptr) < 0 && errno != EINTR) {
    throw std::runtime_error(std::strerror(errno));
  }
  for (std::size_t i = 0; i < items.size(); i++) {
    if ((items[i].revents & POLLERR) != 0)
      throw std::runtime_error(ways[i].from().name() + " reports an error");
  }
}

void report(const std::array<Direction, 2>& ways) {
  for (const Direction& way : ways) way.report();
  std::fflush(stdout);
}

void carry(std::array<Direction, 2>& ways, const Config& config) {
  std::uint64_t next_report = apps::now_ns() + kReportNs;
  while (!apps::stop) {
    const std::uint64_t now = apps::now_ns();
    bool stuck = false;
    for (Direction& way : ways) {
      way.take_in(now);
      stuck |= way.send_due(now, config.batch);
    }
    if (config.verbose && now >= next_report) {
      report(ways);
      next_report = now + kReportNs;
    }
    wait_for_work(ways, stuck);
  }
}

int run(int argc, char** argv) {
  auto config = parse_arguments(argc, argv);
  if (!config) return apps::kOk;
  const apps::LinkSettings there = settings_of(*config, 0), back = settings_of(*config, 1);
  apps::catch_signals();
  if (config->cpu >= 0) apps::pin_to_cpu(config->cpu);
  const Port a = apps::open_port(config->ports[0]);
  const Port b = apps::open_port(config->ports[1]);
  std::random_device random;
  std::array<Direction, 2> ways{Direction(a, b, there, random()), Direction(b, a, back, random())};
  apps::pause_for(config->wait);
  fmt::print("Ready to go, {} <-> {}\n", a.name(), b.name());
  std::fflush(stdout);
  carry(ways, *config);
  if (!config->quiet) report(ways);
  return apps::kOk;
}

}  // namespace

int main(int argc, char** argv) {
  return apps::run_tool("tlem", run, argc, argv);
}
