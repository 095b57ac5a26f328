// SPDX-License-Identifier: BSD-2-Clause
// One direction of the link: packets come by a port, are on their way, and leave by the other. One
// thread carries; others may change settings and ask for counts.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "apps/common/delay_line.hpp"
#include "apps/common/link_model.hpp"
#include "apps/tlem/config.hpp"
#include "apps/tlem/outlet.hpp"
#include "apps/tlem/side.hpp"
#include "lib/netmap_port.hpp"

namespace tlem {

class Direction {
 public:
  /// @p here and @p there are the networks at its ends in route mode, else null.
  struct Ends {
    const vale::netmap::Port& from;
    const vale::netmap::Port& to;
    Outlet& outlet;
    Side* here;
    Side* there;
  };

  Direction(const Ends& ends, const Config& config, const apps::LinkSettings& settings);

  void take_in(std::uint64_t now);
  /// True if a packet that is due has no room.
  bool send_due(std::uint64_t now);

  void change(const apps::LinkSettings& settings);
  [[nodiscard]] const vale::netmap::Port& from() const { return ends_.from; }
  [[nodiscard]] std::optional<std::uint64_t> next_due() const {
    return line_.empty() ? std::nullopt : std::optional(line_.due());
  }
  /// A line of counts.
  [[nodiscard]] std::string report() const;

 private:
  struct Counts {
    std::uint64_t received = 0, sent = 0, late = 0, too_late = 0, not_routed = 0;
    std::size_t on_the_way = 0;
  };

  void take_packet(const vale::netmap::Ring& ring, std::uint32_t n, std::uint64_t now);
  bool send_front(std::uint64_t now);
  [[nodiscard]] bool punctual(std::uint64_t now);

  const Ends ends_;
  const Punctuality punctuality_;
  const std::uint32_t batch_;
  apps::DelayLine line_;
  std::vector<std::uint8_t> packet_;
  bool counted_late_ = false;  // the one in front

  mutable std::mutex mutex_;  // of what follows
  apps::Link link_;
  Counts counts_;
};

}  // namespace tlem
