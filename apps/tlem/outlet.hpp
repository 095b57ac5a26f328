// SPDX-License-Identifier: BSD-2-Clause
// Where packets leave by a port. In route mode both directions do: one sends, the other answers.
#pragma once

#include <mutex>
#include <span>

#include "lib/netmap_port.hpp"

namespace tlem {

class Outlet {
 public:
  explicit Outlet(const vale::netmap::Port& port) : port_(port) {}

  /// False if no ring has room; what is in is sent by the next sync().
  [[nodiscard]] bool put(std::span<const std::uint8_t> packet) {
    const std::lock_guard lock(mutex_);
    return port_.inject(packet);
  }
  void sync() {
    const std::lock_guard lock(mutex_);
    port_.txsync();
  }

 private:
  const vale::netmap::Port& port_;
  std::mutex mutex_;
};

}  // namespace tlem
