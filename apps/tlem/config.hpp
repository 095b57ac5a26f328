// SPDX-License-Identifier: BSD-2-Clause
// What tlem was asked to do. The command line is the historical one, hence getopt.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/common/link_model.hpp"
#include "apps/tlem/ipv4.hpp"

namespace tlem {

constexpr std::uint64_t kMillisecond = 1'000'000;

/// -B, -D, -L, -R, -Q as given: once for both directions, twice for A to B and then B to A.
class LinkOptions {
 public:
  static bool knows(char letter) { return kLetters.find(letter) != std::string_view::npos; }
  /// A UsageError if it is not understood, or the third of its kind.
  void add(char letter, const std::string& value);
  /// Those of @p other replace ours of the same letter.
  void merge(const LinkOptions& other);
  [[nodiscard]] bool empty() const;
  [[nodiscard]] apps::LinkSettings settings(std::size_t direction) const;
  /// "B 10M D 5ms 6ms"; "none" without any.
  [[nodiscard]] std::string text() const;
  /// Lines of letter and value, as add() takes them.
  [[nodiscard]] std::string lines() const;

 private:
  static constexpr std::string_view kLetters = "BDLRQ";
  std::array<std::vector<std::string>, kLetters.size()> given_;
};

/// -M: what clients may ask for at most.
struct Maxima {
  double bits_per_second = 0;
  std::uint64_t delay_ns = 0, hold_ns = 0;  // of -D; of the time in -R

  static Maxima parse(const std::string& text);
  /// A UsageError that says what is too much.
  void check(const LinkOptions& options) const;
};

/// When packets leave.
struct Punctuality {
  std::uint64_t offset_ns = 0;              // -O: earlier than the model says
  std::uint64_t lag_ns = 1 * kMillisecond;  // -d: later than that is late
  bool drop_late = false;                   // -P
};

struct Config {
  std::vector<std::string> ports;
  LinkOptions link;
  Punctuality punctuality;
  std::uint32_t batch = 1024;
  double wait = 4;
  std::vector<int> cpus;
  std::string session;  // -s, empty: none
  std::optional<Maxima> maxima;
  std::vector<Subnet> addresses;  // of the ports, as far as given
  std::vector<std::uint32_t> gateways;
  bool route = false, stop_server = false, huge_pages = false;
  bool quiet = false, verbose = false;

  /// No ports but a session: it talks to the server there.
  [[nodiscard]] bool client() const { return ports.empty() && !session.empty(); }
};

/// Nothing if help was asked for, and given.
std::optional<Config> parse_arguments(int argc, char** argv);

}  // namespace tlem
