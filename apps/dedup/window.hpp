// SPDX-License-Identifier: BSD-2-Clause
// The packets seen last, to tell whether one has been seen before.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace dedup {

/// Eight bytes a step: it need not be strong, the bytes are compared besides.
inline std::uint64_t hash_of(std::span<const std::uint8_t> packet) {
  std::uint64_t hash = packet.size() + 1;
  for (std::size_t i = 0; i < packet.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, packet.data() + i, std::min<std::size_t>(8, packet.size() - i));
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 29;
  }
  return hash;
}

/// Remembers the last @p size packets, each for @p window_ns.
class Window {
 public:
  Window(std::size_t size, std::uint64_t window_ns) : entries_(size), window_ns_(window_ns) {}

  /// True if the same bytes came before, and not too long ago. Else they are remembered.
  bool seen(std::span<const std::uint8_t> packet, std::uint64_t now_ns) {
    const std::uint64_t hash = hash_of(packet);
    for (const Entry& entry : entries_) {
      if (entry.hash == hash && entry.used && now_ns - entry.time <= window_ns_ &&
          same(entry, packet))
        return true;
    }
    Entry& oldest = entries_[next_];
    next_ = next_ + 1 == entries_.size() ? 0 : next_ + 1;
    oldest.hash = hash;
    oldest.time = now_ns;
    oldest.used = true;
    oldest.bytes.assign(packet.begin(), packet.end());
    return false;
  }

 private:
  struct Entry {
    std::uint64_t hash = 0, time = 0;
    bool used = false;
    std::vector<std::uint8_t> bytes;
  };

  static bool same(const Entry& entry, std::span<const std::uint8_t> packet) {
    return entry.bytes.size() == packet.size() &&
           std::memcmp(entry.bytes.data(), packet.data(), packet.size()) == 0;
  }

  std::vector<Entry> entries_;
  std::size_t next_ = 0;
  std::uint64_t window_ns_;
};

}  // namespace dedup
