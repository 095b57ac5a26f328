// SPDX-License-Identifier: BSD-2-Clause
// What a router between two Ethernets has to know of frames: ARP (RFC 826) and the head of IPv4
// (RFC 791). Addresses are numbers in host byte order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace tlem {

using Mac = std::array<std::uint8_t, 6>;
using Bytes = std::span<std::uint8_t>;
using ConstBytes = std::span<const std::uint8_t>;

constexpr Mac kBroadcast{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

/// An address and the network it is in: 10.0.0.1/24.
struct Subnet {
  std::uint32_t address = 0;
  unsigned length = 0;

  [[nodiscard]] std::uint32_t mask() const { return length == 0 ? 0 : ~0U << (32 - length); }
  [[nodiscard]] bool contains(std::uint32_t other) const {
    return ((other ^ address) & mask()) == 0;
  }
  /// The network's own address, or its broadcast.
  [[nodiscard]] bool nobody(std::uint32_t other) const {
    return length < 31 && ((other & ~mask()) == 0 || (other | mask()) == ~0U);
  }
};

/// UsageErrors that name the option.
std::uint32_t parse_address(const std::string& what, const std::string& text);
Subnet parse_subnet(const std::string& what, const std::string& text);
std::string to_text(std::uint32_t address);

struct Arp {
  static constexpr std::uint16_t kRequest = 1, kReply = 2;
  std::uint16_t operation = kRequest;
  Mac sender{}, target{};
  std::uint32_t sender_address = 0, target_address = 0;
};

/// Frames without the padding that Ethernet wants of short ones: netmap's ports add that.
std::optional<Arp> read_arp(ConstBytes frame);
std::array<std::uint8_t, 42> write_arp(const Arp& arp, const Mac& from, const Mac& to);

Mac destination_of(ConstBytes frame);
void set_addresses(Bytes frame, const Mac& from, const Mac& to);

/// The head of an IPv4 packet in an Ethernet frame.
class Ipv4 {
 public:
  /// Nothing if it is none, or cut off, or its header's checksum is wrong.
  static std::optional<Ipv4> read(Bytes frame);

  [[nodiscard]] std::uint32_t destination() const;
  [[nodiscard]] unsigned ttl() const { return head_[8]; }
  /// One less, and the checksum with it (RFC 1624).
  void decrement_ttl();

 private:
  explicit Ipv4(Bytes head) : head_(head) {}
  Bytes head_;
};

}  // namespace tlem
