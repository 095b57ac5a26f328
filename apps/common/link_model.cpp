// SPDX-License-Identifier: BSD-2-Clause
#include "apps/common/link_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "apps/common/text.hpp"
#include "lib/text.hpp"

namespace apps {
namespace {

constexpr std::size_t kFraming = 24;

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> result;
  for (const auto part : vale::split(text, ',')) result.emplace_back(part);
  return result;
}

struct Unit {
  const char* name;
  double factor;
};

template <std::size_t N>
double with_units(const std::string& what, const std::string& text, const Unit (&units)[N]) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  for (const Unit& unit : units) {
    if (end != text.c_str() && std::string(end) == unit.name && std::isfinite(value) &&
        value >= 0) {
      return value * unit.factor;
    }
  }
  throw UsageError(what + ": not understood: '" + text + "'");
}

double probability_of(const std::string& what, const std::string& text) {
  const double p = scaled(what, text);
  if (p > 1) throw UsageError(what + ": a probability is 1 at most, not " + text);
  return p;
}

double uniform(Random& random) {
  return std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace

double parse_time(const std::string& what, const std::string& text) {
  static constexpr Unit kUnits[] = {{"", 1}, {"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
  return with_units(what, text, kUnits);
}

std::uint64_t parse_bytes(const std::string& what, const std::string& text) {
  static constexpr Unit kUnits[] = {
      {"", 1}, {"k", 1 << 10}, {"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}};
  return static_cast<std::uint64_t>(with_units(what, text, kUnits));
}

Bandwidth Bandwidth::parse(const std::string& text, bool recorded) {
  const auto word = words(text);
  Bandwidth result;
  if (recorded && word.size() <= 2 && word[0] == "real") {
    result.kind = Kind::kReal;
    if (word.size() == 2) result.speedup = scaled("-B", word[1]);
    if (result.speedup <= 0) throw UsageError("-B: a speedup of nothing");
    return result;
  }
  if (word.size() == 2 && word[0] == "ether") {
    result.kind = Kind::kEther;
  } else if (word.size() > 2 || (word.size() == 2 && word[0] != "constant")) {
    throw UsageError("-B: not understood: '" + text + "'");
  }
  result.bits_per_second = scaled("-B", word.back());
  return result;
}

std::uint64_t Bandwidth::time_of(std::size_t bytes) const {
  if (bits_per_second <= 0) return 0;
  if (kind == Kind::kEther) bytes += kFraming;
  return static_cast<std::uint64_t>(static_cast<double>(bytes) * 8e9 / bits_per_second);
}

Delay Delay::parse(const std::string& text) {
  const auto word = words(text);
  if (word.size() == 1) return {Kind::kConstant, parse_time("-D", word[0]), 0};
  if (word.size() == 2 && word[0] == "constant")
    return {Kind::kConstant, parse_time("-D", word[1]), 0};
  if (word.size() != 3 || (word[0] != "uniform" && word[0] != "exp")) {
    throw UsageError("-D: not understood: '" + text + "'");
  }
  const Delay result{word[0] == "exp" ? Kind::kExponential : Kind::kUniform,
                     parse_time("-D", word[1]), parse_time("-D", word[2])};
  if (result.high < result.low) throw UsageError("-D: from low to high, please: '" + text + "'");
  return result;
}

std::uint64_t Delay::draw(Random& random) const {
  double ns = low;
  if (kind == Kind::kUniform) ns += (high - low) * uniform(random);
  if (kind == Kind::kExponential) ns -= (high - low) * std::log(1 - uniform(random));
  return static_cast<std::uint64_t>(ns);
}

Loss Loss::parse(const std::string& text) {
  const auto word = words(text);
  if (word.size() == 1) return {probability_of("-L", word[0]), false};
  if (word.size() != 2 || (word[0] != "plr" && word[0] != "ber")) {
    throw UsageError("-L: not understood: '" + text + "'");
  }
  return {probability_of("-L", word[1]), word[0] == "ber"};
}

bool Loss::draw(std::size_t bytes, Random& random) const {
  if (probability <= 0) return false;
  double p = probability;
  if (of_bits) p = 1 - std::pow(1 - p, 8 * static_cast<double>(bytes));
  return uniform(random) < p;
}

Reorder Reorder::parse(const std::string& text) {
  const auto word = words(text);
  if (word.size() != 3 || word[0] != "const") throw UsageError("-R: want const,PROBABILITY,TIME");
  return {probability_of("-R", word[1]), static_cast<std::uint64_t>(parse_time("-R", word[2]))};
}

std::uint64_t Reorder::draw(Random& random) const {
  return probability > 0 && uniform(random) < probability ? extra : 0;
}

// What waits is what the link is still busy with; the packet on the wire counts.
std::optional<std::uint64_t> Link::arrival(std::uint64_t now, std::size_t bytes) {
  const std::uint64_t begin = std::max(now, free_at_);
  const double waiting =
      static_cast<double>(begin - now) * settings_.bandwidth.bits_per_second / 8e9;
  if (settings_.queue != 0 &&
      waiting + static_cast<double>(bytes) > static_cast<double>(settings_.queue)) {
    overflowed_++;
    return std::nullopt;
  }
  free_at_ = begin + settings_.bandwidth.time_of(bytes);
  if (settings_.loss.draw(bytes, random_)) {
    lost_++;
    return std::nullopt;
  }
  return free_at_ + settings_.delay.draw(random_) + settings_.reorder.draw(random_);
}

}  // namespace apps
