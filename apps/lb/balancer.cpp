// SPDX-License-Identifier: BSD-2-Clause
#include "apps/lb/balancer.hpp"

#include "apps/common/flow_hash.hpp"
#include "apps/common/forward.hpp"

namespace lb {

using apps::Transfer;
using vale::netmap::Ring;

namespace {

constexpr std::uint16_t kMore = NS_MOREFRAG;

std::uint64_t size_of(const Ring& rx, std::uint32_t slots) {
  std::uint64_t size = 0;
  for (std::uint32_t i = 0; i < slots; i++) size += rx.at(i).len;
  return size;
}

const Ring& output(const Pipe& pipe) {
  return pipe.port.tx()[0];
}

}  // namespace

// Buffers that wait belong to the input's list as well.
Balancer::~Balancer() {
  for (Group& group : groups_) {
    for (Pipe& pipe : group) {
      for (const netmap_slot& slot : pipe.waiting) spare_.give(slot.buf_idx);
      pipe.waiting.clear();
    }
  }
  spare_.put_back();
}

void Balancer::step(std::uint32_t limit) {
  for (Group& group : groups_) {
    for (Pipe& pipe : group) drain(pipe);
  }
  for (const Ring& rx : input_.rx()) {
    while (limit != 0) {
      const std::uint32_t slots = apps::packet_slots(rx);
      if (slots == 0) break;
      take_packet(rx, slots);
      limit -= std::min(limit, slots);
    }
  }
  for (Group& group : groups_) {
    for (Pipe& pipe : group) pipe.port.txsync();
  }
}

void Balancer::take_packet(const Ring& rx, std::uint32_t slots) {
  const apps::FlowHash hash = apps::hash_flow(rx.packet(rx.at(0)));
  received_++;
  if (!hash.ip) not_ip_++;
  for (std::size_t i = 0; i < groups_.size(); i++) {
    Pipe& pipe = groups_[i][hash.value % groups_[i].size()];
    if (i + 1 == groups_.size()) {
      hand_over(pipe, rx, slots);
    } else {
      copy(pipe, rx, slots);
    }
  }
}

// Behind those that wait, if any do: the order within a flow stays.
void Balancer::hand_over(Pipe& pipe, const Ring& rx, std::uint32_t slots) {
  if (pipe.waiting.empty() && output(pipe).space() >= slots) {
    pipe.forwarded.add(size_of(rx, slots));
    apps::move_packet(rx, output(pipe), slots, Transfer::kSwap);
    return;
  }
  if (!keep(pipe, rx, slots)) pipe.dropped.add(size_of(rx, slots));
  rx.advance(slots);
}

bool Balancer::keep(Pipe& pipe, const Ring& rx, std::uint32_t slots) {
  if (spare_.size() < slots) return false;
  for (std::uint32_t i = 0; i < slots; i++) {
    netmap_slot& slot = rx.at(i);
    pipe.waiting.push_back(slot);
    slot.buf_idx = spare_.take();
    slot.flags |= NS_BUF_CHANGED;
  }
  return true;
}

void Balancer::copy(Pipe& pipe, const Ring& rx, std::uint32_t slots) {
  const Ring& tx = output(pipe);
  if (tx.space() < slots) {
    pipe.dropped.add(size_of(rx, slots));
    return;
  }
  for (std::uint32_t i = 0; i < slots; i++) {
    netmap_slot &from = rx.at(i), &to = tx.at(i);
    to.len = from.len;
    to.flags = from.flags & kMore;
    nm_pkt_copy(rx.packet(from).data(), tx.room(to).data(), from.len);
  }
  tx.advance(slots);
  pipe.forwarded.add(size_of(rx, slots));
}

// Whole packets only, as many as there is room for.
void Balancer::drain(Pipe& pipe) {
  const Ring& tx = output(pipe);
  while (!pipe.waiting.empty()) {
    std::uint32_t slots = 1;
    while ((pipe.waiting[slots - 1].flags & kMore) != 0) slots++;
    if (tx.space() < slots) return;
    std::uint64_t size = 0;
    for (std::uint32_t i = 0; i < slots; i++) {
      const netmap_slot from = pipe.waiting.front();
      pipe.waiting.pop_front();
      netmap_slot& to = tx.at(i);
      spare_.give(to.buf_idx);
      to.buf_idx = from.buf_idx;
      to.len = from.len;
      size += from.len;
      to.ptr = from.ptr;
      to.flags = static_cast<std::uint16_t>((from.flags & kMore) | NS_BUF_CHANGED);
    }
    tx.advance(slots);
    pipe.forwarded.add(size);
  }
}

}  // namespace lb
