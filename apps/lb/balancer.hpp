// SPDX-License-Identifier: BSD-2-Clause
// Spreads packets over groups of pipes: every group sees every packet, one pipe of it, the same for
// all of a flow. The last group gets the buffer itself, the others a copy. What a pipe has no room
// for waits in spare buffers.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "apps/lb/spare_buffers.hpp"
#include "lib/netmap_port.hpp"

namespace lb {

struct Tally {
  std::uint64_t packets = 0, bytes = 0;
  void add(std::uint64_t size) {
    packets++;
    bytes += size;
  }
};

struct Pipe {
  vale::netmap::Port port;
  Tally forwarded = {}, dropped = {};
  std::deque<netmap_slot> waiting = {};  // slots in spare buffers, in order
};

class Balancer {
 public:
  using Group = std::vector<Pipe>;

  Balancer(const vale::netmap::Port& input, std::vector<Group>& groups)
      : input_(input), groups_(groups), spare_(input) {}
  ~Balancer();
  Balancer(const Balancer&) = delete;
  Balancer& operator=(const Balancer&) = delete;

  /// Takes at most @p limit slots from the input. All pipes are synced afterwards.
  void step(std::uint32_t limit);

  [[nodiscard]] std::uint64_t received() const { return received_; }
  /// Neither IPv4 nor IPv6; of those received.
  [[nodiscard]] std::uint64_t not_ip() const { return not_ip_; }
  [[nodiscard]] std::size_t spare() const { return spare_.size(); }

 private:
  void take_packet(const vale::netmap::Ring& rx, std::uint32_t slots);
  void hand_over(Pipe& pipe, const vale::netmap::Ring& rx, std::uint32_t slots);
  void copy(Pipe& pipe, const vale::netmap::Ring& rx, std::uint32_t slots);
  bool keep(Pipe& pipe, const vale::netmap::Ring& rx, std::uint32_t slots);
  void drain(Pipe& pipe);

  const vale::netmap::Port& input_;
  std::vector<Group>& groups_;
  SpareBuffers spare_;
  std::uint64_t received_ = 0, not_ip_ = 0;
};

}  // namespace lb
