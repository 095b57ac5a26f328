// SPDX-License-Identifier: BSD-2-Clause
#include "talk.h"

#include <inttypes.h>

const uint8_t talk_broadcast[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

struct talk_message talk_make(enum talk_type what, const uint8_t dst[6], const uint8_t src[6]) {
  struct talk_message message;

  memset(&message, 0, sizeof(message));
  message.what = (uint16_t)what;
  memcpy(message.dst, dst, 6);
  memcpy(message.src, src, 6);
  message.type[0] = FRAME_TYPE_TALK >> 8;
  message.type[1] = FRAME_TYPE_TALK & 0xff;
  return message;
}

bool talk_put(struct netmap_ring* ring, const struct talk_message* message) {
  struct frame frame = {.size = TALK_SIZE, .frags = 1, .frag = {TALK_SIZE}};
  uint8_t bytes[TALK_SIZE] = {0};

  memcpy(bytes, message, sizeof(*message));
  return frame_put(ring, &frame, bytes, 0);
}

bool talk_read(const struct netmap_ring* ring, const struct frame_rx* found,
               struct talk_message* message) {
  uint8_t bytes[TALK_SIZE];

  if (found->size != TALK_SIZE || frame_read(ring, found, bytes, TALK_SIZE) != TALK_SIZE ||
      frame_type(bytes) != FRAME_TYPE_TALK)
    return false;
  memcpy(message, bytes, sizeof(*message));
  return true;
}

void talk_foreign(struct talk_report* report, const struct netmap_ring* ring,
                  const struct frame_rx* found) {
  if (!report->foreign++) frame_read(ring, found, report->foreign_head, FRAME_HEADER);
}

static void print_foreign(const struct talk_report* report) {
  if (!report->foreign) return;
  printf(",\"foreign_head\":\"");
  for (int i = 0; i < FRAME_HEADER; i++) printf("%02x", report->foreign_head[i]);
  printf("\"");
}

void talk_print(const char* role, const char* port, const struct talk_report* report) {
  printf("{\"role\":\"%s\",\"port\":\"%s\",\"frames\":%" PRIu64 ",\"bytes\":%" PRIu64
         ",\"slots\":%" PRIu64 ",\"foreign\":%" PRIu64 ",\"empty\":%" PRIu64 ",\"ms\":%" PRIu64
         ",\"ok\":%s",
         role, port, report->frames, report->bytes, report->slots, report->foreign, report->empty,
         report->ms, report->error[0] ? "false" : "true");
  print_foreign(report);
  printf("}\n");
  fflush(stdout);
  if (report->error[0]) fprintf(stderr, "%s %s: %s\n", role, port, report->error);
}
