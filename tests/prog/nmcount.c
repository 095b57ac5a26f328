// SPDX-License-Identifier: BSD-2-Clause
// Receives on a port for a while and prints what came: by ring, by source, by flow.
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include "frame.h"
#include "opt.h"

enum { KEY_SIZE = 64, KEYS_MAX = 1024, HEAD_SIZE = 128 };

struct tally {
  char key[KEY_SIZE];
  uint64_t frames;
};

struct table {
  struct tally rows[KEYS_MAX];
  uint32_t count;
  uint64_t others;  // frames of keys beyond KEYS_MAX
};

struct counts {
  uint64_t frames;
  uint64_t bytes;
  uint64_t ring[NM_MAX_RINGS];
  struct table sources;
  struct table flows;
  uint64_t echoed;
};

static volatile sig_atomic_t stop;
static volatile sig_atomic_t asked;  // SIGUSR1: what has come by now

static void on_signal(int number) {
  if (number == SIGUSR1)
    asked = 1;
  else
    stop = 1;
}

static void tally(struct table* table, const char* key) {
  uint32_t i = 0;

  while (i < table->count && strcmp(table->rows[i].key, key) != 0) i++;
  if (i == KEYS_MAX) {
    table->others++;
    return;
  }
  if (i == table->count) {
    snprintf(table->rows[i].key, KEY_SIZE, "%s", key);
    table->count++;
  }
  table->rows[i].frames++;
}

static void source_key(const uint8_t* head, char* key) {
  snprintf(key, KEY_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", head[6], head[7], head[8], head[9],
           head[10], head[11]);
}

static unsigned int word(const uint8_t* at) {
  return (unsigned int)(at[0] << 8 | at[1]);
}

static void protocol_name(uint8_t protocol, char name[8]) {
  snprintf(name, 8, "ip-%u", protocol);
  if (protocol == 6 || protocol == 17) snprintf(name, 8, "%s", protocol == 6 ? "tcp" : "udp");
}

// "udp 10.0.0.1:1234>10.0.0.2:80" for IPv4, else the EtherType.
static void flow_key(const uint8_t* head, uint32_t size, char* key) {
  const uint8_t* ip = head + FRAME_HEADER;
  const uint8_t* ports = ip + 4 * (ip[0] & 15);
  bool has_ports = ip[9] == 6 || ip[9] == 17;
  char name[8];

  if (frame_type(head) != 0x0800 || size < (uint32_t)(ports + 4 - head)) {
    snprintf(key, KEY_SIZE, "ethertype %04x", frame_type(head));
    return;
  }
  protocol_name(ip[9], name);
  snprintf(key, KEY_SIZE, "%s %u.%u.%u.%u:%u>%u.%u.%u.%u:%u", name, ip[12], ip[13], ip[14], ip[15],
           has_ports ? word(ports) : 0, ip[16], ip[17], ip[18], ip[19],
           has_ports ? word(ports + 2) : 0);
}

// Sends the packet back whence it came, if the ring of the same number has room.
static void echo(struct counts* counts, struct netmap_ring* to, const struct netmap_ring* ring,
                 const struct frame_rx* found) {
  static uint8_t bytes[FRAME_MAX];
  struct frame frame = {.size = found->size, .frags = found->slots};
  uint32_t at = ring->head;
  uint8_t mac[6];

  if (!found->whole || found->slots > NETMAP_MAX_FRAGS || found->size < FRAME_HEADER) return;
  frame_read(ring, found, bytes, sizeof(bytes));
  memcpy(mac, bytes, 6);
  memcpy(bytes, bytes + 6, 6);
  memcpy(bytes + 6, mac, 6);
  for (uint32_t i = 0; i < found->slots; i++, at = nm_ring_next(ring, at))
    frame.frag[i] = ring->slot[at].len;
  counts->echoed += frame_put(to, &frame, bytes, 0);
}

