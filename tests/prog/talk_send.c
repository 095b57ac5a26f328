// SPDX-License-Identifier: BSD-2-Clause
// The sending side: one flow per TX ring, as many slots in flight as the receivers have room for.
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "talk.h"

enum {
  REPEAT_MS = 100,
  MESSAGE_RESERVE = 32,  // slots of a receiver's ring left to messages
  FRAMES_IN_FLIGHT = 4096,
  CLOSE_MS = 1000,
};

struct flow {
  uint8_t mac[6];
  uint8_t to[6];
  uint64_t next;
  uint64_t oldest;  // first frame not acknowledged by all
  uint32_t in_flight;
  uint8_t frags[FRAMES_IN_FLIGHT];
  uint64_t acked[TALK_MAX_RECEIVERS];
  bool opened[TALK_MAX_RECEIVERS];
  bool done[TALK_MAX_RECEIVERS];
};

struct sender {
  struct nm_port* port;
  const struct send_options* options;
  struct talk_report* report;
  struct frame_plan plan;
  uint16_t ids[TALK_MAX_RECEIVERS];
  uint8_t macs[TALK_MAX_RECEIVERS][6];
  uint32_t receivers;
  uint32_t window;  // of one flow
  uint64_t deadline;
  uint64_t again;  // when to say it again, 0: now
  uint8_t* arena;  // a frame of every slot of every ring, for NS_INDIRECT; shared, see put_away
  size_t arena_size;
  struct flow flows[];
};

static bool fail(struct sender* s, const char* what) {
  snprintf(s->report->error, sizeof(s->report->error), "%s", what);
  return false;
}

static struct flow* find_flow(struct sender* s, const uint8_t mac[6]) {
  for (uint32_t i = 0; i < s->port->tx_count; i++)
    if (!memcmp(s->flows[i].mac, mac, 6)) return &s->flows[i];
  return NULL;
}

static int find_receiver(const struct sender* s, uint16_t id) {
  for (uint32_t i = 0; i < s->receivers; i++)
    if (s->ids[i] == id) return (int)i;
  return -1;
}

static void on_hello(struct sender* s, const struct talk_message* message) {
  uint32_t room = (uint32_t)message->value;

  if (s->receivers == s->options->receivers || find_receiver(s, message->id) >= 0) return;
  s->ids[s->receivers] = message->id;
  memcpy(s->macs[s->receivers++], message->src, 6);
  room = room > 2 * MESSAGE_RESERVE ? room - 1 - MESSAGE_RESERVE : room / 2;
  if (!s->window || room < s->window) s->window = room;
}

// Frames every receiver has are no longer in flight.
static void retire(struct sender* s, struct flow* flow) {
  uint64_t oldest = flow->next;

  for (uint32_t i = 0; i < s->receivers; i++)
    if (flow->acked[i] < oldest) oldest = flow->acked[i];
  for (; flow->oldest < oldest; flow->oldest++)
    flow->in_flight -= flow->frags[flow->oldest % FRAMES_IN_FLIGHT];
}

static void on_message(struct sender* s, const struct talk_message* message) {
  struct flow* flow = find_flow(s, message->flow);
  int who = find_receiver(s, message->id);

  if (message->what == TALK_HELLO) on_hello(s, message);
  if (!flow || who < 0) return;
  if (message->what == TALK_DONE) flow->done[who] = true;
  if (message->what != TALK_ACK) return;
  flow->opened[who] = true;
  if (message->value > flow->acked[who]) flow->acked[who] = message->value;
  retire(s, flow);
}

static void drain(struct sender* s) {
  for (uint32_t i = 0; i < s->port->rx_count; i++) {
    struct frame_rx found;

    for (; frame_peek(s->port->rx[i], &found); frame_release(s->port->rx[i], &found)) {
      struct talk_message message;

      if (talk_read(s->port->rx[i], &found, &message))
        on_message(s, &message);
      else
        talk_foreign(s->report, s->port->rx[i], &found);
    }
  }
}

static bool wait_for(struct sender* s, short events, int ms) {
  short got = nm_poll(s->port, events, ms);

  if (got & POLLERR) return fail(s, "poll says POLLERR");
  drain(s);
  return true;
}

