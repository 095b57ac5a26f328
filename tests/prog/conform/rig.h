// SPDX-License-Identifier: BSD-2-Clause
// Two netdevs joined by a cable, each opened by this program: what is put into one's TX rings is
// expected out of the other's RX rings.
#pragma once

#include "frame.h"

enum { CONFORM_SHORT = 60, CONFORM_LONG = 1514, CONFORM_TAG = 4 };

struct rig {
  struct nm_port from, to;
  struct netmap_ring* tx;
  uint64_t put_seq, got_seq;
  uint64_t patience_ms;
  uint16_t type;      // of ours; all others are passed over
  uint64_t offset;    // of frames in their buffers
  uint32_t max_size;  // of a frame without tag
  bool exchanges;     // sending takes the buffer away and gives another
  bool tagged;        // frames have an IEEE 802.1Q tag
  uint8_t got[FRAME_MAX];
  const char* why;  // it failed
};

static inline bool rig_fail(struct rig* r, const char* why) {
  r->why = why;
  return false;
}

#define EXPECT(r, condition)                          \
  do {                                                \
    if (!(condition)) return rig_fail(r, #condition); \
  } while (0)

// Opens both, with spare buffers and the offset if there is one, or explains on stderr and exits.
void rig_open(struct rig* r, const char* from, const char* to);
void rig_close(struct rig* r);

// The next frame, in slots of at most `cut` bytes. The caller syncs.
bool rig_put(struct rig* r, uint32_t size, uint32_t cut, uint16_t flags);
// The next frame, of that size, byte by byte.
bool rig_expect_frame(struct rig* r, uint32_t size);
// Sends frames of another type until for a while nothing else comes: QEMU keeps up to 10000 frames
// that a full ring has no room for, and lets later ones pass them.
bool rig_settle(struct rig* r);
// A frame that will not come.
void rig_skip_frame(struct rig* r);
bool rig_all_sent(const struct rig* r);
// Every slot comes back.
bool rig_expect_sent(struct rig* r);
// An index from the sender's spare buffers; 0: there is none.
uint32_t rig_spare(struct rig* r);

struct conform_case {
  const char* name;
  bool (*run)(struct rig* r);
};

extern const struct conform_case conform_cases[];
extern const uint32_t conform_case_count;