static void count_packet(struct counts* counts, const struct netmap_ring* ring,
                         const struct frame_rx* found) {
  uint8_t head[HEAD_SIZE] = {0};
  uint32_t size = frame_read(ring, found, head, sizeof(head));
  char key[KEY_SIZE];

  counts->frames++;
  counts->bytes += found->size;
  counts->ring[ring->ringid % NM_MAX_RINGS]++;
  source_key(head, key);
  tally(&counts->sources, key);
  flow_key(head, size, key);
  tally(&counts->flows, key);
}

static void drain(struct nm_port* port, struct counts* counts, bool echoes) {
  for (uint32_t i = 0; i < port->rx_count; i++) {
    struct frame_rx found;

    for (; frame_peek(port->rx[i], &found); frame_release(port->rx[i], &found)) {
      count_packet(counts, port->rx[i], &found);
      if (echoes && port->tx_count) echo(counts, port->tx[i % port->tx_count], port->rx[i], &found);
    }
  }
}

// A program that asks for more and never gives anything back.
static void hold(struct nm_port* port) {
  poll(NULL, 0, 1);
  nm_rxsync(port);
}

static void print_table(const char* name, const struct table* table) {
  printf(",\"%s\":{", name);
  for (uint32_t i = 0; i < table->count; i++)
    printf("%s\"%s\":%" PRIu64, i ? "," : "", table->rows[i].key, table->rows[i].frames);
  if (table->others) printf(",\"others\":%" PRIu64, table->others);
  printf("}");
}

static void print_counts(const char* port, const struct counts* counts) {
  const char* comma = "";

  printf("{\"port\":\"%s\",\"frames\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"echoed\":%" PRIu64
         ",\"rings\":{",
         port, counts->frames, counts->bytes, counts->echoed);
  for (uint32_t i = 0; i < NM_MAX_RINGS; i++) {
    if (!counts->ring[i]) continue;
    printf("%s\"%u\":%" PRIu64, comma, i, counts->ring[i]);
    comma = ",";
  }
  printf("}");
  print_table("sources", &counts->sources);
  print_table("flows", &counts->flows);
  printf("}\n");
  fflush(stdout);
}

int main(int argc, char** argv) {
  static struct counts counts;
  uint64_t seconds = 0, frames = 0, end;
  bool echoes = false, holds = false;
  const struct opt opts[] = {
      {"seconds", OPT_U64, &seconds, "how long (until SIGINT or SIGTERM)"},
      {"frames", OPT_U64, &frames, "fail unless so many came, stop when they have (0)"},
      {"hold", OPT_FLAG, &holds, "only sync every millisecond, releasing and counting nothing"},
      {"echo", OPT_FLAG, &echoes, "send every frame back with its addresses exchanged"},
  };
  const struct opt_command command = {
      "nmcount PORT [options]: count received frames by ring, source and flow, as JSON", opts,
      sizeof(opts) / sizeof(opts[0]), 1};
  struct opt_list operands;
  struct nm_port port;
  short events = 0;

  opt_parse(&command, argc, argv, &operands);
  signal(SIGINT, on_signal);
  signal(SIGTERM, on_signal);
  signal(SIGUSR1, on_signal);
  nm_open_or_exit(operands.text[0], &port);
  fprintf(stderr, "nmcount: %s ready, %u TX and %u RX rings\n", operands.text[0], port.tx_count,
          port.rx_count);
  end = seconds ? nm_now_ms() + seconds * 1000 : UINT64_MAX;
  while (!stop && nm_now_ms() < end && (!frames || counts.frames < frames)) {
    if (holds) {
      hold(&port);
      continue;
    }
    events = nm_poll(&port, POLLIN, 50);
    if (events & POLLERR) break;
    drain(&port, &counts, echoes);
    if (asked) print_counts(operands.text[0], &counts);
    asked = 0;
  }
  nm_txsync(&port);
  print_counts(operands.text[0], &counts);
  nm_close(&port);
  if (events & POLLERR) nm_fail("%s: poll says POLLERR", operands.text[0]);
  if (counts.frames < frames) nm_fail("%" PRIu64 " frames of %" PRIu64, counts.frames, frames);
  return NM_OK;
}
