// SPDX-License-Identifier: BSD-2-Clause
#include "fake_switch.hpp"

#include <poll.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

FakeSwitch* fake_switch;

namespace {

constexpr size_t kIfSize = 1024;

size_t rounded(size_t size) {
  return (size + NM_CACHE_ALIGN - 1) / NM_CACHE_ALIGN * NM_CACHE_ALIGN;
}

template <class T>
void write(const T& field, T value) {
  const_cast<T&>(field) = value;
}

}  // namespace

// One host ring per direction is counted and absent, as on a VALE port.
FakePort::FakePort(uint32_t rings, uint32_t slots, uint32_t buf_size)
    : sent(rings),
      ring_size_(rounded(sizeof(netmap_ring) + slots * sizeof(netmap_slot))),
      if_size_(kIfSize),
      released_(rings) {
  const size_t bufs = 2 + size_t{2} * rings * slots;
  port_.mem_size = rounded(if_size_ + 2 * rings * ring_size_ + bufs * buf_size);
  port_.mem = static_cast<char*>(std::aligned_alloc(NM_CACHE_ALIGN, port_.mem_size));
  std::memset(port_.mem, 0, port_.mem_size);
  port_.nifp = NETMAP_IF(port_.mem, 0);
  std::strcpy(port_.nifp->ni_name, "vale0:fake");
  write(port_.nifp->ni_tx_rings, rings);
  write(port_.nifp->ni_rx_rings, rings);
  write(port_.nifp->ni_host_tx_rings, 1u);
  write(port_.nifp->ni_host_rx_rings, 1u);
  for (uint32_t i = 0; i < rings; i++) {
    make_ring(i, true, slots, buf_size, 2 + 2 * i * slots);
    make_ring(i, false, slots, buf_size, 2 + (2 * i + 1) * slots);
  }
  nm_find_rings(&port_);
}

FakePort::~FakePort() {
  std::free(port_.mem);
}

void FakePort::make_ring(uint32_t index, bool tx, uint32_t slots, uint32_t buf_size,
                         uint32_t first_buf) {
  const uint32_t rings = port_.nifp->ni_tx_rings;
  const size_t at = if_size_ + (2 * index + (tx ? 0 : 1)) * ring_size_;
  auto* ring = NETMAP_AT_(netmap_ring, port_.mem, at);
  write(port_.nifp->ring_ofs[tx ? index : rings + 1 + index], static_cast<ssize_t>(at));
  write(ring->buf_ofs, static_cast<int64_t>(if_size_ + 2 * rings * ring_size_ - at));
  write(ring->num_slots, slots);
  write(ring->nr_buf_size, buf_size);
  write(ring->dir, static_cast<uint16_t>(tx));
  ring->tail = tx ? slots - 1 : 0;
  for (uint32_t i = 0; i < slots; i++)
    ring->slot[i] = {.buf_idx = first_buf + i, .len = 0, .flags = 0, .ptr = 0};
}

uint32_t FakePort::room(uint32_t i) const {
  const netmap_ring& ring = *port_.rx[i];
  return ring.num_slots - 1 - nm_slots_used(&ring, released_[i], ring.tail);
}

void FakePort::deliver(uint32_t i, const netmap_slot& slot, const char* bytes, uint32_t frags) {
  netmap_ring& ring = rx(i);
  netmap_slot& to = ring.slot[ring.tail];
  std::memcpy(NETMAP_BUF(&ring, to.buf_idx), bytes, slot.len);
  to.len = slot.len;
  to.flags = static_cast<uint16_t>(frags << NS_PORT_SHIFT | (slot.flags & NS_MOREFRAG));
  ring.tail = nm_ring_next(&ring, ring.tail);
}

FakePort& FakeSwitch::find(nm_port& port) {
  return **std::find_if(ports_.begin(), ports_.end(),
                        [&](FakePort* item) { return &item->port() == &port; });
}

