// SPDX-License-Identifier: BSD-2-Clause
// A tenant that scribbles over all it can map while its rings are being synced, next to tenants
// who must not notice.
//
//     hs, hr: the hostile ports; hs sends to hr        sender  ---- verified traffic ---> receiver
//       ^  ^                                              \______________________________/
//       |  +- scribblers: processes with the same mapping          same switch
//       +---- syncer: TXSYNC, RXSYNC, poll in any order   guard: memory nobody else may write
//
// All buffers of hs begin with a header to hr's address, so that whatever the syncer manages to
// send stays between the two: a switch may drop what does not fit into a ring somebody else
// floods, and that is not what is tested here. For the same reason hs receives nothing: it
// could send it again as the victims' own.
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guard.h"
#include "opt.h"
#include "talk.h"

enum { SLOTS = 256, MAX_CHILDREN = 16 };

struct side {
  struct nm_port port;
  uint32_t bufs;
  uint32_t buf_size;
  size_t bufs_begin;
  char** pages;  // before the buffers, that are there
  size_t page_count;
  uint8_t** heads;  // of the buffers that are there
  size_t head_count;
};

struct hostile {
  uint64_t* calls;  // of the syncer, shared with it
  const char* bridge;
  uint32_t scribblers;
  uint64_t seed;
  uint64_t phase_ms;
  struct side sides[2];  // hs, hr
  uint8_t* arena;        // its second page is not there
  size_t page;
  pid_t pid[MAX_CHILDREN];
  uint32_t children;
};

static const uint8_t hs_mac[6] = {0x02, 0x68, 0, 0, 0, 1};
static const uint8_t hr_mac[6] = {0x02, 0x68, 0, 0, 0, 2};
static void write_header(uint8_t* to) {
  memcpy(to, hr_mac, 6);
  memcpy(to + 6, hs_mac, 6);
  to[12] = 0x88;
  to[13] = 0xb7;
}

static bool is_mapped(const char* page, const int probe[2]) {
  char byte;

  return write(probe[1], page, 1) == 1 && read(probe[0], &byte, 1) == 1;
}

static void find_pages(const struct hostile* h, struct side* side, const int probe[2]) {
  char* end = side->port.mem + side->bufs_begin;

  side->pages = malloc((side->bufs_begin / h->page + 1) * sizeof(side->pages[0]));
  for (char* page = side->port.mem; page + h->page <= end; page += h->page)
    if (is_mapped(page, probe)) side->pages[side->page_count++] = page;
}

static void find_buffers(struct side* side, const int probe[2]) {
  side->heads = malloc(side->bufs * sizeof(side->heads[0]));
  for (uint32_t i = 0; i < side->bufs; i++) {
    char* buf = side->port.mem + side->bufs_begin + (size_t)i * side->buf_size;

    if (is_mapped(buf, probe)) side->heads[side->head_count++] = (uint8_t*)buf;
  }
}

// Objects the kernel has not handed out may have no page. Asked through a pipe that is no signal.
static void find_memory(const struct hostile* h, struct side* side) {
  int probe[2];

  if (pipe(probe)) nm_fail("pipe: %s", strerror(errno));
  find_pages(h, side, probe);
  find_buffers(side, probe);
  close(probe[0]);
  close(probe[1]);
}

static void prepare_buffers(const struct side* side) {
  for (size_t i = 0; i < side->head_count; i++) write_header(side->heads[i]);
}

// Buffers of hr into which the switch has put a frame of hs.
static uint32_t count_arrivals(const struct hostile* h) {
  const struct side* hr = &h->sides[1];
  uint32_t arrivals = 0;

  for (size_t i = 0; i < hr->head_count; i++)
    arrivals += !memcmp(hr->heads[i], hr_mac, sizeof(hr_mac));
  return arrivals;
}

static void open_port(const struct hostile* h, const char* name, uint64_t flags,
                      struct nm_port* port) {
  struct nm_spec spec = {
      .mode = NR_REG_ALL_NIC, .flags = flags, .slots = SLOTS, .rings = 2, .extra_bufs = 8};
  int err;

  snprintf(spec.name, sizeof(spec.name), "%s:%s", h->bridge, name);
  err = nm_open(&spec, port);
  if (err) nm_fail("cannot open %s: %s", spec.name, strerror(err));
}

