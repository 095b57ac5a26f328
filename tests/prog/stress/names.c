// SPDX-License-Identifier: BSD-2-Clause
// Few names, so that workers meet.
#include "../frame.h"
#include "stress.h"

uint32_t stress_below(struct stress_worker* worker, uint32_t limit) {
  return (uint32_t)(frame_random(&worker->random) >> 33) % limit;
}

bool stress_one_in(struct stress_worker* worker, uint32_t n) {
  return stress_below(worker, n) == 0;
}

void stress_vale_name(struct stress_worker* worker, char* name, size_t size) {
  snprintf(name, size, "vale%u:p%u", stress_below(worker, 2), stress_below(worker, 4));
}

// NICs, one pair of which comes and goes; persistent ports, and names that nobody has.
void stress_nic_name(struct stress_worker* worker, char* name, size_t size) {
  static const char* const names[] = {"nic0",  "nic0",  "nic1",  "nic1",
                                      "gone0", "gone1", "keep0", "keep1"};

  snprintf(name, size, "%s", names[stress_below(worker, 8)]);
}

void stress_pipe_name(struct stress_worker* worker, char* name, size_t size) {
  uint32_t levels = 1 + stress_below(worker, 3);
  char parent[NETMAP_REQ_IFNAMSIZ];

  if (stress_one_in(worker, 8))
    snprintf(name, size, "ghost%u", stress_below(worker, 2));
  else if (stress_one_in(worker, 3))
    stress_nic_name(worker, name, size);
  else
    stress_vale_name(worker, name, size);
  while (levels--) {
    snprintf(parent, sizeof(parent), "%s", name);
    snprintf(name, size, "%.40s%c%u", parent, stress_one_in(worker, 2) ? '{' : '}',
             stress_below(worker, 2));
  }
}

void stress_any_name(struct stress_worker* worker, char* name, size_t size) {
  void (*const names[])(struct stress_worker*, char*, size_t) = {stress_vale_name, stress_nic_name,
                                                                 stress_pipe_name};

  names[stress_below(worker, 3)](worker, name, size);
}