void FakeSwitch::forward(FakePort& from, netmap_ring& ring, uint32_t first, uint32_t slots) {
  std::vector<char> bytes;
  std::vector<netmap_slot> parts;
  for (uint32_t i = 0, at = first; i < slots; i++, at = nm_ring_next(&ring, at)) {
    const netmap_slot& slot = ring.slot[at];
    const char* part = (slot.flags & NS_INDIRECT) != 0 ? reinterpret_cast<const char*>(slot.ptr)
                                                       : NETMAP_BUF(&ring, slot.buf_idx);
    bytes.insert(bytes.end(), part, part + slot.len);
    parts.push_back(slot);
  }
  if (tamper && !tamper(bytes)) return;
  for (FakePort* to : ports_) {
    if (to == &from || to->room(0) < slots) continue;
    const char* part = bytes.data();
    for (const netmap_slot& slot : parts) {
      to->deliver(0, slot, part, slots);
      part += slot.len;
    }
  }
}

void FakeSwitch::sync_tx_locked(FakePort& from) {
  for (uint32_t i = 0; i < from.port_.tx_count; i++) {
    netmap_ring& ring = from.tx(i);
    uint32_t first = from.sent[i];
    for (uint32_t at = first; at != ring.head;) {
      const bool more = (ring.slot[at].flags & NS_MOREFRAG) != 0;
      at = nm_ring_next(&ring, at);
      if (more && at != ring.head) continue;
      forward(from, ring, first, nm_slots_used(&ring, first, at));
      first = at;
    }
    from.sent[i] = ring.head;
    ring.tail = ring.head == 0 ? ring.num_slots - 1 : ring.head - 1;
  }
  wake_all_locked();
}

bool FakeSwitch::sync_rx_locked(FakePort& at) {
  bool readable = false;
  for (uint32_t i = 0; i < at.port_.rx_count; i++) {
    at.released_[i] = at.rx(i).head;
    readable |= at.rx(i).cur != at.rx(i).tail;
  }
  return readable;
}

void FakeSwitch::wake_all_locked() {
  asleep_.clear();
  changed_.notify_all();
}

// If everybody sleeps, nothing happens before the first deadline.
bool FakeSwitch::skip_time_locked() {
  if (asleep_.empty() || asleep_.size() < threads_) return false;
  const auto first =
      std::min_element(asleep_.begin(), asleep_.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  now_us_ = std::max(now_us_, first->second);
  wake_all_locked();
  return true;
}

void FakeSwitch::txsync(nm_port& port) {
  const std::lock_guard lock(mutex_);
  now_us_ += kCallUs;
  sync_tx_locked(find(port));
}

bool FakeSwitch::rxsync(nm_port& port) {
  const std::lock_guard lock(mutex_);
  now_us_ += kCallUs;
  return sync_rx_locked(find(port));
}

bool FakeSwitch::wait_readable(nm_port& port, int timeout_ms) {
  std::unique_lock lock(mutex_);
  now_us_ += kCallUs;
  const uint64_t deadline = now_us_ + 1000 * static_cast<uint64_t>(timeout_ms);
  sync_tx_locked(find(port));
  while (!sync_rx_locked(find(port))) {
    if (now_us_ >= deadline) return false;
    asleep_[&port] = deadline;
    if (!skip_time_locked()) changed_.wait(lock);
  }
  asleep_.erase(&port);
  return true;
}

void FakeSwitch::leave() {
  const std::lock_guard lock(mutex_);
  threads_--;
  skip_time_locked();
}

uint64_t FakeSwitch::now_ms() {
  const std::lock_guard lock(mutex_);
  return now_us_ / 1000;
}

extern "C" int nm_txsync(nm_port* port) {
  fake_switch->txsync(*port);
  return 0;
}

extern "C" int nm_rxsync(nm_port* port) {
  fake_switch->rxsync(*port);
  return 0;
}

extern "C" short nm_poll(nm_port* port, short events, int timeout_ms) {
  const bool writable = (events & POLLOUT) != 0;
  const bool readable = fake_switch->wait_readable(*port, writable ? 0 : timeout_ms);
  return static_cast<short>((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
}

extern "C" uint64_t nm_now_ms() {
  return fake_switch->now_ms();
}