static void open_side(const struct hostile* h, const char* name, uint64_t flags,
                      struct side* side) {
  struct nmreq_pools_info pools = {.nr_mem_id = 0};
  char full[NETMAP_REQ_IFNAMSIZ];
  int err;

  open_port(h, name, flags, &side->port);
  snprintf(full, sizeof(full), "%s:%s", h->bridge, name);
  err = nm_request_simple(side->port.fd, NETMAP_REQ_POOLS_INFO_GET, full, &pools);
  if (err) nm_fail("POOLS_INFO_GET of %s: %s", full, strerror(err));
  side->bufs = pools.nr_buf_pool_objtotal;
  side->buf_size = pools.nr_buf_pool_objsize;
  side->bufs_begin = pools.nr_buf_pool_offset;
  find_memory(h, side);
}

// hr must be known to the switch before anything is sent to it.
static void announce(struct nm_port* port) {
  struct netmap_ring* ring = port->tx[0];
  struct netmap_slot* slot = &ring->slot[ring->head];
  uint8_t* buf = (uint8_t*)NETMAP_BUF(ring, slot->buf_idx);

  memset(buf, 0, 60);
  memcpy(buf, hs_mac, 6);
  memcpy(buf + 6, hr_mac, 6);
  slot->len = 60;
  ring->head = ring->cur = nm_ring_next(ring, ring->head);
  nm_txsync(port);
}

// hr only receives; for its announcement it is opened a second time.
static void open_sides(struct hostile* h) {
  struct nm_port both;

  open_port(h, "hr", 0, &both);
  open_side(h, "hr", NR_RX_RINGS_ONLY, &h->sides[1]);
  open_side(h, "hs", NR_TX_RINGS_ONLY, &h->sides[0]);
  prepare_buffers(&h->sides[0]);
  announce(&both);
  nm_close(&both);
}

static uint64_t pick(uint64_t* random, const uint64_t* from, size_t count) {
  return from[frame_random(random) % count];
}

