// SPDX-License-Identifier: BSD-2-Clause
// Packets on their way, ordered by the time they are due; those of equal time in the order they
// came.
#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <span>
#include <vector>

namespace apps {

class DelayLine {
 public:
  /// Where to write a packet of that size that is due at @p when.
  std::span<std::uint8_t> push(std::uint64_t when, std::size_t size) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(buffers_.size()));
      buffers_.emplace_back();
    }
    const std::uint32_t buffer = free_.back();
    free_.pop_back();
    buffers_[buffer].resize(size);
    queue_.push({when, next_++, buffer});
    return buffers_[buffer];
  }

  [[nodiscard]] bool empty() const { return queue_.empty(); }
  [[nodiscard]] std::size_t size() const { return queue_.size(); }
  /// Of the next packet; there must be one.
  [[nodiscard]] std::uint64_t due() const { return queue_.top().when; }
  [[nodiscard]] std::span<const std::uint8_t> front() const {
    return buffers_[queue_.top().buffer];
  }
  void pop() {
    free_.push_back(queue_.top().buffer);
    queue_.pop();
  }

 private:
  struct Entry {
    std::uint64_t when, order;
    std::uint32_t buffer;
    bool operator<(const Entry& other) const {
      return when != other.when ? when > other.when : order > other.order;
    }
  };
  std::priority_queue<Entry> queue_;
  std::vector<std::vector<std::uint8_t>> buffers_;
  std::vector<std::uint32_t> free_;
  std::uint64_t next_ = 0;
};

}  // namespace apps
