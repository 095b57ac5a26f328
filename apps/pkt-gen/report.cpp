// SPDX-License-Identifier: BSD-2-Clause
#include "apps/pkt-gen/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <numeric>

#include "apps/common/process.hpp"
#include "apps/common/text.hpp"

namespace pkt_gen {
namespace {

constexpr std::uint64_t kFraming = 24;  // preamble, CRC, gap between frames

bool all_done(const Workers& workers) {
  return std::all_of(workers.begin(), workers.end(),
                     [](const auto& worker) { return worker->done.load(); });
}

std::uint32_t min_space_of(const Workers& workers) {
  std::uint32_t space = Counters::kNone;
  for (const auto& worker : workers) space = std::min(space, worker->counters.take_min_space());
  return space;
}

// From the first packet of any to the last of any.
double duration(const Workers& workers) {
  std::uint64_t start = ~0ULL, end = 0;
  for (const auto& worker : workers) {
    if (worker->started_ns == 0) continue;
    start = std::min(start, worker->started_ns);
    end = std::max(end, worker->ended_ns);
  }
  return end > start ? static_cast<double>(end - start) / 1e9 : 0;
}

}  // namespace

Reporter::Sum Reporter::sum_of(const Workers& workers) {
  Sum sum;
  for (const auto& worker : workers) {
    sum.packets += worker->counters.packets();
    sum.bytes += worker->counters.bytes();
    sum.events += worker->counters.events();
  }
  return sum;
}

double Reporter::bits(std::uint64_t packets, std::uint64_t bytes) const {
  return static_cast<double>(8 * (bytes + (config_.count_framing ? kFraming * packets : 0)));
}

std::string Reporter::unit(double value) const {
  return apps::with_unit(value, !config_.plain_numbers);
}

void Reporter::line(const Sum& delta, double seconds, std::uint32_t min_space) {
  const double rate = static_cast<double>(delta.packets) / seconds;
  const double batch = delta.events == 0
                           ? 0
                           : static_cast<double>(delta.packets) / static_cast<double>(delta.events);
  // As netmap's D() begins a line: seconds and microseconds, the function, its line.
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  fmt::print(stderr, "{:03}.{:06} main_thread [{}] ", now.tv_sec % 1000, now.tv_nsec / 1000,
             __LINE__);
  fmt::print(stderr, "{}pps ({}pkts {}bps in {:.0f} usec) {:.2f} avg_batch {} min_space\n",
             unit(rate), unit(static_cast<double>(delta.packets)),
             unit(bits(delta.packets, delta.bytes) / seconds), seconds * 1e6, batch, min_space);
  if (delta.packets != 0) rates_.push_back(rate);
}

void Reporter::watch(const Workers& workers) {
  Sum before;
  std::uint64_t last = apps::now_ns();
  while (!all_done(workers)) {
    const std::uint64_t next = last + std::uint64_t{config_.report_ms} * 1'000'000;
    while (!all_done(workers) && apps::now_ns() < next) {
      apps::pause_for(0.02);
      if (apps::stop) apps::sleep_until_ns(apps::now_ns() + 1'000'000);
    }
    const std::uint64_t now = apps::now_ns();
    if (now < next) break;
    const Sum sum = sum_of(workers);
    line({sum.packets - before.packets, sum.bytes - before.bytes, sum.events - before.events},
         static_cast<double>(now - last) / 1e9, min_space_of(workers));
    before = sum;
    last = now;
  }
}

void Reporter::rate_statistics() const {
  if (!config_.has(kStats) || rates_.empty()) return;
  const auto n = static_cast<double>(rates_.size());
  const double mean = std::accumulate(rates_.begin(), rates_.end(), 0.0) / n;
  double squares = 0;
  for (const double rate : rates_) squares += (rate - mean) * (rate - mean);
  fmt::print("Rate: mean {}pps stddev {}pps over {} intervals.\n", unit(mean),
             unit(std::sqrt(squares / n)), rates_.size());
}

void Reporter::finish(const Workers& workers) const {
  const Sum sum = sum_of(workers);
  const double seconds = duration(workers);
  const bool sent = config_.sends() || config_.function == Function::kPing;
  const std::uint64_t each = sum.packets == 0 ? 0 : sum.bytes / sum.packets;
  fmt::print("{} {} packets {} bytes {} events {} bytes each in {:.2f} seconds.\n",
             sent ? "Sent" : "Received", sum.packets, sum.bytes, sum.events, each, seconds);
  const double per_second = seconds > 0 ? 1 / seconds : 0;
  const double batch =
      sum.events == 0 ? 0 : static_cast<double>(sum.packets) / static_cast<double>(sum.events);
  fmt::print("Speed: {}pps Bandwidth: {}bps (raw {}bps). Average batch: {:.2f} pkts\n",
             unit(static_cast<double>(sum.packets) * per_second),
             unit(static_cast<double>(8 * sum.bytes) * per_second),
             unit(static_cast<double>(8 * (sum.bytes + kFraming * sum.packets)) * per_second),
             batch);
  rate_statistics();
  for (const auto& worker : workers) {
    if (config_.function == Function::kRxSeq)
      fmt::print("Sequence errors: {}\n", worker->sequence_errors);
    if (config_.function != Function::kPing) continue;
    fmt::print("{}Lost: {} of {}\n", worker->latency.text(), worker->lost,
               worker->counters.packets());
  }
}

}  // namespace pkt_gen
