// SPDX-License-Identifier: BSD-2-Clause
#include "apps/tlem/side.hpp"

#include <algorithm>

namespace tlem {

Side::Fate Side::receive(Bytes frame, std::uint64_t now) {
  if (const auto arp = read_arp(frame)) return receive_arp(*arp, now);
  auto packet = Ipv4::read(frame);
  if (!packet || destination_of(frame) != identity_.mac ||
      packet->destination() == identity_.subnet.address || packet->ttl() <= 1)
    return Fate::kDropped;
  packet->decrement_ttl();
  return Fate::kOnward;
}

// RFC 826: who is known already is corrected, who asks for us is to be known.
Side::Fate Side::receive_arp(const Arp& arp, std::uint64_t now) {
  const std::lock_guard lock(mutex_);
  const bool for_us = arp.target_address == identity_.subnet.address;
  if (identity_.subnet.contains(arp.sender_address) &&
      !identity_.subnet.nobody(arp.sender_address) &&
      arp.sender_address != identity_.subnet.address)
    learn(arp.sender_address, arp.sender, now, for_us);
  if (for_us && arp.operation == Arp::kRequest) {
    const Arp reply{Arp::kReply, identity_.mac, arp.sender, identity_.subnet.address,
                    arp.sender_address};
    send_(write_arp(reply, identity_.mac, arp.sender));
  }
  return Fate::kOurs;
}

void Side::learn(std::uint32_t address, const Mac& mac, std::uint64_t now, bool create) {
  const auto found = neighbours_.find(address);
  if (found == neighbours_.end() && !create) return;
  Neighbour& known = found != neighbours_.end() ? found->second : neighbour(address, now);
  known.mac = mac;
  known.heard = now;
  for (auto& frame : known.waiting) {
    set_addresses(frame, identity_.mac, mac);
    if (!send_(frame)) unreachable_++;
  }
  known.waiting.clear();
}

bool Side::send(Bytes frame, std::uint64_t now) {
  const auto packet = Ipv4::read(frame);
  const auto hop = packet ? next_hop(packet->destination()) : std::nullopt;
  const std::lock_guard lock(mutex_);
  if (!hop) {
    unreachable_++;
    return true;
  }
  Neighbour& to = neighbour(*hop, now);
  if (!to.mac || now - to.heard > kFresh) ask(*hop, to, now);
  if (!to.mac) {
    wait(to, frame);
    return true;
  }
  set_addresses(frame, identity_.mac, *to.mac);
  return send_(frame);
}

std::optional<std::uint32_t> Side::next_hop(std::uint32_t destination) const {
  if (!identity_.subnet.contains(destination)) return identity_.gateway;
  if (identity_.subnet.nobody(destination)) return std::nullopt;
  return destination;
}

Side::Neighbour& Side::neighbour(std::uint32_t address, std::uint64_t now) {
  const auto found = neighbours_.find(address);
  if (found != neighbours_.end()) return found->second;
  if (neighbours_.size() >= kNeighbours) forget_oldest();
  Neighbour& made = neighbours_[address];
  made.since = now;
  return made;
}

void Side::forget_oldest() {
  const auto oldest =
      std::min_element(neighbours_.begin(), neighbours_.end(), [](const auto& a, const auto& b) {
        return std::max(a.second.heard, a.second.since) < std::max(b.second.heard, b.second.since);
      });
  unreachable_ += oldest->second.waiting.size();
  neighbours_.erase(oldest);
}

// Once a second, however many packets want it.
void Side::ask(std::uint32_t address, Neighbour& neighbour, std::uint64_t now) {
  if (neighbour.asked && now - *neighbour.asked < kSecond) return;
  neighbour.asked = now;
  const Arp request{Arp::kRequest, identity_.mac, Mac{}, identity_.subnet.address, address};
  send_(write_arp(request, identity_.mac, kBroadcast));
}

void Side::wait(Neighbour& neighbour, ConstBytes frame) {
  if (neighbour.waiting.size() < kWaiting)
    neighbour.waiting.emplace_back(frame.begin(), frame.end());
  else
    unreachable_++;
}

void Side::expire(std::uint64_t now) {
  const std::lock_guard lock(mutex_);
  for (auto at = neighbours_.begin(); at != neighbours_.end();) {
    Neighbour& neighbour = at->second;
    const bool silent =
        neighbour.mac ? now - neighbour.heard > 2 * kFresh : now - neighbour.since > kPatience;
    if (silent) unreachable_ += neighbour.waiting.size();
    if (!silent && !neighbour.mac) ask(at->first, neighbour, now);
    at = silent ? neighbours_.erase(at) : std::next(at);
  }
}

std::uint64_t Side::unreachable() const {
  const std::lock_guard lock(mutex_);
  return unreachable_;
}

}  // namespace tlem
