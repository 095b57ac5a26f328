// SPDX-License-Identifier: BSD-2-Clause
// The packets a thread sends, one after the other.
#pragma once

#include <cstdint>
#include <span>

#include "apps/pkt-gen/config.hpp"
#include "apps/pkt-gen/frame.hpp"

namespace pkt_gen {

class PacketSource {
 public:
  /// Throws what reading a pcap file can throw. @p header is the port's virtio-net header.
  PacketSource(const Config& config, std::uint32_t header, std::uint32_t thread);

  /// The next packet; valid until the next call.
  std::span<const std::uint8_t> next();
  /// Are all packets the same bytes?
  [[nodiscard]] bool constant() const { return constant_; }

 private:
  std::uint32_t pick_size();

  const Config& config_;
  Frame frame_;
  FlowWalk walk_;
  std::uint32_t sequence_ = 0;
  std::uint64_t random_;
  bool constant_;
};

/// The first packet of a pcap file.
std::vector<std::uint8_t> first_packet(const std::string& path);

}  // namespace pkt_gen
