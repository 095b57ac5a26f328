// SPDX-License-Identifier: BSD-2-Clause
// netmap ports for C++: a Port owns descriptor and mapping, a Ring is a view of one ring. Slots
// come in spans:
//
//     for (netmap_slot& slot : ring.ready()) use(ring.packet(slot));
//     ring.advance(n);
//
// A span ends where the circle does, so a full ring takes two of them. Nothing here costs more than
// the macros of <net/netmap_user.h> (tests/netmap/same_code.sh).
#pragma once

#include <libnetmap.h>
#include <net/netmap_user.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lib/result.hpp"

namespace vale::netmap {

class Ring {
 public:
  static constexpr std::uint32_t kAll = std::numeric_limits<std::uint32_t>::max();

  explicit Ring(netmap_ring* ring) : ring_(ring) {}

  [[nodiscard]] netmap_ring* raw() const { return ring_; }
  [[nodiscard]] std::uint32_t slots() const { return ring_->num_slots; }
  [[nodiscard]] std::uint32_t space() const { return nm_ring_space(ring_); }
  [[nodiscard]] bool empty() const { return nm_ring_empty(ring_) != 0; }
  [[nodiscard]] bool pending() const { return nm_tx_pending(ring_) != 0; }

  /// Slots in our hands from head on: at most @p limit, and up to the end of the circle.
  [[nodiscard]] std::span<netmap_slot> ready(std::uint32_t limit = kAll) const {
    const std::uint32_t head = ring_->head, tail = ring_->tail;
    const std::uint32_t n = (tail >= head ? tail : ring_->num_slots) - head;
    return {ring_->slot + head, std::min(n, limit)};
  }
  /// The @p i th slot from head on, wherever the circle ends; i < space().
  [[nodiscard]] netmap_slot& at(std::uint32_t i) const {
    const std::uint32_t index = ring_->head + i;
    return ring_->slot[index < ring_->num_slots ? index : index - ring_->num_slots];
  }
  /// Gives the first @p n slots back to the kernel at the next sync.
  void advance(std::uint32_t n) const {
    const std::uint32_t head = ring_->head + n;
    ring_->head = ring_->cur = head < ring_->num_slots ? head : head - ring_->num_slots;
  }

  /// The bytes of a slot, and the room it has for some.
  [[nodiscard]] std::span<std::uint8_t> packet(const netmap_slot& slot) const {
    return {data(slot), slot.len};
  }
  [[nodiscard]] std::span<std::uint8_t> room(const netmap_slot& slot) const {
    return {data(slot), ring_->nr_buf_size - NETMAP_ROFFSET(ring_, &slot)};
  }

 private:
  [[nodiscard]] std::uint8_t* data(const netmap_slot& slot) const {
    return reinterpret_cast<std::uint8_t*>(NETMAP_BUF_OFFSET(ring_, &slot));
  }

  netmap_ring* ring_;
};

/// Exchanges the buffers of two slots of one region; lengths and flags are the caller's.
inline void swap_buffers(netmap_slot& a, netmap_slot& b) {
  std::swap(a.buf_idx, b.buf_idx);
  std::swap(a.ptr, b.ptr);
  a.flags |= NS_BUF_CHANGED;
  b.flags |= NS_BUF_CHANGED;
}

/// What a port's name cannot say.
struct PortOptions {
  std::uint32_t extra_bufs = 0;
  std::uint64_t flags = 0;  // NR_*
  std::uint32_t tx_slots = 0, rx_slots = 0;
  std::uint16_t tx_rings = 0, rx_rings = 0;
};

class Port {
 public:
  static Result<Port> open(const std::string& spec, const PortOptions& options = {});
  /// The same port again, but only NIC ring pair @p ring of it.
  [[nodiscard]] Result<Port> open_ring(std::uint16_t ring) const;

  [[nodiscard]] int fd() const { return port_->fd; }
  [[nodiscard]] std::string name() const { return port_->hdr.nr_name; }
  [[nodiscard]] std::uint16_t mem_id() const { return port_->reg.nr_mem_id; }
  [[nodiscard]] const nmreq_register& request() const { return port_->reg; }
  [[nodiscard]] netmap_if& interface() const { return *port_->nifp; }
  [[nodiscard]] bool is_vale() const { return name().starts_with(NM_BDG_NAME); }

  /// Rings bound, in order.
  [[nodiscard]] const std::vector<Ring>& tx() const { return tx_; }
  [[nodiscard]] const std::vector<Ring>& rx() const { return rx_; }

  /// Length of the virtio-net header in front of every packet of this port.
  [[nodiscard]] Result<std::uint32_t> header_length() const;
  [[nodiscard]] Result<void> set_header_length(std::uint32_t length) const;

  // These may be called for what they do: a port that is gone shows in the next wait.
  // NOLINTBEGIN(modernize-use-nodiscard)
  bool txsync() const { return ::ioctl(fd(), NIOCTXSYNC) == 0; }
  bool rxsync() const { return ::ioctl(fd(), NIOCRXSYNC) == 0; }
  /// Copies a packet into the first TX ring with room for it; the next txsync sends it. False if
  /// none has room.
  [[nodiscard]] bool inject(std::span<const std::uint8_t> packet) const {
    return nmport_inject(port_.get(), packet.data(), packet.size()) != 0;
  }
  /// poll(2) for @p events; what happened, 0 if nothing did in time.
  short wait(short events, int timeout_ms) const;
  // NOLINTEND(modernize-use-nodiscard)
  /// True if some slot was handed over and is not back yet.
  [[nodiscard]] bool tx_pending() const {
    return std::any_of(tx_.begin(), tx_.end(), [](const Ring& ring) { return ring.pending(); });
  }

 private:
  struct Closer {
    void operator()(nmport_d* port) const { nmport_close(port); }
  };
  using Owned = std::unique_ptr<nmport_d, Closer>;

  explicit Port(Owned port);
  static Result<Port> finish(Owned port, const std::string& spec);

  Owned port_;
  std::vector<Ring> tx_, rx_;
};

}  // namespace vale::netmap
