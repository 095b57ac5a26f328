// SPDX-License-Identifier: BSD-2-Clause
// What every tool needs of its process: being told to stop, time, CPUs.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

namespace apps {

/// Set by SIGINT and SIGTERM once catch_signals() was called, and by whoever wants the threads to
/// end.
extern std::atomic<bool> stop;
void catch_signals();

/// Monotonic.
std::uint64_t now_ns();
void sleep_until_ns(std::uint64_t when);
/// Seconds, cut short by stop.
void pause_for(double seconds);

int cpu_count();
/// CPUs by number, at most four; a UsageError, about -C, if it is no such list.
std::vector<int> cpu_list(std::string_view list);
/// The calling thread shall run on these; a UsageError if it may not.
void pin_to_cpus(const std::vector<int>& cpus);

/// Runs a tool's body, and turns what it throws into a message and an exit status.
int run_tool(const char* name, int (*body)(int argc, char** argv), int argc, char** argv);

}  // namespace apps
