// SPDX-License-Identifier: BSD-2-Clause
// The extra buffers of a port: handed out and taken back, and all of them in the port's list again
// at the end, which frees them.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/netmap_port.hpp"

namespace lb {

class SpareBuffers {
 public:
  explicit SpareBuffers(const vale::netmap::Port& port);

  [[nodiscard]] bool empty() const { return free_.empty(); }
  [[nodiscard]] std::size_t size() const { return free_.size(); }
  std::uint32_t take();
  void give(std::uint32_t buffer) { free_.push_back(buffer); }
  /// Links all that are here into the port's list.
  void put_back();

 private:
  [[nodiscard]] std::uint32_t* first_word(std::uint32_t buffer) const;

  netmap_if* interface_;
  netmap_ring* any_ring_;
  std::vector<std::uint32_t> free_;
};

}  // namespace lb
