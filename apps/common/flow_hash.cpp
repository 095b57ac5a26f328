// SPDX-License-Identifier: BSD-2-Clause
#include "apps/common/flow_hash.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace apps {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kEthernet = 14;
constexpr std::uint8_t kTcp = 6, kUdp = 17, kSctp = 132;

std::uint64_t mix(std::uint64_t value) {
  value = (value ^ value >> 33) * 0xff51afd7ed558ccdULL;
  value = (value ^ value >> 33) * 0xc4ceb9fe1a85ec53ULL;
  return value ^ value >> 33;
}

std::uint64_t hash(Bytes bytes) {
  std::uint64_t result = bytes.size();
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, &bytes[i], std::min<std::size_t>(8, bytes.size() - i));
    result = mix(result ^ word);
  }
  return result;
}

// Either way round it is the same.
std::uint64_t hash_pair(Bytes a, Bytes b) {
  return hash(a) + hash(b);
}

unsigned word(Bytes packet, std::size_t at) {
  return static_cast<unsigned>(packet[at] << 8 | packet[at + 1]);
}

bool is_tag(unsigned type) {
  return type == 0x8100 || type == 0x88a8;
}

struct Network {
  std::uint64_t addresses = 0;
  std::size_t transport = 0;  // where it begins, 0 if ports cannot be told
  std::uint8_t protocol = 0;
};

Network look_v4(Bytes packet, std::size_t at) {
  const bool fragment = (word(packet, at + 6) & 0x3fff) != 0;
  const std::size_t length = std::size_t{4} * (packet[at] & 15);
  return {hash_pair(packet.subspan(at + 12, 4), packet.subspan(at + 16, 4)),
          fragment ? 0 : at + length, packet[at + 9]};
}

Network look_v6(Bytes packet, std::size_t at) {
  return {hash_pair(packet.subspan(at + 8, 16), packet.subspan(at + 24, 16)), at + 40,
          packet[at + 6]};
}

std::uint64_t ports_of(Bytes packet, const Network& network) {
  const bool known =
      network.protocol == kTcp || network.protocol == kUdp || network.protocol == kSctp;
  if (!known || network.transport == 0 || packet.size() < network.transport + 4) return 0;
  return hash_pair(packet.subspan(network.transport, 2), packet.subspan(network.transport + 2, 2));
}

}  // namespace

std::uint32_t flow_hash(Bytes packet) {
  return hash_flow(packet).value;
}

FlowHash hash_flow(Bytes packet) {
  if (packet.size() < kEthernet) return {};
  std::size_t at = kEthernet;
  unsigned type = word(packet, at - 2);
  for (; is_tag(type) && packet.size() >= at + 4; at += 4) type = word(packet, at + 2);
  Network network;
  if (type == 0x0800 && packet.size() >= at + 20) {
    network = look_v4(packet, at);
  } else if (type == 0x86dd && packet.size() >= at + 40) {
    network = look_v6(packet, at);
  } else {
    return {static_cast<std::uint32_t>(mix(hash_pair(packet.first(6), packet.subspan(6, 6)))),
            false};
  }
  return {static_cast<std::uint32_t>(
              mix(network.addresses ^ ports_of(packet, network) ^ network.protocol)),
          true};
}

}  // namespace apps
