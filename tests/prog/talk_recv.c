// SPDX-License-Identifier: BSD-2-Clause
// The receiving side: checks every frame of every flow, acknowledges once per poll round.
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>

#include "talk.h"

enum { REPEAT_MS = 100 };

struct flow {
  uint8_t mac[6];
  uint8_t to[6];
  struct frame_plan plan;
  uint64_t received;
  uint64_t acked;
  bool answer;  // even if nothing was received since the last time
  bool closed;
};

struct receiver {
  struct nm_port* port;
  const struct recv_options* options;
  struct talk_report* report;
  struct flow flows[TALK_MAX_FLOWS];
  uint32_t known;
  uint8_t* expected;
};

static struct flow* find_flow(struct receiver* r, const uint8_t mac[6]) {
  for (uint32_t i = 0; i < r->known; i++)
    if (!memcmp(r->flows[i].mac, mac, 6)) return &r->flows[i];
  return NULL;
}

static bool fail(struct receiver* r, const char* what) {
  snprintf(r->report->error, sizeof(r->report->error), "%s", what);
  return false;
}

static void send_message(struct receiver* r, enum talk_type what, const struct flow* flow) {
  struct talk_message message = talk_make(what, flow ? flow->mac : talk_broadcast, r->options->mac);

  message.id = r->options->id;
  message.value = flow ? flow->received : r->port->rx[0]->num_slots;
  if (flow) memcpy(message.flow, flow->mac, 6);
  // with the ring full the message counts as lost
  if (!talk_put(r->port->tx[0], &message)) nm_txsync(r->port);
}

static void on_open(struct receiver* r, const struct talk_message* message) {
  struct flow* flow = find_flow(r, message->flow);

  if (!flow && r->known < TALK_MAX_FLOWS) {
    flow = &r->flows[r->known++];
    memset(flow, 0, sizeof(*flow));
    memcpy(flow->mac, message->flow, 6);
    memcpy(flow->to, message->to, 6);
    flow->plan = message->plan;
  }
  if (flow) flow->answer = true;
}

static bool on_close(struct receiver* r, const struct talk_message* message) {
  struct flow* flow = find_flow(r, message->flow);
  char text[120];

  if (!flow) return true;
  flow->closed = true;
  send_message(r, TALK_DONE, flow);
  if (flow->received == message->value) return true;
  snprintf(text, sizeof(text), "%" PRIu64 " frames of %" PRIu64 " received", flow->received,
           message->value);
  return fail(r, text);
}

static bool on_message(struct receiver* r, const struct talk_message* message) {
  if (message->what == TALK_OPEN) on_open(r, message);
  return message->what == TALK_CLOSE ? on_close(r, message) : true;
}

static void explain(struct receiver* r, const struct flow* flow, const uint8_t* head, uint32_t size,
                    const char* why) {
  uint64_t seq = 0;
  char text[160];

  if (size >= FRAME_HEADER + sizeof(seq)) memcpy(&seq, head + FRAME_HEADER, sizeof(seq));
  snprintf(text, sizeof(text), "frame %" PRIu64 " of %02x:%02x: %s (it says %" PRIu64 ")",
           flow->received, flow->mac[4], flow->mac[5], why, seq);
  fail(r, text);
}

static bool on_data(struct receiver* r, struct flow* flow, const struct netmap_ring* ring,
                    const struct frame_rx* found, const uint8_t* head, uint32_t head_size) {
  struct frame frame;
  char why[100];

  frame_plan_next(&flow->plan, flow->received, &frame);
  frame_write(&flow->plan, &frame, flow->to, flow->mac, r->expected);
  if (!frame_verify(ring, found, &frame, r->expected, why, sizeof(why))) {
    explain(r, flow, head, head_size, why);
    return false;
  }
  flow->received++;
  r->report->frames++;
  r->report->bytes += frame.size;
  r->report->slots += frame.frags;
  return true;
}

