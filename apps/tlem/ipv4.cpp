// SPDX-License-Identifier: BSD-2-Clause
#include "apps/tlem/ipv4.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>

#include "apps/common/text.hpp"

namespace tlem {
namespace {

constexpr std::size_t kEthernet = 14, kArp = 28, kIpv4 = 20;
constexpr std::uint16_t kTypeIpv4 = 0x0800, kTypeArp = 0x0806;
// Ethernet, IPv4, lengths 6 and 4
constexpr std::array<std::uint8_t, 6> kArpKind{0, 1, 8, 0, 6, 4};

std::uint16_t get16(ConstBytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

std::uint32_t get32(ConstBytes bytes, std::size_t at) {
  return static_cast<std::uint32_t>(get16(bytes, at)) << 16 | get16(bytes, at + 2);
}

void put16(Bytes bytes, std::size_t at, std::uint32_t value) {
  bytes[at] = static_cast<std::uint8_t>(value >> 8);
  bytes[at + 1] = static_cast<std::uint8_t>(value);
}

void put32(Bytes bytes, std::size_t at, std::uint32_t value) {
  put16(bytes, at, value >> 16);
  put16(bytes, at + 2, value);
}

Mac get_mac(ConstBytes bytes, std::size_t at) {
  Mac mac;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), mac.size(), mac.begin());
  return mac;
}

void put_mac(Bytes bytes, std::size_t at, const Mac& mac) {
  std::copy(mac.begin(), mac.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

std::uint16_t fold(std::uint32_t sum) {
  while ((sum >> 16) != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

bool is(ConstBytes frame, std::uint16_t type, std::size_t size) {
  return frame.size() >= kEthernet + size && get16(frame, 12) == type;
}

}  // namespace

std::uint32_t parse_address(const std::string& what, const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1)
    throw apps::UsageError(what + ": want an IPv4 address, not '" + text + "'");
  return ntohl(address.s_addr);
}

Subnet parse_subnet(const std::string& what, const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos)
    throw apps::UsageError(what + ": want ADDRESS/LENGTH, not '" + text + "'");
  return {parse_address(what, text.substr(0, slash)),
          static_cast<unsigned>(apps::number(what, text.substr(slash + 1), 1, 32))};
}

std::string to_text(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24, address >> 16 & 255, address >> 8 & 255,
                     address & 255);
}

std::optional<Arp> read_arp(ConstBytes frame) {
  if (!is(frame, kTypeArp, kArp)) return std::nullopt;
  const ConstBytes body = frame.subspan(kEthernet, kArp);
  if (!std::equal(kArpKind.begin(), kArpKind.end(), body.begin())) return std::nullopt;
  return Arp{get16(body, 6), get_mac(body, 8), get_mac(body, 18), get32(body, 14), get32(body, 24)};
}

std::array<std::uint8_t, 42> write_arp(const Arp& arp, const Mac& from, const Mac& to) {
  std::array<std::uint8_t, kEthernet + kArp> frame{};
  set_addresses(frame, from, to);
  put16(frame, 12, kTypeArp);
  const Bytes body = Bytes(frame).subspan(kEthernet);
  std::copy(kArpKind.begin(), kArpKind.end(), body.begin());
  put16(body, 6, arp.operation);
  put_mac(body, 8, arp.sender);
  put32(body, 14, arp.sender_address);
  put_mac(body, 18, arp.target);
  put32(body, 24, arp.target_address);
  return frame;
}

Mac destination_of(ConstBytes frame) {
  return get_mac(frame, 0);
}

void set_addresses(Bytes frame, const Mac& from, const Mac& to) {
  put_mac(frame, 0, to);
  put_mac(frame, 6, from);
}

std::optional<Ipv4> Ipv4::read(Bytes frame) {
  if (!is(frame, kTypeIpv4, kIpv4)) return std::nullopt;
  const Bytes packet = frame.subspan(kEthernet);
  const std::size_t size = std::size_t{packet[0]} % 16 * 4;
  if (packet[0] / 16 != 4 || size < kIpv4 || size > packet.size()) return std::nullopt;
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < size; i += 2) sum += get16(packet, i);
  if (fold(sum) != 0xffff) return std::nullopt;
  return Ipv4(packet.subspan(0, size));
}

std::uint32_t Ipv4::destination() const {
  return get32(head_, 16);
}

void Ipv4::decrement_ttl() {
  const std::uint32_t before = get16(head_, 8);
  head_[8]--;
  const std::uint32_t old_sum = get16(head_, 10);
  // ~(~sum + ~before + after)
  put16(head_, 10,
        static_cast<std::uint16_t>(
            ~fold((~old_sum & 0xffff) + (~before & 0xffff) + get16(head_, 8))));
}

}  // namespace tlem
