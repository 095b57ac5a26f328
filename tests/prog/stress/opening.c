// SPDX-License-Identifier: BSD-2-Clause
// Ports of every kind that a worker opens, with what REGISTER can be asked for.
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "stress.h"

static uint64_t some_flags(struct stress_worker* worker) {
  uint64_t flags = NR_ACCEPT_VNET_HDR;

  if (stress_one_in(worker, 8)) flags |= NR_EXCLUSIVE;
  if (stress_one_in(worker, 8)) flags |= NR_RX_RINGS_ONLY;
  if (stress_one_in(worker, 8)) flags |= NR_TX_RINGS_ONLY;
  if (stress_one_in(worker, 4)) flags |= NR_DO_RX_POLL;
  if (stress_one_in(worker, 4)) flags |= NR_NO_TX_POLL;
  return flags;
}

// A region of its own, the global one, or any that may be there.
static uint16_t some_region(struct stress_worker* worker) {
  if (!stress_one_in(worker, 4)) return 0;
  return (uint16_t)(stress_one_in(worker, 2) ? 1 : 1 + stress_below(worker, 64));
}

static struct nm_spec some_spec(struct stress_worker* worker) {
  return (struct nm_spec){
      .mode = NR_REG_ALL_NIC,
      .flags = some_flags(worker),
      .mem_id = some_region(worker),
      .rings = (uint16_t)stress_below(worker, 5),
      .slots = 16u << stress_below(worker, 6),
      .extra_bufs = stress_one_in(worker, 2) ? stress_below(worker, 64) : 0,
  };
}

static int open_vale(struct stress_worker* worker) {
  struct nm_spec spec = some_spec(worker);

  stress_vale_name(worker, spec.name, sizeof(spec.name));
  return stress_port(worker, &spec);
}

static int open_pipe(struct stress_worker* worker) {
  struct nm_spec spec = some_spec(worker);

  stress_pipe_name(worker, spec.name, sizeof(spec.name));
  return stress_port(worker, &spec);
}

static int open_nic(struct stress_worker* worker) {
  static const uint32_t modes[] = {NR_REG_ALL_NIC, NR_REG_ALL_NIC, NR_REG_SW,
                                   NR_REG_NIC_SW,  NR_REG_ONE_NIC, NR_REG_ONE_SW};
  struct nm_spec spec = some_spec(worker);

  spec.mode = modes[stress_below(worker, 6)];
  if (spec.mode == NR_REG_ONE_NIC) spec.ringid = (uint16_t)stress_below(worker, 2);
  stress_nic_name(worker, spec.name, sizeof(spec.name));
  return stress_port(worker, &spec);
}

static int open_monitor(struct stress_worker* worker, uint64_t zero_copy) {
  static const uint64_t sides[] = {NR_MONITOR_RX, NR_MONITOR_TX, NR_MONITOR_RX | NR_MONITOR_TX};
  struct nm_spec spec = some_spec(worker);

  spec.flags |= sides[stress_below(worker, 3)] | zero_copy;
  if (stress_one_in(worker, 4)) spec.mode = NR_REG_ONE_NIC;
  stress_any_name(worker, spec.name, sizeof(spec.name));
  return stress_port(worker, &spec);
}

static int open_copy_monitor(struct stress_worker* worker) {
  return open_monitor(worker, 0);
}

static int open_zero_copy_monitor(struct stress_worker* worker) {
  return open_monitor(worker, NR_ZCOPY_MON);
}

static int open_null(struct stress_worker* worker) {
  struct nm_spec spec = some_spec(worker);

  spec.mode = NR_REG_NULL;
  spec.mem_id = (uint16_t)(stress_one_in(worker, 2) ? 1 : 1 + stress_below(worker, 64));
  snprintf(spec.name, sizeof(spec.name), "null");
  return stress_port(worker, &spec);
}

static int open_offsets(struct stress_worker* worker) {
  struct nmreq_opt_offsets option = {
      .nro_opt = {.nro_reqtype = NETMAP_REQ_OPT_OFFSETS},
      .nro_max_offset = 256,
      .nro_initial_offset = stress_below(worker, 256),
  };
  struct nm_spec spec = some_spec(worker);

  spec.options = &option.nro_opt;
  stress_any_name(worker, spec.name, sizeof(spec.name));
  return stress_port(worker, &spec);
}

// The memory may go before the port does.
static int open_extmem(struct stress_worker* worker) {
  struct nmreq_opt_extmem option = {.nro_opt = {.nro_reqtype = NETMAP_REQ_OPT_EXTMEM}};
  struct nm_spec spec = some_spec(worker);
  void* memory = mmap(NULL, STRESS_ARENA, PROT_READ | PROT_WRITE,
                      (stress_one_in(worker, 2) ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS, -1, 0);
  int err;

  if (memory == MAP_FAILED) return ENOMEM;
  option.nro_usrptr = (uintptr_t)memory;
  option.nro_info.nr_memsize = STRESS_ARENA;
  option.nro_info.nr_buf_pool_objsize = 1024u << stress_below(worker, 3);
  spec.options = &option.nro_opt;
  stress_any_name(worker, spec.name, sizeof(spec.name));
  err = stress_port(worker, &spec);
  munmap(memory, STRESS_ARENA);
  return err;
}

// EINVAL: a region of that number is not there, nor the port to be observed. EBUSY: exclusive use,
// or on a switch.
struct stress_roles stress_opening_roles(void) {
  static const struct stress_role roles[] = {
      {"vale", 6, open_vale, {EBUSY, ENOMEM, EINVAL}},
      {"pipe", 6, open_pipe, {EBUSY, ENOMEM, EINVAL, ENXIO}},
      {"nic", 5, open_nic, {EBUSY, ENOMEM, EINVAL, ENXIO}},
      {"monitor", 4, open_copy_monitor, {EBUSY, ENOMEM, EINVAL, ENXIO, EOPNOTSUPP, ENODEV}},
      {"zero-copy", 4, open_zero_copy_monitor, {EBUSY, ENOMEM, EINVAL, ENXIO, EOPNOTSUPP, ENODEV}},
      {"null", 1, open_null, {ENOMEM, EINVAL}},
      {"offsets", 1, open_offsets, {EBUSY, ENOMEM, EINVAL, ENXIO, EOPNOTSUPP}},
      {"extmem", 1, open_extmem, {EBUSY, ENOMEM, EINVAL, ENXIO}},
      {"kloop", 1, stress_kloop, {EBUSY, ENOMEM, EINVAL, ENXIO}},
  };

  return (struct stress_roles){roles, sizeof(roles) / sizeof(roles[0])};
}
