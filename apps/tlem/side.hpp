// SPDX-License-Identifier: BSD-2-Clause
// One of the two networks between which tlem routes, and who is where in it. Threads of both
// directions may call. Times in ns, whatever its caller says they are.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "apps/tlem/ipv4.hpp"

namespace tlem {

class Side {
 public:
  struct Identity {
    Mac mac{};
    Subnet subnet;
    std::optional<std::uint32_t> gateway;
  };
  /// Puts a frame into the network; false if there is no room.
  using Send = std::function<bool(ConstBytes)>;
  enum class Fate { kOnward, kOurs, kDropped };

  static constexpr std::size_t kNeighbours = 4096, kWaiting = 64;
  static constexpr std::uint64_t kSecond = 1'000'000'000, kFresh = 60 * kSecond,
                                 kPatience = 3 * kSecond;

  Side(const Identity& identity, Send send) : identity_(identity), send_(std::move(send)) {}

  /// A frame came from the network. ARP is answered and learnt from; IPv4 for somebody else goes
  /// onward, with one hop less to live; the rest is dropped.
  Fate receive(Bytes frame, std::uint64_t now);

  /// To the neighbour its destination is behind, or to wait until that answers. False if there is
  /// no room now.
  bool send(Bytes frame, std::uint64_t now);

  /// Gives up on neighbours that do not answer. To be called now and then.
  void expire(std::uint64_t now);

  [[nodiscard]] const Identity& identity() const { return identity_; }
  /// Packets nobody could be found for.
  [[nodiscard]] std::uint64_t unreachable() const;

 private:
  struct Neighbour {
    std::optional<Mac> mac;
    std::uint64_t heard = 0, since = 0;
    std::optional<std::uint64_t> asked;
    std::vector<std::vector<std::uint8_t>> waiting;
  };

  Fate receive_arp(const Arp& arp, std::uint64_t now);
  void learn(std::uint32_t address, const Mac& mac, std::uint64_t now, bool create);
  Neighbour& neighbour(std::uint32_t address, std::uint64_t now);
  void forget_oldest();
  void ask(std::uint32_t address, Neighbour& neighbour, std::uint64_t now);
  void wait(Neighbour& neighbour, ConstBytes frame);
  [[nodiscard]] std::optional<std::uint32_t> next_hop(std::uint32_t destination) const;

  const Identity identity_;
  const Send send_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint32_t, Neighbour> neighbours_;
  std::uint64_t unreachable_ = 0;
};

}  // namespace tlem
