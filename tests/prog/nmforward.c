// SPDX-License-Identifier: BSD-2-Clause
// Lets a NIC and its host stack talk through a program that moves nothing itself: it marks what it receives, gives the
// slots back and leaves the forwarding to the kernel (NR_FORWARD).
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "frame.h"
#include "opt.h"

enum { TICK_MS = 50, IP_UDP = 17, IP_TCP = 6, NEVER_RIGHT = 0xdead };

struct forward {
  struct nm_port port;
  bool unmarked;
  bool spoil;
  bool by_ioctl;
  uint64_t from_nic;
  uint64_t from_host;
};

static volatile sig_atomic_t stop;

static void on_signal(int number) {
  (void)number;
  stop = 1;
}

// Of untagged IPv4 TCP and UDP.
static void spoil_checksum(uint8_t* frame, uint32_t size) {
  uint8_t* ip = frame + FRAME_HEADER;
  uint32_t header = 4u * (ip[0] & 15);
  uint8_t* field = ip + header + (ip[9] == IP_TCP ? 16 : 6);

  if (frame_type(frame) != 0x0800 || (ip[9] != IP_TCP && ip[9] != IP_UDP)) return;
  if (size < (uint32_t)(field + 2 - frame)) return;
  field[0] = NEVER_RIGHT >> 8;
  field[1] = NEVER_RIGHT & 0xff;
}

static bool is_host(const struct forward* f, const struct netmap_ring* ring) {
  return ring->ringid >= f->port.nifp->ni_rx_rings;
}

static void give_back(struct forward* f, struct netmap_ring* ring) {
  bool host = is_host(f, ring);

  for (; ring->head != ring->tail; ring->head = nm_ring_next(ring, ring->head)) {
    struct netmap_slot* slot = &ring->slot[ring->head];

    if (f->spoil && host) spoil_checksum((uint8_t*)NETMAP_BUF(ring, slot->buf_idx), slot->len);
    if (!f->unmarked) slot->flags |= NS_FORWARD;
    *(host ? &f->from_host : &f->from_nic) += !(slot->flags & NS_MOREFRAG);
  }
  ring->cur = ring->head;
}

// True if all is well.
static bool wait_for_more(struct forward* f) {
  if (!f->by_ioctl) return !(nm_poll(&f->port, POLLIN, TICK_MS) & POLLERR);
  poll(NULL, 0, 1);
  return !nm_rxsync(&f->port) && !nm_txsync(&f->port);
}

int main(int argc, char** argv) {
  static struct forward f;
  uint64_t seconds = 0, end;
  bool ring_flag_off = false, ok = true;
  const struct opt opts[] = {
      {"seconds", OPT_U64, &seconds, "how long (until SIGINT or SIGTERM)"},
      {"unmarked", OPT_FLAG, &f.unmarked, "do not set NS_FORWARD in slots"},
      {"no-ring-flag", OPT_FLAG, &ring_flag_off, "do not set NR_FORWARD in rings"},
      {"ioctl", OPT_FLAG, &f.by_ioctl, "NIOCRXSYNC and NIOCTXSYNC every millisecond, no poll"},
      {"spoil", OPT_FLAG, &f.spoil, "destroy TCP and UDP checksums of what the host sends"},
  };
  const struct opt_command command = {
      "nmforward PORT [options]: mark what comes for forwarding by the kernel, JSON counts", opts,
      sizeof(opts) / sizeof(opts[0]), 1};
  struct opt_list operands;

  opt_parse(&command, argc, argv, &operands);
  signal(SIGINT, on_signal);
  signal(SIGTERM, on_signal);
  nm_open_or_exit(operands.text[0], &f.port);
  for (uint32_t i = 0; i < f.port.rx_count && !ring_flag_off; i++)
    f.port.rx[i]->flags |= NR_FORWARD;
  fprintf(stderr, "nmforward: %s ready\n", operands.text[0]);
  end = seconds ? nm_now_ms() + seconds * 1000 : UINT64_MAX;
  while (ok && !stop && nm_now_ms() < end) {
    ok = wait_for_more(&f);
    for (uint32_t i = 0; i < f.port.rx_count; i++) give_back(&f, f.port.rx[i]);
  }
  printf("{\"port\":\"%s\",\"from_nic\":%" PRIu64 ",\"from_host\":%" PRIu64 ",\"ok\":%s}\n",
         operands.text[0], f.from_nic, f.from_host, ok ? "true" : "false");
  nm_close(&f.port);
  return ok ? NM_OK : NM_FAILED;
}
