// SPDX-License-Identifier: BSD-2-Clause
#include "apps/common/process.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>

#include "apps/common/text.hpp"
#include "lib/text.hpp"

namespace apps {

std::atomic<bool> stop{false};

void catch_signals() {
  struct sigaction action = {};
  action.sa_handler = [](int) { stop = true; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

std::uint64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

void sleep_until_ns(std::uint64_t when) {
  const timespec until{static_cast<time_t>(when / 1'000'000'000),
                       static_cast<long>(when % 1'000'000'000)};
  while (!stop && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

void pause_for(double seconds) {
  const std::uint64_t end = now_ns() + static_cast<std::uint64_t>(seconds * 1e9);
  constexpr std::uint64_t kStep = 50'000'000;
  while (!stop && now_ns() < end) sleep_until_ns(std::min(now_ns() + kStep, end));
}

int cpu_count() {
  return static_cast<int>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
}

std::vector<int> cpu_list(std::string_view list) {
  constexpr std::uint64_t kHighest = CPU_SETSIZE - 1;
  std::vector<int> cpus;
  for (const auto part : vale::split(list, ','))
    cpus.push_back(static_cast<int>(number("-C", part, 0, kHighest)));
  if (cpus.size() > 4) throw UsageError("-C: want at most four CPUs");
  return cpus;
}

void pin_to_cpus(const std::vector<int>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) CPU_SET(static_cast<std::size_t>(cpu), &set);
  if (pthread_setaffinity_np(pthread_self(), sizeof(set), &set) != 0) {
    throw UsageError(fmt::format("cannot run on CPU {}", fmt::join(cpus, ", ")));
  }
}

int run_tool(const char* name, int (*body)(int argc, char** argv), int argc, char** argv) try {
  return body(argc, argv);
} catch (const UsageError& e) {
  fmt::print(stderr, "{}: {}\n", name, e.what());
  return kUsage;
} catch (const std::exception& e) {
  fmt::print(stderr, "{}: {}\n", name, e.what());
  return kFailed;
}

}  // namespace apps
