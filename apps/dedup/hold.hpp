// SPDX-License-Identifier: BSD-2-Clause
// Packets that stay in the slots they came in for as long as others are compared with them: nothing
// is copied for that, and each leaves so much later.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>

#include "lib/netmap_port.hpp"

namespace dedup {

class Hold {
 public:
  /// At most @p size different packets of @p ring, each for @p window_ns.
  Hold(const vale::netmap::Ring& ring, std::size_t size, std::uint64_t window_ns)
      : ring_(ring), size_(size), window_ns_(window_ns) {}

  struct Packet {
    std::uint64_t hash = 0, time = 0;
    std::uint32_t slots = 0;
    bool duplicate = false;
  };

  /// The next packet behind those held is held, too: @p bytes of it in @p slots slots. True if it
  /// came before.
  bool add(std::span<const std::uint8_t> bytes, std::uint32_t slots, std::uint64_t now);
  /// Where the next one begins, in slots from head on.
  [[nodiscard]] std::uint32_t slots() const { return slots_; }

  /// The packet at head, if it need not be held any longer: too old, one too many, a duplicate, or
  /// in the way of others that want in.
  [[nodiscard]] std::optional<Packet> released(std::uint64_t now) const;
  /// It is gone from the ring.
  void pop();
  /// When the oldest leaves by its age.
  [[nodiscard]] std::optional<std::uint64_t> next_release() const;

 private:
  [[nodiscard]] bool same(std::uint32_t at, const Packet& packet,
                          std::span<const std::uint8_t> bytes) const;

  const vale::netmap::Ring& ring_;
  const std::size_t size_;
  const std::uint64_t window_ns_;
  std::deque<Packet> held_;  // from head on
  std::uint32_t slots_ = 0;
  std::size_t different_ = 0;
};

}  // namespace dedup
