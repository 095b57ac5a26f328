// SPDX-License-Identifier: BSD-2-Clause
// Fills a switch's forwarding table and checks every entry by what arrives where.
//
//     teacher --- switch --- sender        the teacher's addresses are learned, the sender
//                   |                      sends to each of them; whatever the third port
//                 third                    sees of that was flooded
//
// Each address is then moved to the third port, whose removal must forget it, whoever gets the
// freed port index next.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"
#include "opt.h"

enum { FRAME_SIZE = 60, BATCH_MAX = 512 };

struct numbered {
  uint8_t dst[6];
  uint8_t src[6];
  uint8_t type[2];
  uint16_t unused;
  uint32_t phase;
  uint32_t index;
};

struct load {
  const char* bridge;
  uint32_t macs;
  uint32_t moved;
  uint32_t batch;
  uint32_t phase;  // counts on, so that a late frame cannot be taken for a new one
  uint32_t wrong;  // checks that failed
  struct nm_port teacher;
  struct nm_port sender;
  struct nm_port third;
};

// What one port got of one batch.
struct caught {
  uint32_t count;
  uint8_t seen[BATCH_MAX];
};

// How the frames of a phase were delivered.
struct outcome {
  uint32_t only_there;  // to the port expected, and to no other
  uint32_t flooded;     // to the port expected and others
  uint32_t missing;     // not to the port expected
};

static const uint8_t sender_mac[6] = {0x02, 0xfe, 0, 0, 0, 1};

// An odd factor keeps them distinct, and apart from one another in every byte.
static void mac_of(uint32_t index, uint8_t mac[6]) {
  uint32_t scattered = index * 0x9e3779b1u;

  mac[0] = 0x02;
  mac[1] = 0xfd;
  memcpy(mac + 2, &scattered, sizeof(scattered));
}

static void open_port(struct load* load, const char* name, struct nm_port* port) {
  char spec[NETMAP_REQ_IFNAMSIZ];

  snprintf(spec, sizeof(spec), "%s:%s", load->bridge, name);
  nm_open_or_exit(spec, port);
}

static void put(struct nm_port* port, const uint8_t dst[6], const uint8_t src[6], uint32_t phase,
                uint32_t index) {
  struct frame frame = {.size = FRAME_SIZE, .frags = 1, .frag = {FRAME_SIZE}};
  struct numbered numbered = {.phase = phase, .index = index};
  uint8_t bytes[FRAME_SIZE] = {0};

  memcpy(numbered.dst, dst, 6);
  memcpy(numbered.src, src, 6);
  numbered.type[0] = FRAME_TYPE_DATA >> 8;
  numbered.type[1] = FRAME_TYPE_DATA & 0xff;
  memcpy(bytes, &numbered, sizeof(numbered));
  if (!frame_put(port->tx[0], &frame, bytes, 0)) nm_fail("a VALE TX ring is full after a sync");
}

// Takes everything out of a port; counts what belongs to this phase and batch.
static void take(const struct load* load, struct nm_port* port, uint32_t first,
                 struct caught* got) {
  struct netmap_ring* ring = port->rx[0];
  struct frame_rx found;

  memset(got, 0, sizeof(*got));
  nm_rxsync(port);
  for (; frame_peek(ring, &found); frame_release(ring, &found)) {
    struct numbered numbered;

    if (frame_read(ring, &found, (uint8_t*)&numbered, sizeof(numbered)) != sizeof(numbered))
      continue;
    if (numbered.phase != load->phase || numbered.index - first >= BATCH_MAX) continue;
    got->seen[numbered.index - first] = 1;
    got->count++;
  }
  nm_rxsync(port);
}

// Frames that are sent and looked for together: first..end-1.
struct span {
  uint32_t first;
  uint32_t end;
};

// From a zeroed span on, one batch after the other, of `count` frames.
static bool next_span(const struct load* load, uint32_t count, struct span* span) {
  span->first = span->end;
  span->end += count - span->first < load->batch ? count - span->first : load->batch;
  return span->first < count;
}

// The sender's frame number i, to one of the addresses.
static void put_to(struct load* load, uint32_t address, uint32_t i) {
  uint8_t mac[6];

  mac_of(address, mac);
  put(&load->sender, mac, sender_mac, load->phase, i);
}

// Addresses 0..count-1 send a frame each from the port to the sender, who must get them all.
static void teach(struct load* load, struct nm_port* port, uint32_t count) {
  struct span span = {0};
  struct caught got;
  uint32_t lost = 0;

  load->phase++;
  while (next_span(load, count, &span)) {
    for (uint32_t i = span.first; i < span.end; i++) {
      uint8_t mac[6];

      mac_of(i, mac);
      put(port, sender_mac, mac, load->phase, i);
    }
    nm_txsync(port);
    take(load, &load->sender, span.first, &got);
    lost += span.end - span.first - got.count;
  }
  if (lost) {
    fprintf(stderr, "%u of %u frames did not reach the sender\n", lost, count);
    load->wrong++;
  }
}

// The sender sends to addresses 0..count-1: what gets to the port, what to the other as well?
static struct outcome probe(struct load* load, struct nm_port* port, struct nm_port* other,
                            uint32_t count) {
  struct outcome outcome = {0};
  struct span span = {0};
  struct caught here, there;

  load->phase++;
  while (next_span(load, count, &span)) {
    for (uint32_t i = span.first; i < span.end; i++) put_to(load, i, i);
    nm_txsync(&load->sender);
    take(load, port, span.first, &here);
    take(load, other, span.first, &there);
    for (uint32_t i = 0; i < span.end - span.first; i++) {
      outcome.missing += !here.seen[i];
      outcome.flooded += here.seen[i] && there.seen[i];
      outcome.only_there += here.seen[i] && !there.seen[i];
    }
  }
  return outcome;
}

