// SPDX-License-Identifier: BSD-2-Clause
#include "apps/pkt-gen/flows.hpp"

#include <arpa/inet.h>
#include <endian.h>

#include <cstring>

#include "apps/common/text.hpp"

namespace pkt_gen {
namespace {

struct Endpoint {
  Address address;
  std::uint16_t port;
};

Address parse_address(const std::string& text, bool v6) {
  if (!v6) {
    in_addr v4{};
    if (inet_pton(AF_INET, text.c_str(), &v4) != 1) {
      throw apps::UsageError("not an IPv4 address: '" + text + "'");
    }
    return {0, ntohl(v4.s_addr)};
  }
  std::uint64_t words[2];
  if (inet_pton(AF_INET6, text.c_str(), words) != 1) {
    throw apps::UsageError("not an IPv6 address: '" + text + "'");
  }
  return {be64toh(words[0]), be64toh(words[1])};
}

Endpoint parse_endpoint(const std::string& text, bool v6, std::uint16_t port) {
  std::string address = text;
  std::size_t colon = text.rfind(':');
  if (v6) colon = text.starts_with('[') ? text.find("]:") : std::string::npos;
  if (colon != std::string::npos) {
    const std::string number = text.substr(colon + (v6 ? 2 : 1));
    port = static_cast<std::uint16_t>(apps::number("port", number, 0, 65535));
    address = v6 ? text.substr(1, colon - 1) : text.substr(0, colon);
  }
  return {parse_address(address, v6), port};
}

std::string to_text(const Address& address, bool v6) {
  const std::uint64_t words[2] = {htobe64(address.high), htobe64(address.low)};
  const in_addr v4{htonl(static_cast<std::uint32_t>(address.low))};
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(v6 ? AF_INET6 : AF_INET, v6 ? static_cast<const void*>(words) : &v4, text,
            sizeof(text));
  return text;
}

}  // namespace

EndpointRange EndpointRange::parse(const std::string& text, bool v6) {
  const std::size_t dash = text.find('-');
  const Endpoint first = parse_endpoint(text.substr(0, dash), v6, 1234);
  Endpoint last = first;
  if (dash != std::string::npos) last = parse_endpoint(text.substr(dash + 1), v6, first.port);
  if (last.port < first.port || last.address.high != first.address.high ||
      last.address.low < first.address.low) {
    throw apps::UsageError("not a range from low to high: '" + text + "'");
  }
  return {first.address, last.address, first.port, last.port};
}

std::uint64_t MacRange::pack(const vale::MacAddress& mac) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : mac) value = value << 8 | byte;
  return value;
}

vale::MacAddress MacRange::unpack(std::uint64_t mac) {
  vale::MacAddress bytes;
  for (std::size_t i = 0; i < bytes.size(); i++) {
    bytes[i] = static_cast<std::uint8_t>(mac >> (40 - 8 * i));
  }
  return bytes;
}

MacRange MacRange::parse(const std::string& text) {
  // a dash may also stand between the digits, so the range's is the one in the middle
  const bool range = text.size() == 35;
  const auto first = vale::parse_mac(range ? text.substr(0, 17) : text);
  const auto last = vale::parse_mac(range ? text.substr(18) : text);
  if (!first || !last || (range && text[17] != '-') || pack(*last) < pack(*first)) {
    throw apps::UsageError("not a MAC address, nor two of them with a dash between: '" + text +
                           "'");
  }
  return {pack(*first), pack(*last)};
}

FlowWalk::FlowWalk(const Ranges& ranges)
    : ranges_(ranges),
      flow_{ranges.src.first,      ranges.dst.first,     ranges.src.first_port,
            ranges.dst.first_port, ranges.src_mac.first, ranges.dst_mac.first},
      fixed_(ranges.src.single() && ranges.dst.single() && !ranges.random_src &&
             !ranges.random_dst && ranges.src_mac.first == ranges.src_mac.last &&
             ranges.dst_mac.first == ranges.dst_mac.last) {}

std::uint64_t FlowWalk::random() {
  state_ ^= state_ << 13;
  state_ ^= state_ >> 7;
  state_ ^= state_ << 17;
  return state_;
}

std::string FlowWalk::Ranges::text(bool v6) const {
  return to_text(src.first, v6) + " -> " + to_text(dst.first, v6) + " (" +
         vale::format_mac(MacRange::unpack(src_mac.first)) + " -> " +
         vale::format_mac(MacRange::unpack(dst_mac.first)) + ")";
}

// True when it has gone all the way round.
bool FlowWalk::turn(const EndpointRange& range, Address& address, std::uint16_t& port) const {
  if (port != range.last_port) {
    port++;
    return false;
  }
  port = range.first_port;
  if (address != range.last) {
    address.low++;
    return false;
  }
  address = range.first;
  return true;
}

void FlowWalk::roll(const EndpointRange& range, Address& address, std::uint16_t& port) {
  if (range.single()) {
    address.low = (range.first.low & ~0xffffffffULL) | (random() & 0xffffffff);
    port = static_cast<std::uint16_t>(random());
    return;
  }
  address.low = range.first.low + random() % (range.last.low - range.first.low + 1);
  port = static_cast<std::uint16_t>(range.first_port +
                                    random() % (range.last_port - range.first_port + 1u));
}

bool FlowWalk::next() {
  if (fixed_) return false;
  bool around = true;
  if (ranges_.random_src) {
    roll(ranges_.src, flow_.src, flow_.src_port);
  } else {
    around = turn(ranges_.src, flow_.src, flow_.src_port);
  }
  if (ranges_.random_dst) {
    roll(ranges_.dst, flow_.dst, flow_.dst_port);
  } else if (around) {
    turn(ranges_.dst, flow_.dst, flow_.dst_port);
  }
  const auto step = [](const MacRange& range, std::uint64_t& mac) {
    mac = mac == range.last ? range.first : mac + 1;
  };
  step(ranges_.src_mac, flow_.src_mac);
  step(ranges_.dst_mac, flow_.dst_mac);
  return true;
}

}  // namespace pkt_gen
