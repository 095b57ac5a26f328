// SPDX-License-Identifier: BSD-2-Clause
// Frames that a receiver can check byte by byte, knowing only a seed and a sequence number.
//
//     0         6         12     14         22
//     | dst MAC | src MAC | 88b5 | sequence | pseudo-random words of (seed, sequence) .. |
//
// cut at a length, and into fragments, that follow from the same pair.
#pragma once

#include "nm.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  FRAME_HEADER = 14,
  FRAME_MAX = NETMAP_MAX_FRAGS * 2048,
  FRAME_TYPE_DATA = 0x88b5,
  FRAME_TYPE_TALK = 0x88b6,
};

struct frame_plan {
  uint64_t seed;
  uint32_t min_size;
  uint32_t max_size;
  uint32_t max_frags;
  uint32_t buf_size;
};

struct frame {
  uint64_t seq;
  uint32_t size;
  uint32_t frags;
  uint16_t frag[NETMAP_MAX_FRAGS];
  uint64_t random;  // for the sender's own choices
};

// A packet lying in a receive ring from ring->head on.
struct frame_rx {
  uint32_t slots;
  uint32_t size;
  bool whole;  // false: the ring ends before the packet does
  bool nic;    // ports other than VALE's leave NS_RFRAGS 0; set before frame_verify
  bool recut;  // it came through a netdev: full buffers but for the last; set as above
};

uint64_t frame_random(uint64_t* state);
// Why the plan cannot be followed, or NULL.
const char* frame_plan_error(const struct frame_plan* plan);
// Decides size and fragments of frame seq.
void frame_plan_next(const struct frame_plan* plan, uint64_t seq, struct frame* frame);
// Writes all frame->size bytes.
void frame_write(const struct frame_plan* plan, const struct frame* frame, const uint8_t dst[6],
                 const uint8_t src[6], uint8_t* to);

// Puts the frame into a TX ring if there is room. Fragments whose bit is set in indirect go by
// address: bytes must then stay until the next sync.
bool frame_put(struct netmap_ring* ring, const struct frame* frame, const uint8_t* bytes,
               uint64_t indirect);
// Finds the packet at ring->head; false if the ring is empty.
bool frame_peek(const struct netmap_ring* ring, struct frame_rx* found);
// Gives the packet's slots back.
void frame_release(struct netmap_ring* ring, const struct frame_rx* found);
// Copies at most size bytes from the start of the packet.
uint32_t frame_read(const struct netmap_ring* ring, const struct frame_rx* found, uint8_t* to,
                    uint32_t size);
// Compares the packet with the frame and its bytes. On a difference says which, false.
bool frame_verify(const struct netmap_ring* ring, const struct frame_rx* found,
                  const struct frame* frame, const uint8_t* bytes, char* why, size_t why_size);

uint16_t frame_type(const uint8_t* bytes);

#ifdef __cplusplus
}
#endif
