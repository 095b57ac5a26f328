// SPDX-License-Identifier: BSD-2-Clause
// Both libraries on a real module, as programs use them: nm_open() talks to nmport_open() over a
// switch, memory is shared where that was asked for, and rings are those that were named. Says what
// went wrong, exit status 1.
#define NETMAP_WITH_LIBS
#include <libnetmap.h>
#include <net/netmap_user.h>
#include <stdarg.h>

enum { PACKETS = 700, BIG = 5000 };

static void check(int good, const char* format, ...) {
  va_list args;

  if (good) return;
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fprintf(stderr, " (errno %d)\n", errno);
  exit(1);
}

struct tally {
  unsigned int packets, last, mistakes;
  unsigned long bytes;
};

static void count(unsigned char* arg, const struct nm_pkthdr* hdr, const unsigned char* buf) {
  struct tally* tally = (struct tally*)(void*)arg;
  unsigned int number;

  memcpy(&number, buf + 14, sizeof(number));
  if (number != tally->packets) tally->mistakes++;
  if (!(hdr->flags & NM_MORE_PKTS)) tally->last++;
  tally->packets++;
  tally->bytes += hdr->len;
}

static unsigned char* frame(unsigned int number) {
  static unsigned char bytes[BIG] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2,
                                     0,    0,    0,    0,    1,    0x88, 0xb5};

  memcpy(bytes + 14, &number, sizeof(number));
  return bytes;
}

// The numbers go from one library's port to the other's, the last of them in several slots.
static void talk_to_nm(struct nmport_d* from, struct nm_desc* to) {
  struct tally tally = {0};

  for (unsigned int i = 0; i < PACKETS; i++) {
    size_t size = i + 1 < PACKETS ? 60 : BIG;

    check(nmport_inject(from, frame(i), size) == (int)size, "nmport_inject %u", i);
  }
  check(!ioctl(from->fd, NIOCTXSYNC) && !ioctl(to->fd, NIOCRXSYNC), "sync");
  check(nm_dispatch(to, 100, count, (unsigned char*)&tally) == 100, "nm_dispatch of 100");
  check(nm_dispatch(to, -1, count, (unsigned char*)&tally) == PACKETS - 100,
        "nm_dispatch of the rest");
  check(!tally.mistakes && tally.last == 2, "%u out of order, %u last ones", tally.mistakes,
        tally.last);
  check(tally.bytes == 60 * (PACKETS - 1) + BIG, "%lu bytes", tally.bytes);
}

static void talk_to_nmport(struct nm_desc* from, struct nmport_d* to) {
  struct netmap_ring* ring = NETMAP_RXRING(to->nifp, to->first_rx_ring);

  for (unsigned int i = 0; i < PACKETS; i++)
    check(nm_inject(from, frame(i), 60) == 60, "nm_inject %u", i);
  check(!ioctl(from->fd, NIOCTXSYNC) && !ioctl(to->fd, NIOCRXSYNC), "sync");
  check(nm_ring_space(ring) == PACKETS, "%u slots", nm_ring_space(ring));
  check(NS_RFRAGS(&ring->slot[ring->head]) == 1, "flags 0x%x", ring->slot[ring->head].flags);
}

static void memory(struct nmport_d* b) {
  struct nmport_d *shared = nmport_open("vale1:c@share=vale0:b"), *clone = nmport_clone(b);

  check(shared && shared->reg.nr_mem_id == b->reg.nr_mem_id, "@share");
  check(shared->mem == b->mem, "one region is mapped twice");
  check(clone != NULL, "nmport_clone");
  clone->reg.nr_mode = NR_REG_ONE_NIC;
  clone->reg.nr_ringid = 1;
  check(!nmport_open_desc(clone), "the clone's ring");
  check(clone->first_tx_ring == 1 && clone->last_rx_ring == 1, "ring %u to %u",
        clone->first_tx_ring, clone->last_rx_ring);
  check(clone->mem == b->mem && clone->nifp != b->nifp, "the clone's mapping");
  nmport_close(clone);
  nmport_close(shared);
}

static void rings(void) {
  struct nmport_d* d = nmport_open("vale0:r@conf:tx-rings=3,rx-rings=2,slots=256");

  check(d && d->last_tx_ring == 2 && d->last_rx_ring == 1, "@conf");
  check(NETMAP_TXRING(d->nifp, 2)->num_slots == 256, "slots");
  nmport_close(d);
  d = nmport_open("vale0:r/R");
  check(d && d->first_tx_ring > d->last_tx_ring && d->first_rx_ring == 0, "/R");
  nmport_close(d);
}

static void refusals(void) {
  nmctx_get()->verbose = 0;
  check(!nmport_open("netmap:nosuch0") && errno == ENXIO, "a device that is not there");
  check(!nmport_open("vale0:a@60000") && errno == EINVAL, "memory that is not there");
  check(!nmport_open("vale0:a^") && errno == EINVAL, "host rings of a switch port");
  check(!nm_open("vale0:a-7", NULL, 0, NULL) && errno == EINVAL, "a ring that is not there");
  nmctx_get()->verbose = 1;
}

int main(void) {
  struct nm_desc *a = nm_open("vale0:a", NULL, 0, NULL), *again;
  struct nmport_d* b = nmport_open("vale0:b@conf=2");

  check(a && b, "open");
  check(a->req.nr_tx_slots == 1024 && a->first_tx_ring == 0 && a->last_tx_ring == 0,
        "rings of vale0:a");
  again = nm_open("vale0:a", NULL, NM_OPEN_NO_MMAP | NM_OPEN_ARG2, a);
  check(again && again->mem == a->mem && !again->done_mmap, "nm_open with another's mapping");
  nm_close(again);
  talk_to_nm(b, a);
  talk_to_nmport(a, b);
  memory(b);
  rings();
  refusals();
  nmport_close(b);
  check(!nm_close(a), "close");
  check(!nmctx_get()->mem_descs, "a mapping is left");
  puts("both libraries do what they say");
  return 0;
}