#define PICK(random, ...)                       \
  pick(random, (const uint64_t[]){__VA_ARGS__}, \
       sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

// No address here is readable and not ours: what is read there would go anywhere.
static uint64_t bad_address(const struct hostile* h, uint64_t* random) {
  uintptr_t arena = (uintptr_t)h->arena;

  return PICK(random, 0, 1, arena, arena + 7, arena + h->page - 60, arena + h->page - 14,
              arena + h->page - 5, arena + h->page, 0xffff888000000000u, 0xffffffff81000000u,
              0x8000000000000000u, 0x00007fffffffffffu, 0xffffffffffffffffu);
}

static void scribble_slot(const struct hostile* h, const struct side* side,
                          volatile struct netmap_slot* slot, uint64_t* random) {
  uint64_t what = frame_random(random);

  if (what & 1)
    slot->buf_idx = (uint32_t)PICK(random, 0, 1, 2, 3 + what % 512, side->bufs - 1, side->bufs,
                                   0x7fffffff, 0xffffffff, what >> 32);
  if (what & 2)
    slot->len = (uint16_t)PICK(random, 0, 1, 13, 14, 60, 60, 60, 64, 1514, 2047, 2048, 2049, 0x8000,
                               0xffff, what >> 16);
  if (what & 4)
    slot->flags = (uint16_t)PICK(random, 0, 0, NS_BUF_CHANGED, NS_MOREFRAG, NS_INDIRECT,
                                 NS_INDIRECT | NS_MOREFRAG, what >> 8);
  if (what & 8) slot->ptr = bad_address(h, random);
}

static void scribble_pointers(volatile struct netmap_ring* ring, uint64_t* random) {
  uint64_t what = frame_random(random);
  uint32_t in = (uint32_t)(what >> 16) % SLOTS;
  uint32_t value =
      (uint32_t)PICK(random, in, in, in, SLOTS - 1, SLOTS, 0x7fffffff, 0xffffffff, what >> 32);

  if (what % 4 == 0) ring->head = value;
  if (what % 4 == 1) ring->cur = value;
  if (what % 4 == 2) ring->tail = value;
  if (what % 4 == 3) ring->head = ring->cur = in;
}

// Something any program might have left there, so that packets flow between the attacks.
static void tidy(struct netmap_ring* ring, uint64_t* random) {
  for (uint32_t i = 0; i < SLOTS; i++) {
    ring->slot[i].len = 60;
    ring->slot[i].flags = frame_random(random) % 4 ? 0 : NS_MOREFRAG;
  }
}

// Any word before the buffers: netmap_if, ring headers, slots, and what lies between them.
static void scribble_anywhere(const struct hostile* h, const struct side* side, uint64_t* random) {
  char* page = side->pages[frame_random(random) % side->page_count];
  volatile uint32_t* word = (uint32_t*)(void*)page + frame_random(random) % (h->page / 4);

  *word = (uint32_t)PICK(random, 0, 1, SLOTS, 2048, 0xffffffff, frame_random(random));
}

// hs has TX rings, hr RX rings.
static struct netmap_ring* choose_ring(const struct hostile* h, uint64_t what) {
  uint32_t number = what >> 1 & 1;

  return what & 1 ? h->sides[1].port.rx[number] : h->sides[0].port.tx[number];
}

static _Noreturn void be_scribbler(const struct hostile* h, uint64_t random) {
  for (;;) {
    uint64_t what = frame_random(&random);
    const struct side* side = &h->sides[what & 1];
    struct netmap_ring* ring = choose_ring(h, what);

    if (what >> 8 & 15) scribble_slot(h, side, &ring->slot[(what >> 16) % SLOTS], &random);
    if ((what >> 32 & 15) == 0) scribble_pointers(ring, &random);
    if ((what >> 36 & 255) == 0) scribble_anywhere(h, side, &random);
    if ((what >> 44 & 4095) == 0) tidy(ring, &random);
  }
}

// The head a program would set: one behind the tail, as far as the tail can be believed.
static void advance(struct netmap_ring* ring, bool tx) {
  volatile struct netmap_ring* shared = ring;
  uint32_t tail = shared->tail % SLOTS;

  shared->head = shared->cur = tx ? (tail + SLOTS - 1) % SLOTS : tail;
}

static _Noreturn void be_syncer(struct hostile* h, uint64_t random) {
  for (;;) {
    uint64_t what = frame_random(&random);
    struct nm_port* port = &h->sides[what & 1].port;

    if (what >> 8 & 3) advance(choose_ring(h, what), !(what & 1));
    if (what >> 10 & 1) nm_txsync(port);
    if (what >> 11 & 1) nm_rxsync(port);
    if (what >> 12 & 1) nm_poll(port, (short)(what >> 13 & 1 ? POLLIN : POLLOUT), 0);
    ++*h->calls;
  }
}

static bool forked(struct hostile* h) {
  pid_t pid = nm_fork();

  if (pid > 0) h->pid[h->children++] = pid;
  return pid == 0;
}

static _Noreturn void be_receiver(const struct hostile* h) {
  const struct recv_options options = {
      .mac = {0x02, 0x56, 0x42, 0, 0, 0}, .flows = 1, .timeout_ms = 20000};
  struct talk_report report;
  struct nm_port port;
  char name[NETMAP_REQ_IFNAMSIZ];
  bool ok;

  snprintf(name, sizeof(name), "%s:receiver", h->bridge);
  nm_open_or_exit(name, &port);
  ok = talk_receive(&port, &options, &report);
  talk_print("recv", name, &report);
  exit(ok ? NM_OK : NM_FAILED);
}

static _Noreturn void be_sender(const struct hostile* h, bool broadcast) {
  struct send_options options = {
      .plan = {.seed = h->seed, .min_size = 14, .max_size = 1514, .max_frags = 8},
      .mac = {0x02, 0x56, 0x41, 0, 0, 0},
      .has_dst = broadcast,
      .receivers = 1,
      .indirect_percent = 10,
      .run_ms = h->phase_ms,
      .timeout_ms = 20000};
  struct talk_report report;
  struct nm_port port;
  char name[NETMAP_REQ_IFNAMSIZ];
  bool ok;

  memcpy(options.dst, talk_broadcast, 6);
  snprintf(name, sizeof(name), "%s:sender", h->bridge);
  nm_open_or_exit(name, &port);
  ok = talk_send(&port, &options, &report);
  talk_print(broadcast ? "send-broadcast" : "send-unicast", name, &report);
  exit(ok ? NM_OK : NM_FAILED);
}

static bool reap(const struct hostile* h, uint32_t first) {
  bool ok = true;

  for (uint32_t i = first; i < h->children; i++) {
    int status;

    if (waitpid(h->pid[i], &status, 0) < 0) nm_fail("waitpid: %s", strerror(errno));
    ok &= WIFEXITED(status) && WEXITSTATUS(status) == NM_OK;
  }
  return ok;
}

// One conversation next to the attack.
static bool talk(struct hostile* h, bool broadcast) {
  uint32_t first = h->children;
  bool ok;

  if (forked(h)) be_receiver(h);
  if (forked(h)) be_sender(h, broadcast);
  ok = reap(h, first);
  h->children = first;
  return ok;
}

static void make_arena(struct hostile* h) {
  h->page = (size_t)sysconf(_SC_PAGESIZE);
  h->arena = mmap(NULL, 2 * h->page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (h->arena == MAP_FAILED) nm_fail("mmap: %s", strerror(errno));
  mprotect(h->arena + h->page, h->page, PROT_NONE);
  write_header(h->arena);
  write_header(h->arena + 7);
  write_header(h->arena + h->page - 60);
  write_header(h->arena + h->page - 14);
}

static void attack(struct hostile* h) {
  h->calls =
      mmap(NULL, sizeof(*h->calls), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (h->calls == MAP_FAILED) nm_fail("mmap: %s", strerror(errno));
  if (forked(h)) be_syncer(h, h->seed);
  for (uint32_t i = 0; i < h->scribblers; i++)
    if (forked(h)) be_scribbler(h, h->seed * 7919 + i + 1);
}

// False if one of them died of something else than us.
static bool call_off(struct hostile* h) {
  bool ok = true;

  for (uint32_t i = 0; i < h->children; i++) {
    int status;

    kill(h->pid[i], SIGKILL);
    if (waitpid(h->pid[i], &status, 0) < 0) nm_fail("waitpid: %s", strerror(errno));
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) continue;
    fprintf(stderr, "attacker %u ended by itself, status %x\n", i, (unsigned int)status);
    ok = false;
  }
  return ok;
}

int main(int argc, char** argv) {
  static struct hostile h = {.scribblers = 2, .seed = 1};
  uint64_t seconds = 10;
  const struct opt opts[] = {
      {"seconds", OPT_U64, &seconds, "to run, half with unicast, half with broadcast (10)"},
      {"seed", OPT_U64, &h.seed, "of all choices (1)"},
      {"scribblers", OPT_U32, &h.scribblers, "processes that scribble (2)"},
  };
  const struct opt_command command = {
      "hostile SWITCH [options]: scribble over two ports, others on the switch must not notice",
      opts, sizeof(opts) / sizeof(opts[0]), 1};
  struct opt_list operands;
  struct guard guard;
  uint32_t arrivals;
  bool ok = true;

  opt_parse(&command, argc, argv, &operands);
  if (!h.scribblers || h.scribblers > MAX_CHILDREN - 3) {
    fprintf(stderr, "scribblers are 1 to %d\n", MAX_CHILDREN - 3);
    return NM_USAGE;
  }
  h.bridge = operands.text[0];
  h.phase_ms = seconds * 500;
  guard_open(h.bridge, &guard);
  make_arena(&h);
  open_sides(&h);

  attack(&h);
  ok &= talk(&h, false);
  ok &= talk(&h, true);
  ok &= call_off(&h);
  ok &= guard_is_intact(&guard);
  arrivals = count_arrivals(&h);
  ok &= arrivals > 0;  // else the attack proved nothing
  printf("{\"seed\":%" PRIu64 ",\"calls\":%" PRIu64 ",\"buffers_reached\":%u,\"ok\":%s}\n", h.seed,
         *h.calls, arrivals, ok ? "true" : "false");
  return ok ? NM_OK : NM_FAILED;
}
