// SPDX-License-Identifier: BSD-2-Clause
// Packets on their way, ordered by the time they are due; those of equal time in the order they
// came.
#pragma once

#include <cstdint>
#include <queue>
#include <span>

#include "apps/common/packet_store.hpp"

namespace apps {

class DelayLine {
 public:
  explicit DelayLine(bool huge_pages = false) : store_(huge_pages) {}

  /// Where to write a packet of that size that is due at @p when.
  std::span<std::uint8_t> push(std::uint64_t when, std::size_t size) {
    const auto packet = store_.take(size);
    queue_.push({when, next_++, packet});
    return packet;
  }

  [[nodiscard]] bool empty() const { return queue_.empty(); }
  [[nodiscard]] std::size_t size() const { return queue_.size(); }
  /// Of the next packet; there must be one.
  [[nodiscard]] std::uint64_t due() const { return queue_.top().when; }
  [[nodiscard]] std::span<std::uint8_t> front() const { return queue_.top().packet; }
  void pop() {
    store_.give(front());
    queue_.pop();
  }

 private:
  struct Entry {
    std::uint64_t when, order;
    std::span<std::uint8_t> packet;
    bool operator<(const Entry& other) const {
      return when != other.when ? when > other.when : order > other.order;
    }
  };
  PacketStore store_;
  std::priority_queue<Entry> queue_;
  std::uint64_t next_ = 0;
};

}  // namespace apps