static void say(struct sender* s, uint32_t i, enum talk_type what) {
  struct flow* flow = &s->flows[i];
  struct talk_message message = talk_make(what, flow->to, flow->mac);

  memcpy(message.flow, flow->mac, 6);
  memcpy(message.to, flow->to, 6);
  message.value = flow->next;
  message.plan = s->plan;
  if (!talk_put(s->port->tx[i], &message)) nm_txsync(s->port);
}

// Says it in every flow, if it is time to: an answer is no reason to ask the others again. Waits
// for more.
static bool repeat(struct sender* s, enum talk_type what) {
  uint64_t now = nm_now_ms();

  if (now >= s->again) {
    for (uint32_t i = 0; i < s->port->tx_count; i++) say(s, i, what);
    s->again = now + REPEAT_MS;
  }
  return wait_for(s, POLLIN, (int)(s->again - now));
}

// In every flow, has every receiver said so?
static bool everywhere(const struct sender* s, bool done) {
  for (uint32_t i = 0; i < s->port->tx_count; i++)
    for (uint32_t k = 0; k < s->receivers; k++)
      if (!(done ? s->flows[i].done[k] : s->flows[i].opened[k])) return false;
  return true;
}

static bool meet(struct sender* s) {
  uint64_t end = nm_now_ms() + s->options->timeout_ms;

  while (s->receivers < s->options->receivers) {
    if (!wait_for(s, POLLIN, REPEAT_MS)) return false;
    if (nm_now_ms() > end) return fail(s, "too few receivers said HELLO");
  }
  s->window = s->options->window ? s->options->window : s->window;
  s->window /= s->port->tx_count;
  if (s->window < s->plan.max_frags) return fail(s, "a frame has more slots than the window");
  return true;
}

static bool open_flows(struct sender* s) {
  uint64_t end = nm_now_ms() + s->options->timeout_ms;

  for (uint32_t i = 0; i < s->port->tx_count; i++) {
    struct flow* flow = &s->flows[i];

    memcpy(flow->mac, s->options->mac, 6);
    flow->mac[5] = (uint8_t)(flow->mac[5] + i);
    memcpy(flow->to, s->options->has_dst ? s->options->dst : s->macs[0], 6);
  }
  for (s->again = 0; !everywhere(s, false);) {
    if (!repeat(s, TALK_OPEN)) return false;
    if (nm_now_ms() > end) return fail(s, "a receiver does not answer OPEN");
  }
  return true;
}

static bool may_send(const struct sender* s, const struct flow* flow) {
  if (!s->options->run_ms && flow->next >= s->options->count) return false;
  return flow->in_flight + s->plan.max_frags <= s->window &&
         flow->next - flow->oldest < FRAMES_IN_FLIGHT;
}

static uint64_t choose_indirect(const struct sender* s, uint64_t random) {
  uint64_t mask = 0;

  if (!s->options->indirect_percent) return 0;
  for (int i = 0; i < NETMAP_MAX_FRAGS; i++)
    if (frame_random(&random) % 100 < s->options->indirect_percent) mask |= 1ull << i;
  return mask;
}

// Fills one ring; true if something was put there.
static bool fill(struct sender* s, uint32_t i) {
  struct flow* flow = &s->flows[i];
  struct netmap_ring* ring = s->port->tx[i];
  bool any = false;

  while (may_send(s, flow)) {
    uint8_t* bytes = s->arena + ((size_t)i * ring->num_slots + ring->head) * s->plan.max_size;
    struct frame frame;

    frame_plan_next(&s->plan, flow->next, &frame);
    if (nm_ring_space(ring) < frame.frags) break;
    frame_write(&s->plan, &frame, flow->to, flow->mac, bytes);
    frame_put(ring, &frame, bytes, choose_indirect(s, frame.random));
    flow->frags[flow->next++ % FRAMES_IN_FLIGHT] = (uint8_t)frame.frags;
    flow->in_flight += frame.frags;
    s->report->frames++;
    s->report->bytes += frame.size;
    s->report->slots += frame.frags;
    any = true;
  }
  return any;
}

static uint64_t acknowledged(const struct sender* s) {
  uint64_t sum = 0;

  for (uint32_t i = 0; i < s->port->tx_count; i++) sum += s->flows[i].oldest;
  return sum;
}

