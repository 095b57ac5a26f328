// SPDX-License-Identifier: BSD-2-Clause
// Ranges of addresses on the command line, and the walk through them, a packet a step.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "lib/text.hpp"

namespace pkt_gen {

/// An IPv6 address, or an IPv4 one in the low 32 bits.
struct Address {
  std::uint64_t high = 0, low = 0;
  bool operator==(const Address&) const = default;
};

/// ADDRESS[:PORT[-ADDRESS[:PORT]]]; an IPv6 address with a port stands in brackets.
struct EndpointRange {
  Address first, last;
  std::uint16_t first_port = 1234, last_port = 1234;

  static EndpointRange parse(const std::string& text, bool v6);
  [[nodiscard]] bool single() const { return first == last && first_port == last_port; }
};

/// MAC[-MAC].
struct MacRange {
  std::uint64_t first = 0, last = 0;

  static MacRange parse(const std::string& text);
  static std::uint64_t pack(const vale::MacAddress& mac);
  static vale::MacAddress unpack(std::uint64_t mac);
};

struct Flow {
  Address src, dst;
  std::uint16_t src_port = 0, dst_port = 0;
  std::uint64_t src_mac = 0, dst_mac = 0;
};

/// Like an odometer: the source's port turns fastest, then its address, then the destination's; MAC
/// addresses turn by themselves. Random addresses stay within their ranges if these have any width.
class FlowWalk {
 public:
  struct Ranges {
    EndpointRange src, dst;
    MacRange src_mac, dst_mac;
    bool random_src = false, random_dst = false;

    /// "10.0.0.1 -> 10.1.0.1 (02:00:00:00:00:01 -> ff:ff:ff:ff:ff:ff)", the first of each range.
    [[nodiscard]] std::string text(bool v6) const;
  };

  explicit FlowWalk(const Ranges& ranges);

  [[nodiscard]] const Flow& flow() const { return flow_; }
  /// False if there is only one flow, so that nothing has changed.
  bool next();

 private:
  bool turn(const EndpointRange& range, Address& address, std::uint16_t& port) const;
  void roll(const EndpointRange& range, Address& address, std::uint16_t& port);
  std::uint64_t random();

  Ranges ranges_;
  Flow flow_;
  bool fixed_;
  std::uint64_t state_ = 88172645463325252ULL;
};

}  // namespace pkt_gen
