// SPDX-License-Identifier: BSD-2-Clause
// Sends packets that no sane program would send, each a broadcast of as many slots as told.
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "frame.h"
#include "opt.h"

struct packet {
  uint32_t slots;
  uint32_t size;
  bool bad_index;
  bool indirect;
  uint32_t readable;
  uint8_t* at;  // if indirect: where the bytes are, with nothing behind those that are readable
};

static const uint8_t header[FRAME_HEADER] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02,
                                             0x73, 0,    0,    0,    1,    0x88, 0xb7};

// The readable bytes end where a page begins that nobody may read.
static void place(struct packet* packet) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  uint8_t* pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (pages == MAP_FAILED) nm_fail("no memory");
  if (mprotect(pages + page, page, PROT_NONE)) nm_fail("mprotect");
  packet->at = pages + page - packet->readable;
  memcpy(packet->at, header, packet->readable < sizeof(header) ? packet->readable : sizeof(header));
}

static void put_slot(const struct packet* packet, struct netmap_ring* ring, uint32_t i) {
  struct netmap_slot* slot = &ring->slot[ring->head];

  memset(NETMAP_BUF(ring, slot->buf_idx), 0, ring->nr_buf_size);
  if (i == 0) memcpy(NETMAP_BUF(ring, slot->buf_idx), header, sizeof(header));
  slot->len = (uint16_t)packet->size;
  slot->flags = (uint16_t)((i + 1 < packet->slots ? NS_MOREFRAG : 0) |
                           (packet->indirect ? NS_INDIRECT : 0));
  slot->ptr = (uintptr_t)packet->at;
  if (packet->bad_index) slot->buf_idx = UINT32_MAX;
  ring->head = ring->cur = nm_ring_next(ring, ring->head);
}

static void send_packet(const struct packet* packet, struct nm_port* port) {
  struct netmap_ring* ring = port->tx[0];
  uint32_t first = ring->head, index = ring->slot[first].buf_idx;

  if (nm_ring_space(ring) < packet->slots) nm_fail("the ring has no %u free slots", packet->slots);
  for (uint32_t i = 0; i < packet->slots; i++) put_slot(packet, ring, i);
  if (nm_txsync(port)) nm_fail("NIOCTXSYNC failed");
  if (packet->bad_index) ring->slot[first].buf_idx = index;
}

int main(int argc, char** argv) {
  struct packet packet = {.slots = 1, .size = 60, .readable = UINT32_MAX};
  uint32_t count = 1;
  const struct opt opts[] = {
      {"count", OPT_U32, &count, "packets (1)"},
      {"slots", OPT_U32, &packet.slots, "of each packet (1)"},
      {"size", OPT_U32, &packet.size, "bytes of each slot (60)"},
      {"bad-index", OPT_FLAG, &packet.bad_index, "of a buffer that does not exist; one slot only"},
      {"readable", OPT_U32, &packet.readable, "send by address, with so many bytes there"},
  };
  const struct opt_command command = {"nmslots PORT [options]: packets with something wrong", opts,
                                      sizeof(opts) / sizeof(opts[0]), 1};
  struct opt_list operands;
  struct nm_port port;

  opt_parse(&command, argc, argv, &operands);
  packet.indirect = packet.readable != UINT32_MAX;
  if (!packet.slots || packet.size > UINT16_MAX || (packet.bad_index && packet.slots > 1) ||
      (packet.indirect && packet.readable > (uint32_t)sysconf(_SC_PAGESIZE)))
    nm_fail("such packets cannot be made");
  if (packet.indirect) place(&packet);
  nm_open_or_exit(operands.text[0], &port);
  for (uint32_t i = 0; i < count; i++) send_packet(&packet, &port);
  nm_close(&port);
  return NM_OK;
}
