// SPDX-License-Identifier: BSD-2-Clause
#include "apps/tlem/direction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "apps/common/forward.hpp"

namespace tlem {

using vale::netmap::Ring;

Direction::Direction(const Ends& ends, const Config& config, const apps::LinkSettings& settings)
    : ends_(ends),
      punctuality_(config.punctuality),
      batch_(config.batch),
      line_(config.huge_pages),
      link_(settings, std::random_device{}()) {}

void Direction::take_in(std::uint64_t now) {
  const std::lock_guard lock(mutex_);
  for (const Ring& ring : ends_.from.rx()) {
    while (const std::uint32_t n = apps::packet_slots(ring)) {
      take_packet(ring, n, now);
      ring.advance(n);
    }
  }
  counts_.on_the_way = line_.size();
}

void Direction::take_packet(const Ring& ring, std::uint32_t n, std::uint64_t now) {
  counts_.received++;
  apps::gather_packet(ring, 0, n, packet_);
  if (ends_.here != nullptr) {
    const Side::Fate fate = ends_.here->receive(packet_, now);
    if (fate == Side::Fate::kDropped) counts_.not_routed++;
    if (fate != Side::Fate::kOnward) return;
  }
  const auto arrival = link_.arrival(now, packet_.size());
  if (!arrival) return;
  const std::uint64_t when = *arrival - std::min(*arrival - now, punctuality_.offset_ns);
  std::copy(packet_.begin(), packet_.end(), line_.push(when, packet_.size()).begin());
}

bool Direction::send_due(std::uint64_t now) {
  bool stuck = false;
  const std::lock_guard lock(mutex_);
  for (std::uint32_t n = 0; n < batch_ && !line_.empty() && line_.due() <= now; n++) {
    const bool keep = punctual(now);
    if (keep && !send_front(now)) {
      stuck = true;
      break;
    }
    counts_.sent += keep ? 1 : 0;
    line_.pop();
    counted_late_ = false;
  }
  counts_.on_the_way = line_.size();
  ends_.outlet.sync();
  return stuck;
}

// False: it is to be dropped instead.
bool Direction::punctual(std::uint64_t now) {
  if (now - line_.due() <= punctuality_.lag_ns) return true;
  if (punctuality_.drop_late) {
    counts_.too_late++;
    return false;
  }
  counts_.late += counted_late_ ? 0 : 1;
  counted_late_ = true;
  return true;
}

bool Direction::send_front(std::uint64_t now) {
  return ends_.there != nullptr ? ends_.there->send(line_.front(), now)
                                : ends_.outlet.put(line_.front());
}

void Direction::change(const apps::LinkSettings& settings) {
  const std::lock_guard lock(mutex_);
  link_.change(settings);
}

std::string Direction::report() const {
  const std::lock_guard lock(mutex_);
  std::string line = fmt::format(
      "{} -> {}: {} packets in, {} out, {} lost, {} dropped from the queue, {} on the way, {} late",
      ends_.from.name(), ends_.to.name(), counts_.received, counts_.sent, link_.lost(),
      link_.overflowed(), counts_.on_the_way, counts_.late);
  if (punctuality_.drop_late) line += fmt::format(", {} too late", counts_.too_late);
  if (ends_.here != nullptr)
    line += fmt::format(", {} not routed, {} unreachable", counts_.not_routed,
                        ends_.there->unreachable());
  return line;
}

}  // namespace tlem
