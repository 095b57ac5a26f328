// SPDX-License-Identifier: BSD-2-Clause
#include "apps/dedup/hold.hpp"

#include <algorithm>

#include "apps/dedup/window.hpp"

namespace dedup {

bool Hold::add(std::span<const std::uint8_t> bytes, std::uint32_t slots, std::uint64_t now) {
  Packet packet{hash_of(bytes), now, slots, false};
  std::uint32_t at = 0;
  for (const Packet& other : held_) {
    packet.duplicate |= !other.duplicate && other.hash == packet.hash &&
                        now - other.time <= window_ns_ && same(at, other, bytes);
    at += other.slots;
  }
  if (!packet.duplicate) different_++;
  slots_ += slots;
  held_.push_back(packet);
  return packet.duplicate;
}

bool Hold::same(std::uint32_t at, const Packet& packet, std::span<const std::uint8_t> bytes) const {
  for (std::uint32_t i = 0; i < packet.slots; i++) {
    const auto part = ring_.packet(ring_.at(at + i));
    if (part.size() > bytes.size() || !std::equal(part.begin(), part.end(), bytes.begin()))
      return false;
    bytes = bytes.subspan(part.size());
  }
  return bytes.empty();
}

std::optional<Hold::Packet> Hold::released(std::uint64_t now) const {
  if (held_.empty()) return std::nullopt;
  const Packet& oldest = held_.front();
  const bool ring_full = ring_.space() == ring_.slots() - 1;
  if (oldest.duplicate || different_ > size_ || ring_full || now - oldest.time > window_ns_)
    return oldest;
  return std::nullopt;
}

void Hold::pop() {
  slots_ -= held_.front().slots;
  if (!held_.front().duplicate) different_--;
  held_.pop_front();
}

std::optional<std::uint64_t> Hold::next_release() const {
  if (held_.empty()) return std::nullopt;
  return held_.front().time + window_ns_ + 1;
}

}  // namespace dedup