static bool on_packet(struct receiver* r, const struct netmap_ring* ring,
                      const struct frame_rx* found) {
  uint8_t head[FRAME_HEADER + 8] = {0};
  uint32_t size = frame_read(ring, found, head, sizeof(head));
  struct talk_message message;
  struct flow* flow;

  if (found->size == 0) {
    r->report->empty += found->slots;
    return true;
  }
  if (talk_read(ring, found, &message)) return on_message(r, &message);
  flow = find_flow(r, head + 6);
  if (size < FRAME_HEADER || frame_type(head) != FRAME_TYPE_DATA || !flow) {
    talk_foreign(r->report, ring, found);
    return true;
  }
  return on_data(r, flow, ring, found, head, size);
}

static bool drain(struct receiver* r, struct netmap_ring* ring) {
  struct frame_rx found;

  while (frame_peek(ring, &found)) {
    // A persistent VALE port is named like a netdev, but only a NIC has host rings.
    found.nic = r->port->reg.nr_host_rx_rings > 0;
    found.recut = r->options->recut;
    if (!on_packet(r, ring, &found)) return false;
    frame_release(ring, &found);
  }
  return true;
}

// Poll would send what we say before it gives the slots back, and a quick sender would then find
// no room: the slots go first.
static bool acknowledge(struct receiver* r) {
  bool progress = false;

  nm_rxsync(r->port);
  for (uint32_t i = 0; i < r->known; i++) {
    struct flow* flow = &r->flows[i];

    if (flow->received == flow->acked && !flow->answer) continue;
    progress |= flow->received != flow->acked;
    send_message(r, TALK_ACK, flow);
    flow->acked = flow->received;
    flow->answer = false;
  }
  return progress;
}

// Nothing came for a while: perhaps what we said was lost.
static void repeat(struct receiver* r) {
  if (r->known < r->options->flows) send_message(r, TALK_HELLO, NULL);
  for (uint32_t i = 0; i < r->known; i++) r->flows[i].answer = !r->flows[i].closed;
}

static bool all_closed(const struct receiver* r) {
  uint32_t closed = 0;

  for (uint32_t i = 0; i < r->known; i++) closed += r->flows[i].closed;
  return closed >= r->options->flows;
}

static bool round_of_rings(struct receiver* r) {
  for (uint32_t i = 0; i < r->port->rx_count; i++)
    if (!drain(r, r->port->rx[i])) return false;
  return true;
}

// The sender shall name the frame that failed, not one before it.
static bool leave(struct receiver* r) {
  acknowledge(r);
  nm_txsync(r->port);
  return false;
}

static bool converse(struct receiver* r) {
  uint64_t progress = nm_now_ms();

  send_message(r, TALK_HELLO, NULL);
  while (!all_closed(r)) {
    short events = nm_poll(r->port, POLLIN, REPEAT_MS);

    if (events & POLLERR) return fail(r, "poll says POLLERR");
    if (!(events & POLLIN)) repeat(r);
    if (!round_of_rings(r)) return leave(r);
    if (acknowledge(r)) progress = nm_now_ms();
    if (!(events & POLLIN) && nm_now_ms() - progress > r->options->timeout_ms)
      return fail(r, r->known ? "frames stopped coming" : "nobody opened a flow");
  }
  nm_txsync(r->port);
  return true;
}

bool talk_receive(struct nm_port* port, const struct recv_options* options,
                  struct talk_report* report) {
  struct receiver* r = calloc(1, sizeof(*r));
  uint64_t start = nm_now_ms();
  bool ok;

  memset(report, 0, sizeof(*report));
  r->port = port;
  r->options = options;
  r->report = report;
  r->expected = malloc(FRAME_MAX);
  ok = port->tx_count && port->rx_count ? converse(r) : fail(r, "needs rings of both directions");
  report->ms = nm_now_ms() - start;
  free(r->expected);
  free(r);
  return ok;
}
