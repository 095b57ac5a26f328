// SPDX-License-Identifier: BSD-2-Clause
// What a worker of portstress does next is a role, drawn by lot.
#pragma once

#include "nm.h"

enum { STRESS_REFUSALS = 8, STRESS_ARENA = 6 << 20 };

// Of one role, shared by all workers.
struct stress_tally {
  uint64_t done;
  uint64_t refused;
};

// What all workers share.
struct stress_shared {
  bool over;
  uint64_t syncs;
  uint64_t slots_sent;
  uint64_t slots_received;
  struct stress_tally tally[];
};

struct stress_worker {
  uint64_t random;
  struct stress_shared* shared;
  bool* busy;  // shared: being killed, or not to be killed now
};

// 0, or the errno that the kernel refused with. Those of refusals are no fault: somebody else has,
// or had, what it takes.
struct stress_role {
  const char* name;
  uint32_t weight;
  int (*act)(struct stress_worker* worker);
  int refusals[STRESS_REFUSALS];
};

struct stress_roles {
  const struct stress_role* role;
  uint32_t count;
};

struct stress_roles stress_opening_roles(void);   // ports of all kinds, opened and used
struct stress_roles stress_managing_roles(void);  // requests that need no port of their own

// A child of the worker's; nobody kills the worker meanwhile. User Mode Linux 6.12 dies of that:
// when a fork is cut short, what flushes the half-made address space takes the mark at its end for
// a mapping.
pid_t stress_fork(struct stress_worker* worker);
void stress_claim(bool* busy);
void stress_release(bool* busy);

uint32_t stress_below(struct stress_worker* worker, uint32_t limit);
bool stress_one_in(struct stress_worker* worker, uint32_t n);

// Names that some kind of port has or had.
void stress_vale_name(struct stress_worker* worker, char* name, size_t size);
void stress_nic_name(struct stress_worker* worker, char* name, size_t size);
void stress_pipe_name(struct stress_worker* worker, char* name, size_t size);
void stress_any_name(struct stress_worker* worker, char* name, size_t size);

// Opens, uses and closes in one of several ways.
int stress_port(struct stress_worker* worker, const struct nm_spec* spec);
void stress_use(struct stress_worker* worker, struct nm_port* port, uint32_t rounds);
// Regions that are there, the global one excepted.
uint32_t stress_count_regions(void);
// A port with control and status blocks, and the loop in the kernel over it.
int stress_kloop(struct stress_worker* worker);
