// SPDX-License-Identifier: BSD-2-Clause
// Opens and closes a port again and again, and prints as one line of JSON how long that took.
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include "nm.h"
#include "opt.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Flaps {
  std::vector<long long> opening, closing;
  uint64_t waiting = 0;  // frames that a program leaves unread
};

long long since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
}

void hold(nm_port& port, uint32_t milliseconds, Flaps& flaps) {
  poll(nullptr, 0, static_cast<int>(milliseconds));
  if (port.rx_count > 0) nm_rxsync(&port);
  for (uint32_t i = 0; i < port.rx_count; i++)
    flaps.waiting += nm_slots_used(port.rx[i], port.rx[i]->head, port.rx[i]->tail);
}

void flap(const char* name, const nm_spec& spec, uint32_t milliseconds, Flaps& flaps) {
  nm_port port;
  const auto opened = Clock::now();
  if (const int err = nm_open(&spec, &port)) nm_fail("cannot open %s: %s", name, strerror(err));
  flaps.opening.push_back(since(opened));
  hold(port, milliseconds, flaps);
  const auto closed = Clock::now();
  nm_close(&port);
  flaps.closing.push_back(since(closed));
}

void print_times(const char* name, std::vector<long long> times) {
  std::sort(times.begin(), times.end());
  printf(",\"%s\":{\"p50\":%lld,\"max\":%lld}", name, times[(times.size() - 1) / 2], times.back());
}

}  // namespace

int main(int argc, char** argv) {
  uint32_t cycles = 1, milliseconds = 20;
  const opt opts[] = {{"cycles", OPT_U32, &cycles, "how often (1)"},
                      {"hold", OPT_U32, &milliseconds, "milliseconds open, and then closed (20)"}};
  const opt_command command = {"nmflap PORT [options]: open and close, as JSON how long it took",
                               opts, 2, 1};
  opt_list operands;
  nm_spec spec;
  const char* why;
  Flaps flaps;

  opt_parse(&command, argc, argv, &operands);
  const char* name = operands.text[0];
  if (cycles == 0 || nm_parse(name, &spec, &why) != 0) {
    fprintf(stderr, "%s: %s\n", name, cycles == 0 ? "at least one cycle" : why);
    return NM_USAGE;
  }
  for (uint32_t i = 0; i < cycles; i++) {
    flap(name, spec, milliseconds, flaps);
    poll(nullptr, 0, static_cast<int>(milliseconds));
  }
  printf("{\"port\":\"%s\",\"cycles\":%u,\"waiting\":%llu", name, cycles,
         static_cast<unsigned long long>(flaps.waiting));
  print_times("open", std::move(flaps.opening));
  print_times("close", std::move(flaps.closing));
  printf("}\n");
  return NM_OK;
}
