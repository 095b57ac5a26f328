// SPDX-License-Identifier: BSD-2-Clause
// A link as a model: how long a packet takes to leave, how long to arrive, and whether it does. All
// times in ns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>

namespace apps {

using Random = std::mt19937_64;

/// "BPS", "constant,BPS", "ether,BPS" (with preamble, CRC and gap), and where there is a recording
/// "real[,SPEEDUP]".
struct Bandwidth {
  enum class Kind { kConstant, kEther, kReal };
  Kind kind = Kind::kConstant;
  double bits_per_second = 0;  // 0: no limit
  double speedup = 1;

  static Bandwidth parse(const std::string& text, bool recorded = false);
  [[nodiscard]] std::uint64_t time_of(std::size_t bytes) const;
};

/// "T", "constant,T", "uniform,MIN,MAX", "exp,MIN,AVERAGE"; T with ns (or nothing), us, ms, s.
struct Delay {
  enum class Kind { kConstant, kUniform, kExponential };
  Kind kind = Kind::kConstant;
  double low = 0, high = 0;

  static Delay parse(const std::string& text);
  std::uint64_t draw(Random& random) const;
};

/// "P", "plr,P": of packets; "ber,P": of bits.
struct Loss {
  double probability = 0;
  bool of_bits = false;

  static Loss parse(const std::string& text);
  bool draw(std::size_t bytes, Random& random) const;
};

/// "const,P,T": so many packets arrive so much later.
struct Reorder {
  double probability = 0;
  std::uint64_t extra = 0;

  static Reorder parse(const std::string& text);
  std::uint64_t draw(Random& random) const;
};

/// A number with ns, us, ms or s, in ns.
double parse_time(const std::string& what, const std::string& text);
/// Bytes with k, M or G (powers of 1024).
std::uint64_t parse_bytes(const std::string& what, const std::string& text);

struct LinkSettings {
  Bandwidth bandwidth;
  Delay delay;
  Loss loss;
  Reorder reorder;
  std::uint64_t queue = 0;  // bytes that may wait for bandwidth, 0: any number
};

/// One direction of a link. Time is whatever its caller says.
class Link {
 public:
  Link(const LinkSettings& settings, std::uint64_t seed) : settings_(settings), random_(seed) {}

  /// When a packet that comes now arrives at the other end; nothing if it does not.
  std::optional<std::uint64_t> arrival(std::uint64_t now, std::size_t bytes);

  /// For packets that come from now on.
  void change(const LinkSettings& settings) { settings_ = settings; }

  [[nodiscard]] std::uint64_t lost() const { return lost_; }
  [[nodiscard]] std::uint64_t overflowed() const { return overflowed_; }

 private:
  LinkSettings settings_;
  Random random_;
  std::uint64_t free_at_ = 0;
  std::uint64_t lost_ = 0, overflowed_ = 0;
};

}  // namespace apps
