// SPDX-License-Identifier: BSD-2-Clause
// A verified conversation over a switch that drops what a receiver has no room for.
//
//   receiver                         sender
//     HELLO  --- broadcast ------->    the switch learns the receiver, the sender its MAC
//     <----------------- OPEN ---      one per flow (TX ring): plan, count, seed
//     ACK 0  -------------------->
//     <--------- frames 0, 1, ..       never more slots in flight than the window
//     ACK n  -------------------->     n frames received in order
//     <---------------- CLOSE ---      total, until every receiver has answered
//     DONE   -------------------->
//
// Messages may be lost and are repeated; frames must not be.
#pragma once

#include <signal.h>

#include "frame.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TALK_MAX_RECEIVERS = 16, TALK_MAX_FLOWS = 64, TALK_SIZE = 128 };

enum talk_type { TALK_HELLO = 1, TALK_OPEN, TALK_ACK, TALK_CLOSE, TALK_DONE };

struct talk_message {
  uint8_t dst[6];
  uint8_t src[6];
  uint8_t type[2];  // FRAME_TYPE_TALK
  uint16_t what;    // enum talk_type
  uint8_t flow[6];  // source MAC of the frames it is about
  uint8_t to[6];    // OPEN: destination MAC of the frames
  uint16_t id;      // the receiver's
  uint16_t unused;
  uint64_t value;  // HELLO: slots per RX ring; ACK, DONE: frames received; CLOSE: frames sent
  struct frame_plan plan;
};

struct send_options {
  struct frame_plan plan;  // buf_size 0 is the port's
  uint8_t mac[6];          // of the first flow, the last byte counts on for the others
  uint8_t dst[6];          // if has_dst, else the receiver's
  bool has_dst;            // broadcast, for instance
  uint32_t receivers;      // must be 1 unless has_dst
  uint32_t indirect_percent;
  uint32_t window;      // slots in flight over all flows, 0 follows from the receivers' rings
  uint64_t count;       // frames per flow, 0: until the time is up
  uint64_t run_ms;      // 0: until count is reached
  const volatile sig_atomic_t* enough;  // run_ms ends when it is set, may be null
  uint64_t timeout_ms;  // without progress
};

struct recv_options {
  uint16_t id;
  uint8_t mac[6];
  uint32_t flows;       // to wait for
  bool recut;           // frames come through a netdev
  uint64_t timeout_ms;  // without progress
};

struct talk_report {
  uint64_t frames;
  uint64_t bytes;
  uint64_t slots;
  uint64_t foreign;                    // frames of nobody in this conversation
  uint8_t foreign_head[FRAME_HEADER];  // of the first of them
  uint64_t empty;                      // slots of length 0
  uint64_t ms;
  char error[160];  // empty if all is well
};

// Both run the whole conversation; true if everything was verified.
bool talk_send(struct nm_port* port, const struct send_options* options,
               struct talk_report* report);
bool talk_receive(struct nm_port* port, const struct recv_options* options,
                  struct talk_report* report);

// One line of JSON on stdout, one of text on stderr if there is an error.
void talk_print(const char* role, const char* port, const struct talk_report* report);

// Counts a frame of nobody in this conversation.
void talk_foreign(struct talk_report* report, const struct netmap_ring* ring,
                  const struct frame_rx* found);
// Puts a message into a TX ring; false if it has no room.
bool talk_put(struct netmap_ring* ring, const struct talk_message* message);
// Reads the packet at the ring's head if it is a message.
bool talk_read(const struct netmap_ring* ring, const struct frame_rx* found,
               struct talk_message* message);
struct talk_message talk_make(enum talk_type what, const uint8_t dst[6], const uint8_t src[6]);

extern const uint8_t talk_broadcast[6];

#ifdef __cplusplus
}
#endif