static void expect(struct load* load, const char* what, uint32_t got, uint32_t want) {
  if (got == want) return;
  fprintf(stderr, "%s: %u of %u\n", what, got, want);
  load->wrong++;
}

static void report(const char* step, struct outcome outcome) {
  printf("{\"step\":\"%s\",\"unicast\":%u,\"flooded\":%u,\"missing\":%u}\n", step,
         outcome.only_there, outcome.flooded, outcome.missing);
  fflush(stdout);
}

static void check_learned(struct load* load) {
  struct outcome outcome;

  teach(load, &load->teacher, load->macs);
  outcome = probe(load, &load->teacher, &load->third, load->macs);
  report("learned", outcome);
  expect(load, "unicast to learned addresses", outcome.only_there, load->macs);
}

static void check_moved(struct load* load) {
  struct outcome outcome;

  teach(load, &load->third, load->moved);
  outcome = probe(load, &load->third, &load->teacher, load->moved);
  report("moved", outcome);
  expect(load, "unicast to moved addresses", outcome.only_there, load->moved);
}

// Every so often one to the third port, at ever other places of a batch, among those to the
// teacher.
static bool is_stray(uint32_t i) {
  return i % 1999 == 1998;
}

// One batch of them; returns how many went where they should, and only there.
static uint32_t send_strays(struct load* load, struct span span) {
  struct caught here, there;
  uint32_t right = 0;

  for (uint32_t i = span.first; i < span.end; i++)
    put_to(load, is_stray(i) ? i % load->moved : load->moved + i, i);
  nm_txsync(&load->sender);
  take(load, &load->teacher, span.first, &here);
  take(load, &load->third, span.first, &there);
  for (uint32_t i = span.first; i < span.end; i++)
    right += here.seen[i - span.first] != is_stray(i) && there.seen[i - span.first] == is_stray(i);
  return right;
}

static void check_strays(struct load* load) {
  uint32_t count = load->macs - load->moved, right = 0;
  struct span span = {0};

  load->phase++;
  while (next_span(load, count, &span)) right += send_strays(load, span);
  printf("{\"step\":\"strays\",\"right\":%u,\"wrong\":%u}\n", right, count - right);
  expect(load, "frames of two ports' addresses", right, count);
}

// The third port goes: its addresses are unknown again, so that all others get them.
static void check_reused(struct load* load) {
  struct outcome outcome;

  nm_close(&load->third);
  open_port(load, "fdb_next", &load->third);
  outcome = probe(load, &load->teacher, &load->third, load->moved);
  report("reused", outcome);
  expect(load, "addresses forgotten with their port", outcome.flooded, load->moved);
}

static void check_aged(struct load* load, uint64_t seconds) {
  struct outcome outcome;

  teach(load, &load->teacher, load->moved);
  sleep((unsigned int)seconds);
  // the sender's own address has aged as well, and is learned anew by probing
  outcome = probe(load, &load->teacher, &load->third, load->moved);
  report("aged", outcome);
  expect(load, "addresses forgotten for their age", outcome.flooded, load->moved);
}

static void run_command(const char* command) {
  fflush(stdout);
  if (system(command) != 0) nm_fail("failed: %s", command);
}

int main(int argc, char** argv) {
  struct load load = {.macs = 200000, .moved = 10000, .batch = BATCH_MAX};
  const char* command = NULL;
  uint64_t age = 0;
  const struct opt opts[] = {
      {"macs", OPT_U32, &load.macs, "addresses to teach (200000)"},
      {"moved", OPT_U32, &load.moved, "of these to move to another port (10000)"},
      {"batch", OPT_U32, &load.batch, "frames per sync (512, the most)"},
      {"after-open", OPT_TEXT, &command, "shell command to run when the switch exists"},
      {"age", OPT_U64, &age, "after so many seconds all is forgotten (not tested)"},
  };
  const struct opt_command line = {
      "fdbload SWITCH [options]: teach addresses, check where frames to them go", opts,
      sizeof(opts) / sizeof(opts[0]), 1};
  struct opt_list operands;

  opt_parse(&line, argc, argv, &operands);
  if (!load.batch || load.batch > BATCH_MAX || !load.moved || load.moved > load.macs) {
    fprintf(stderr, "batch is 1 to 512, moved is 1 to macs\n");
    return NM_USAGE;
  }
  load.bridge = operands.text[0];
  open_port(&load, "fdb_teacher", &load.teacher);
  open_port(&load, "fdb_sender", &load.sender);
  open_port(&load, "fdb_third", &load.third);
  if (command) run_command(command);
  put(&load.sender, (const uint8_t[6]){0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, sender_mac, 0, 0);
  nm_txsync(&load.sender);

  check_learned(&load);
  check_moved(&load);
  check_strays(&load);
  check_reused(&load);
  if (age) check_aged(&load, age);
  printf("{\"macs\":%u,\"moved\":%u,\"failed_checks\":%u,\"ok\":%s}\n", load.macs, load.moved,
         load.wrong, load.wrong ? "false" : "true");
  return load.wrong ? NM_FAILED : NM_OK;
}
