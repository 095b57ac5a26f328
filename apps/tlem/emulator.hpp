// SPDX-License-Identifier: BSD-2-Clause
// The link between two ports, and the threads that carry packets over it.
#pragma once

#include <array>
#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "apps/tlem/config.hpp"
#include "apps/tlem/direction.hpp"
#include "lib/unique_fd.hpp"

namespace tlem {

class Emulator {
 public:
  explicit Emulator(const Config& config);
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;
  ~Emulator();

  /// SIGINT and SIGTERM must be blocked, as the threads would take them.
  void start();
  /// Ends the threads, and throws what ended one of them before.
  void stop();

  /// Readable when a thread ended by itself.
  [[nodiscard]] int ended_fd() const { return ended_.get(); }
  void change(const LinkOptions& options);
  /// A line for each direction.
  [[nodiscard]] std::string report() const;
  [[nodiscard]] std::string name() const;

 private:
  using Ways = std::vector<Direction*>;

  void make_sides(const Config& config);
  void start_thread(const Ways& ways, const std::vector<int>& cpus);
  void carry(const Ways& ways);
  [[nodiscard]] bool wait_for_work(const Ways& ways, bool stuck) const;
  void end_threads();

  const std::vector<int> cpus_;
  const vale::netmap::Port a_, b_;
  Outlet to_a_, to_b_;
  std::array<std::optional<Side>, 2> sides_;
  std::optional<Direction> there_, back_;
  vale::UniqueFd quit_, ended_;
  std::vector<std::thread> threads_;
  std::vector<std::exception_ptr> errors_;  // of each thread, once it was joined
};

}  // namespace tlem
