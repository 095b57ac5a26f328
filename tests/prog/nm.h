// SPDX-License-Identifier: BSD-2-Clause
// What every netmap test program needs: naming, opening and walking a port.
#pragma once

#include <net/if.h>
#include <net/netmap.h>
#include <net/netmap_user.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Exit codes of every program here.
enum { NM_OK = 0, NM_FAILED = 1, NM_USAGE = 2, NM_SKIP = 77 };

enum { NM_MAX_RINGS = 64 };

// What to ask of REGISTER.
struct nm_spec {
  char name[NETMAP_REQ_IFNAMSIZ];  // as the kernel knows it
  uint32_t mode;                   // NR_REG_*
  uint16_t ringid;
  uint64_t flags;  // NR_*
  uint16_t mem_id;
  uint16_t rings;  // of each direction, 0 is the port's default
  uint32_t slots;  // of each ring, 0 is the port's default
  uint32_t extra_bufs;
  struct nmreq_option* options;  // of REGISTER, a list
};

// A bound and mapped port. Rings are those bound, in index order.
struct nm_port {
  int fd;
  struct nmreq_register reg;
  char* mem;
  size_t mem_size;
  struct netmap_if* nifp;
  uint32_t tx_count;
  uint32_t rx_count;
  struct netmap_ring* tx[NM_MAX_RINGS];
  struct netmap_ring* rx[NM_MAX_RINGS];
};

// spec := ("netmap:" | "vale" ID ":") NAME [^ | ^N | * | -N] {"/" letters | "@" memid}
// letters: x exclusive, R or T rings of one direction only, r t z monitors.
// 0, or -1 with *why set.
int nm_parse(const char* text, struct nm_spec* spec, const char** why);

// REGISTER and mmap; 0 or an errno.
int nm_open(const struct nm_spec* spec, struct nm_port* port);
// For programs: parse and open, or explain on stderr and exit.
void nm_open_or_exit(const char* text, struct nm_port* port);
void nm_close(struct nm_port* port);
// Fills the ring tables from the netmap_if; for nm_open and for rings made in memory.
void nm_find_rings(struct nm_port* port);

// The envelope: 0 or the errno of one NIOCCTRL on fd.
int nm_request(int fd, struct nmreq_header* hdr);
// The envelope for a name and a body without options.
int nm_request_simple(int fd, uint16_t type, const char* name, void* body);

int nm_txsync(struct nm_port* port);
int nm_rxsync(struct nm_port* port);
// poll() for events; revents, 0 at timeout.
short nm_poll(struct nm_port* port, short events, int timeout_ms);

static inline uint32_t nm_slots_used(const struct netmap_ring* ring, uint32_t from, uint32_t to) {
  return to >= from ? to - from : to + ring->num_slots - from;
}

// A child that dies with its parent; exits if there can be none.
pid_t nm_fork(void);

// Monotonic milliseconds.
uint64_t nm_now_ms(void);

// Message on stderr, exit(NM_FAILED).
__attribute__((noreturn, format(printf, 1, 2))) void nm_fail(const char* format, ...);

#ifdef __cplusplus
}
#endif
