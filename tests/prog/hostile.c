// SPDX-License-Identifier: BSD-2-Clause
// A tenant that scribbles over all it can map while its rings are being synced, next to tenants
// who must not notice.
//
//     hs, hr: the hostile ports; hs sends to hr        sender  ---- verified traffic ---> receiver
//       ^  ^                                              \______________________________/
//       |  +- scribblers: processes with the same mapping          same switch
//       +---- syncer: TXSYNC, RXSYNC, poll in any order   guard: memory nobody else may write
//
// All hostile buffers begin with a header to hr's address, so that whatever the syncer manages
// to send stays between hs and hr: a switch may drop what does not fit into a ring flooded by
// someone else, and that is not what is tested here.
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "opt.h"
#include "talk.h"

enum { SLOTS = 256, MAX_CHILDREN = 16, GUARD_BUFS = 256, GUARD_BYTE = 0xa5 };

struct side {
  struct nm_port port;
  uint32_t bufs;
  size_t rings_end;  // where the buffers begin: all before is scribbled over
};

struct hostile {
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
static sigjmp_buf no_page;

static void on_sigbus(int number) {
  (void)number;
  siglongjmp(no_page, 1);
}

static void write_header(uint8_t* to) {
  memcpy(to, hr_mac, 6);
  memcpy(to + 6, hs_mac, 6);
  to[12] = 0x88;
  to[13] = 0xb7;
}

// Buffers the kernel has not handed out may have no page: then there is nothing to prepare.
static void prepare_buffers(struct side* side) {
  struct netmap_ring* ring = side->port.tx[0];
  struct sigaction action = {.sa_handler = on_sigbus};
  volatile uint32_t i = 0;

  sigaction(SIGBUS, &action, NULL);
  sigsetjmp(no_page, 1);
  while (i < side->bufs) write_header((uint8_t*)NETMAP_BUF(ring, i++));
  signal(SIGBUS, SIG_DFL);
}

static void open_side(struct hostile* h, const char* name, struct side* side) {
  struct nm_spec spec = {.mode = NR_REG_ALL_NIC, .slots = SLOTS, .rings = 2, .extra_bufs = 8};
  struct nmreq_pools_info pools = {.nr_mem_id = 0};
  int err;

  snprintf(spec.name, sizeof(spec.name), "%s:%s", h->bridge, name);
  err = nm_open(&spec, &side->port);
  if (err) nm_fail("cannot open %s: %s", spec.name, strerror(err));
  err = nm_request_simple(side->port.fd, NETMAP_REQ_POOLS_INFO_GET, spec.name, &pools);
  if (err) nm_fail("POOLS_INFO_GET of %s: %s", spec.name, strerror(err));
  side->bufs = pools.nr_buf_pool_objtotal;
  side->rings_end = pools.nr_buf_pool_offset;
  prepare_buffers(side);
}

// hr must be known to the switch before anything is sent to it.
static void announce(struct side* side) {
  struct netmap_ring* ring = side->port.tx[0];
  struct netmap_slot* slot = &ring->slot[ring->head];
  uint8_t* buf = (uint8_t*)NETMAP_BUF(ring, slot->buf_idx);

  memcpy(buf, hs_mac, 6);
  memcpy(buf + 6, hr_mac, 6);
  slot->len = 60;
  ring->head = ring->cur = nm_ring_next(ring, ring->head);
  nm_txsync(&side->port);
  write_header(buf);
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
static void scribble_anywhere(const struct side* side, uint64_t* random) {
  size_t words = side->rings_end / sizeof(uint32_t);
  volatile uint32_t* word = (uint32_t*)(void*)side->port.mem + frame_random(random) % words;

  *word = (uint32_t)PICK(random, 0, 1, SLOTS, 2048, 0xffffffff, frame_random(random));
}

static void scribble(const struct hostile* h, uint64_t* random) {
  uint64_t what = frame_random(random);
  const struct side* side = &h->sides[what & 1];
  uint32_t number = what >> 2 & 1;
  struct netmap_ring* ring = what & 2 ? side->port.tx[number] : side->port.rx[number];

  if (what >> 8 & 15) scribble_slot(h, side, &ring->slot[(what >> 16) % SLOTS], random);
  if ((what >> 32 & 15) == 0) scribble_pointers(ring, random);
  if ((what >> 36 & 255) == 0) scribble_anywhere(side, random);
  if ((what >> 44 & 4095) == 0) tidy(ring, random);
}

static _Noreturn void be_scribbler(struct hostile* h, uint64_t seed) {
  static uint64_t random;  // survives the jump
  struct sigaction action = {.sa_handler = on_sigbus};

  random = seed;
  sigaction(SIGBUS, &action, NULL);
  sigsetjmp(no_page, 1);
  for (;;) scribble(h, &random);
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
    struct side* side = &h->sides[what & 1];
    uint32_t ring = what >> 1 & 1;

    if (what >> 8 & 3) advance(what & 4 ? side->port.tx[ring] : side->port.rx[ring], what & 4);
    if (what >> 10 & 1) nm_txsync(&side->port);
    if (what >> 11 & 1) nm_rxsync(&side->port);
    if (what >> 12 & 1) nm_poll(&side->port, (short)(what >> 13 & 1 ? POLLIN : POLLOUT), 0);
  }
}

static bool forked(struct hostile* h) {
  pid_t pid = fork();

  if (pid < 0) nm_fail("fork: %s", strerror(errno));
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

static void guard_open(const struct hostile* h, struct nm_port* guard) {
  struct nm_spec spec = {
      .mode = NR_REG_ALL_NIC, .flags = NR_TX_RINGS_ONLY, .extra_bufs = GUARD_BUFS};
  struct netmap_ring* ring;
  int err;

  snprintf(spec.name, sizeof(spec.name), "%s:guard", h->bridge);
  err = nm_open(&spec, guard);
  if (err) nm_fail("cannot open %s: %s", spec.name, strerror(err));
  ring = guard->tx[0];
  for (uint32_t i = 0; i < ring->num_slots; i++)
    memset(NETMAP_BUF(ring, ring->slot[i].buf_idx), GUARD_BYTE, ring->nr_buf_size);
  for (uint32_t buf = guard->nifp->ni_bufs_head, next; buf; buf = next) {
    next = *(uint32_t*)(void*)NETMAP_BUF(ring, buf);
    memset(NETMAP_BUF(ring, buf) + sizeof(next), GUARD_BYTE, ring->nr_buf_size - sizeof(next));
  }
}

static uint32_t changed_bytes(const char* from, size_t size) {
  uint32_t changed = 0;

  for (size_t i = 0; i < size; i++) changed += (uint8_t)from[i] != GUARD_BYTE;
  return changed;
}

static bool guard_is_intact(const struct nm_port* guard, const struct netmap_ring* before) {
  const struct netmap_ring* ring = guard->tx[0];
  uint32_t changed = 0, chain = 0;

  for (uint32_t i = 0; i < ring->num_slots; i++)
    changed += changed_bytes(NETMAP_BUF(ring, ring->slot[i].buf_idx), ring->nr_buf_size);
  for (uint32_t buf = guard->nifp->ni_bufs_head; buf && chain < GUARD_BUFS; chain++) {
    changed += changed_bytes(NETMAP_BUF(ring, buf) + sizeof(buf), ring->nr_buf_size - sizeof(buf));
    buf = *(const uint32_t*)(const void*)NETMAP_BUF(ring, buf);
  }
  if (memcmp(ring, before, sizeof(*ring)) != 0) changed++;
  if (changed || chain != GUARD_BUFS)
    fprintf(stderr, "guard: %u bytes changed, %u of %u extra buffers in the list\n", changed, chain,
            GUARD_BUFS);
  return !changed && chain == GUARD_BUFS;
}

static void make_arena(struct hostile* h) {
  h->page = (size_t)sysconf(_SC_PAGESIZE);
  h->arena = mmap(NULL, 2 * h->page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (h->arena == MAP_FAILED) nm_fail("mmap: %s", strerror(errno));
  munmap(h->arena + h->page, h->page);
  write_header(h->arena);
  write_header(h->arena + 7);
  write_header(h->arena + h->page - 60);
  write_header(h->arena + h->page - 14);
}

static void attack(struct hostile* h) {
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
  struct netmap_ring before;
  struct nm_port guard;
  bool ok = true;

  opt_parse(&command, argc, argv, &operands);
  if (!h.scribblers || h.scribblers > MAX_CHILDREN - 3) {
    fprintf(stderr, "scribblers are 1 to %d\n", MAX_CHILDREN - 3);
    return NM_USAGE;
  }
  h.bridge = operands.text[0];
  h.phase_ms = seconds * 500;
  guard_open(&h, &guard);
  memcpy(&before, guard.tx[0], sizeof(before));
  make_arena(&h);
  open_side(&h, "hs", &h.sides[0]);
  open_side(&h, "hr", &h.sides[1]);
  announce(&h.sides[1]);

  attack(&h);
  ok &= talk(&h, false);
  ok &= talk(&h, true);
  ok &= call_off(&h);
  ok &= guard_is_intact(&guard, &before);
  printf("{\"seconds\":%" PRIu64 ",\"seed\":%" PRIu64 ",\"ok\":%s}\n", seconds, h.seed,
         ok ? "true" : "false");
  return ok ? NM_OK : NM_FAILED;
}
