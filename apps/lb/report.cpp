// SPDX-License-Identifier: BSD-2-Clause
#include "apps/lb/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace lb {
namespace {

void add(Tally& sum, const Tally& tally) {
  sum.packets += tally.packets;
  sum.bytes += tally.bytes;
}

double per_second(std::uint64_t now, std::uint64_t before, double seconds) {
  return static_cast<double>(now - before) / seconds;
}

}  // namespace

std::string Report::head() const {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return fmt::format("{{\"ts\":{}.{:06},\"interface\":\"{}\",", now.tv_sec, now.tv_nsec / 1000,
                     interface_);
}

std::string Report::rates(const Counts& now, const Counts& before, double seconds) {
  const auto megabits = [&](const Tally& a, const Tally& b) {
    return per_second(a.bytes, b.bytes, seconds) * 8 / 1e6;
  };
  const auto kpps = [&](const Tally& a, const Tally& b) {
    return per_second(a.packets, b.packets, seconds) / 1e3;
  };
  return fmt::format(
      "\"data_forward_rate_Mbps\":{:.4f},\"data_drop_rate_Mbps\":{:.4f},"
      "\"packet_forward_rate_kpps\":{:.4f},\"packet_drop_rate_kpps\":{:.4f}",
      megabits(now.forwarded, before.forwarded), megabits(now.dropped, before.dropped),
      kpps(now.forwarded, before.forwarded), kpps(now.dropped, before.dropped));
}

std::vector<std::string> Report::lines(const Balancer& balancer,
                                       const std::vector<Balancer::Group>& groups,
                                       std::uint64_t now_ns) {
  const double seconds = std::max(static_cast<double>(now_ns - last_ns_) / 1e9, 1e-6);
  std::vector<std::string> lines;
  std::vector<Counts> counts;
  Counts all;
  for (const auto& group : groups) {
    for (const Pipe& pipe : group) {
      const std::size_t ring = counts.size();
      counts.push_back({pipe.forwarded, pipe.dropped});
      add(all.forwarded, pipe.forwarded);
      add(all.dropped, pipe.dropped);
      lines.push_back(fmt::format(
          "{}\"output_interface\":\"{}\",\"output_ring\":{},\"packets_forwarded\":{},"
          "\"packets_dropped\":{},{},\"overflow_queue_size\":{}}}",
          head(), pipe.port.name(), ring, pipe.forwarded.packets, pipe.dropped.packets,
          rates(counts[ring], ring < before_.size() ? before_[ring] : Counts{}, seconds),
          pipe.waiting.size()));
    }
  }
  lines.push_back(fmt::format(
      "{}\"output_ring\":null,\"packets_received\":{},\"packets_forwarded\":{},"
      "\"packets_dropped\":{},\"non_ip_packets\":{},{},\"free_buffer_slots\":{}}}",
      head(), balancer.received(), all.forwarded.packets, all.dropped.packets, balancer.not_ip(),
      rates(all, before_.empty() ? Counts{} : before_.back(), seconds), balancer.spare()));
  counts.push_back(all);
  before_ = std::move(counts);
  last_ns_ = now_ns;
  return lines;
}

}  // namespace lb
