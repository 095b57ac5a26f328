// SPDX-License-Identifier: BSD-2-Clause
// The frame that is sent: [virtio-net header] Ethernet, IPv4 or IPv6, UDP, payload. The payload
// begins with a stamp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "apps/pkt-gen/flows.hpp"

namespace pkt_gen {

/// What txseq and ping put into a packet, and rxseq and pong find there.
struct Stamp {
  std::uint32_t sequence = 0;
  std::uint64_t time = 0;
};

class Frame {
 public:
  static constexpr std::size_t kStampSize = 12;

  struct Shape {
    std::size_t header = 0;  // virtio-net header in front: 0, 10 or 12
    bool v6 = false;
  };

  /// Smallest size, without the virtio-net header, that has room for a stamp.
  static std::size_t min_size(bool v6, bool stamp);

  Frame(Shape shape, std::size_t max_size);
  /// A frame of somebody else's, which set_flow() and others leave alone.
  Frame(Shape shape, std::vector<std::uint8_t> bytes);

  /// Without virtio-net header.
  void set_size(std::size_t size);
  void set_flow(const Flow& flow);
  void set_stamp(const Stamp& stamp);

  [[nodiscard]] std::span<const std::uint8_t> bytes() const {
    return {bytes_.data(), shape_.header + size_};
  }

 private:
  [[nodiscard]] std::size_t ip_at() const { return shape_.header + 14; }
  [[nodiscard]] std::size_t udp_at() const { return ip_at() + (shape_.v6 ? 40 : 20); }
  [[nodiscard]] std::size_t payload_at() const { return udp_at() + 8; }
  [[nodiscard]] std::size_t end() const { return shape_.header + size_; }
  void write_lengths();
  void write_checksums();

  Shape shape_;
  bool foreign_ = false;
  std::size_t size_ = 0;
  std::vector<std::uint8_t> bytes_;
  std::uint64_t payload_sum_ = 0;  // of what follows the stamp
};

/// The stamp of a received frame if it is one of ours; @p bytes begin with the Ethernet header.
std::optional<Stamp> find_stamp(std::span<const std::uint8_t> bytes);

}  // namespace pkt_gen
