// SPDX-License-Identifier: BSD-2-Clause
// Processes that open, use, close and manage ports of all kinds at random, until the time is over.
// Some are killed, and others take their place. What each does follows from the seed; who meets
// whom does not.
//
//     portstress --- worker 0 .. N-1, each in its generations; roles by lot (opening.c, managing.c)
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../frame.h"
#include "../opt.h"
#include "stress.h"

enum { MAX_WORKERS = 256, PATIENCE_MS = 60000, SHARED = 8192 };

struct stress {
  uint32_t workers;
  uint64_t seed;
  uint64_t end_ms;
  struct stress_shared* shared;
  bool* busy;  // one of each worker, shared
  pid_t pid[MAX_WORKERS];
  uint32_t generation[MAX_WORKERS];
  uint32_t killed;
};

static const struct stress_role* role_at(uint32_t i) {
  struct stress_roles opening = stress_opening_roles();

  return i < opening.count ? &opening.role[i] : &stress_managing_roles().role[i - opening.count];
}

static uint32_t role_count(void) {
  return stress_opening_roles().count + stress_managing_roles().count;
}

static uint32_t draw_role(struct stress_worker* worker) {
  uint32_t total = 0, i = 0, lot;

  for (uint32_t r = 0; r < role_count(); r++) total += role_at(r)->weight;
  for (lot = stress_below(worker, total); lot >= role_at(i)->weight; i++) lot -= role_at(i)->weight;
  return i;
}

static bool is_expected(const struct stress_role* role, int err) {
  for (uint32_t i = 0; i < STRESS_REFUSALS && role->refusals[i]; i++)
    if (role->refusals[i] == err) return true;
  return false;
}

static bool is_over(const struct stress_shared* shared) {
  return __atomic_load_n(&shared->over, __ATOMIC_RELAXED);
}

static _Noreturn void be_worker(const struct stress* s, uint32_t number, uint32_t generation) {
  struct stress_worker worker = {.random = (s->seed * 1000003 + number) * 7919 + generation,
                                 .shared = s->shared,
                                 .busy = &s->busy[number]};

  while (!is_over(s->shared)) {
    uint32_t i = draw_role(&worker);
    struct stress_tally* tally = &s->shared->tally[i];
    int err = role_at(i)->act(&worker);

    __atomic_fetch_add(err ? &tally->refused : &tally->done, 1, __ATOMIC_RELAXED);
    if (err && !is_expected(role_at(i), err))
      nm_fail("worker %u.%u: %s: %s", number, generation, role_at(i)->name, strerror(err));
  }
  exit(NM_OK);
}

static void start(struct stress* s, uint32_t number) {
  pid_t pid;

  stress_release(&s->busy[number]);
  pid = nm_fork();

  if (pid == 0) be_worker(s, number, s->generation[number]);
  s->pid[number] = pid;
  s->generation[number]++;
}

// Workers, and what killed ones left to us. False if one failed by itself.
static bool reap(struct stress* s) {
  bool ok = true;
  int status;
  pid_t pid;

  while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
    for (uint32_t i = 0; i < s->workers; i++) {
      if (s->pid[i] != pid) continue;
      s->pid[i] = 0;
      if (WIFSIGNALED(status) ? WTERMSIG(status) != SIGKILL : WEXITSTATUS(status) != NM_OK) {
        fprintf(stderr, "worker %u.%u: status %#x\n", i, s->generation[i] - 1,
                (unsigned int)status);
        ok = false;
      }
      if (!is_over(s->shared)) start(s, i);
    }
  return ok;
}

// It is released when another takes its place.
static void kill_worker(struct stress* s, uint32_t number) {
  if (__atomic_test_and_set(&s->busy[number], __ATOMIC_ACQUIRE)) return;
  kill(s->pid[number], SIGKILL);
  s->killed++;
}

static bool all_played(const struct stress* s) {
  for (uint32_t i = 0; i < role_count(); i++)
    if (!s->shared->tally[i].done) return false;
  return true;
}

// Some roles have little luck: they get more time on a slow machine.
static bool time_is_up(const struct stress* s) {
  uint64_t now = nm_now_ms();

  return now >= s->end_ms && (all_played(s) || now >= s->end_ms + PATIENCE_MS);
}

static bool run(struct stress* s) {
  uint64_t random = s->seed;
  bool ok = true;

  for (uint32_t i = 0; i < s->workers; i++) start(s, i);
  while (!time_is_up(s)) {
    usleep((useconds_t)(frame_random(&random) % 40000));
    kill_worker(s, (uint32_t)(frame_random(&random) >> 33) % s->workers);
    ok &= reap(s);
  }
  __atomic_store_n(&s->shared->over, true, __ATOMIC_RELAXED);
  return ok;
}

static bool any_left(const struct stress* s) {
  for (uint32_t i = 0; i < s->workers; i++)
    if (s->pid[i]) return true;
  return false;
}

// All end by themselves, in their own time.
static bool finish(struct stress* s) {
  uint64_t deadline = nm_now_ms() + PATIENCE_MS;
  bool ok = true;

  while (any_left(s) && nm_now_ms() < deadline) {
    ok &= reap(s);
    usleep(10000);
  }
  for (uint32_t i = 0; i < s->workers; i++) {
    if (!s->pid[i]) continue;
    fprintf(stderr, "worker %u.%u, process %d, does not end\n", i, s->generation[i] - 1, s->pid[i]);
    ok = false;
  }
  return ok;
}

// Each role must have been played, else this shows nothing.
static bool report(const struct stress* s) {
  for (uint32_t i = 0; i < role_count(); i++) {
    const struct stress_tally* tally = &s->shared->tally[i];

    printf("%-10s %8" PRIu64 " done %8" PRIu64 " refused\n", role_at(i)->name, tally->done,
           tally->refused);
  }
  printf("%" PRIu64 " syncs, %" PRIu64 " slots sent, %" PRIu64 " received, %u workers killed\n",
         s->shared->syncs, s->shared->slots_sent, s->shared->slots_received, s->killed);
  return all_played(s) && s->shared->slots_sent && s->shared->slots_received;
}

int main(int argc, char** argv) {
  static struct stress s = {.workers = 32, .seed = 1};
  uint64_t seconds = 10;
  bool regions = false;
  const struct opt opts[] = {
      {"workers", OPT_U32, &s.workers, "processes (32)"},
      {"seconds", OPT_U64, &seconds, "to run (10)"},
      {"seed", OPT_U64, &s.seed, "of all choices (1)"},
      {"regions", OPT_FLAG, &regions, "print how many private regions there are, and do nothing"},
  };
  const struct opt_command command = {
      "portstress [options]: ports of all kinds, opened, used, closed and managed at random", opts,
      sizeof(opts) / sizeof(opts[0]), 0};
  struct opt_list operands;
  bool ok;

  opt_parse(&command, argc, argv, &operands);
  if (regions) {
    printf("%u\n", stress_count_regions());
    return NM_OK;
  }
  if (!s.workers || s.workers > MAX_WORKERS) {
    fprintf(stderr, "workers are 1 to %d\n", MAX_WORKERS);
    return NM_USAGE;
  }
  printf("seed %" PRIu64 "\n", s.seed);
  fflush(stdout);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  s.shared = mmap(NULL, SHARED, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (s.shared == MAP_FAILED) nm_fail("mmap: %s", strerror(errno));
  s.busy = (bool*)s.shared + SHARED / 2;
  s.end_ms = nm_now_ms() + seconds * 1000;
  ok = run(&s);
  ok &= finish(&s);
  ok &= report(&s);
  return ok ? NM_OK : NM_FAILED;
}