static bool time_is_up(const struct sender* s) {
  const struct send_options* options = s->options;

  if (!options->run_ms) return false;
  return (options->enough && *options->enough) || nm_now_ms() >= s->deadline;
}

static bool finished(const struct sender* s, bool stop) {
  for (uint32_t i = 0; i < s->port->tx_count; i++) {
    const struct flow* flow = &s->flows[i];

    if (flow->oldest != flow->next) return false;
    if (!s->options->run_ms && flow->next < s->options->count) return false;
  }
  return !s->options->run_ms || stop;
}

static bool stalled(struct sender* s) {
  char text[160];

  for (uint32_t i = 0; i < s->port->tx_count; i++) {
    const struct flow* flow = &s->flows[i];

    if (flow->oldest == flow->next) continue;
    snprintf(text, sizeof(text), "frame %" PRIu64 " of ring %u lost: sent %" PRIu64, flow->oldest,
             i, flow->next);
    return fail(s, text);
  }
  return fail(s, "no progress");
}

// The arena's pages stay in memory but leave the process: the kernel has to fetch them for itself.
static bool put_away(struct sender* s) {
  if (!s->options->indirect_percent || !madvise(s->arena, s->arena_size, MADV_DONTNEED))
    return true;
  return fail(s, "madvise");
}

static bool transfer(struct sender* s) {
  uint64_t last = 0, progress = nm_now_ms();
  bool stop = false;

  while (!finished(s, stop)) {
    bool any = false;

    stop = time_is_up(s);
    for (uint32_t i = 0; !stop && i < s->port->tx_count; i++) any |= fill(s, i);
    if (any && !put_away(s)) return false;
    if (!wait_for(s, any ? POLLIN | POLLOUT : POLLIN, REPEAT_MS)) return false;
    if (acknowledged(s) != last) {
      last = acknowledged(s);
      progress = 0;
    } else if (!progress) {
      progress = nm_now_ms();
    } else if (!any && nm_now_ms() - progress > s->options->timeout_ms) {
      return stalled(s);
    }
  }
  return true;
}

static bool close_flows(struct sender* s) {
  uint64_t end = nm_now_ms() + CLOSE_MS;

  for (s->again = 0; !everywhere(s, true) && nm_now_ms() < end;)
    if (!repeat(s, TALK_CLOSE)) return false;
  return true;  // a receiver that left before its answer arrived has its own exit code
}

static bool make_arena(struct sender* s) {
  s->arena_size = (size_t)s->port->tx_count * s->port->tx[0]->num_slots * s->plan.max_size;
  s->arena = mmap(NULL, s->arena_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (s->arena == MAP_FAILED) s->arena = NULL;
  return s->arena;
}

static bool run(struct sender* s) {
  const char* error;

  s->plan = s->options->plan;
  if (s->options->receivers < 1 || s->options->receivers > TALK_MAX_RECEIVERS)
    return fail(s, "receivers are 1 to 16");
  if (s->options->receivers > 1 && !s->options->has_dst)
    return fail(s, "several receivers need a common destination");
  if (!s->port->tx_count || !s->port->rx_count) return fail(s, "needs rings of both directions");
  if (!s->plan.buf_size) s->plan.buf_size = s->port->tx[0]->nr_buf_size;
  error = frame_plan_error(&s->plan);
  if (error) return fail(s, error);
  if (!make_arena(s)) return fail(s, "out of memory");
  if (!meet(s) || !open_flows(s)) return false;
  if (s->options->run_ms) s->deadline = nm_now_ms() + s->options->run_ms;
  return transfer(s) && close_flows(s);
}

bool talk_send(struct nm_port* port, const struct send_options* options,
               struct talk_report* report) {
  struct sender* s = calloc(1, sizeof(*s) + port->tx_count * sizeof(s->flows[0]));
  uint64_t start = nm_now_ms();
  bool ok;

  memset(report, 0, sizeof(*report));
  s->port = port;
  s->options = options;
  s->report = report;
  ok = run(s);
  report->ms = nm_now_ms() - start;
  if (s->arena) munmap(s->arena, s->arena_size);
  free(s);
  return ok;
}
