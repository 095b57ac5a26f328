// SPDX-License-Identifier: BSD-2-Clause
// A whole conversation in one program: forks a sender, its receivers, and bystanders who must
// not see a single frame of it. SIGUSR1 ends what would go on for seconds, as if they were over.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "talk_cli.h"

enum { MAX_CHILDREN = 2 * OPT_LIST_MAX + 1, BYSTANDER_TICK_MS = 50 };

static struct {
  pid_t pid[MAX_CHILDREN];
  uint32_t count;
} children;
static volatile sig_atomic_t stop, enough;
static volatile pid_t sender;

static void on_term(int signal_number) {
  (void)signal_number;
  stop = 1;
}

// Nobody waits for the end of a conversation that is no longer wanted.
static void end_all(int signal_number) {
  (void)signal_number;
  for (uint32_t i = 0; i < children.count; i++) kill(children.pid[i], SIGKILL);
}

// Comes to the parent, which tells the sender.
static void on_enough(int signal_number) {
  enough = 1;
  if (sender) kill(sender, signal_number);
}

static _Noreturn void be_receiver(const char* name, uint16_t id, uint32_t flows,
                                  uint64_t timeout_ms) {
  struct recv_options recv = {.id = id,
                              .mac = {0x02, 0x56, 0x42, 0, 0, (uint8_t)id},
                              .flows = flows,
                              .timeout_ms = timeout_ms};
  struct talk_report report;
  struct nm_port port;
  bool ok;

  nm_open_or_exit(name, &port);
  ok = talk_receive(&port, &recv, &report);
  talk_print("recv", name, &report);
  exit(ok ? NM_OK : NM_FAILED);
}

static uint64_t frames_in(struct nm_port* port) {
  uint64_t frames = 0;

  for (uint32_t i = 0; i < port->rx_count; i++) {
    struct frame_rx found;

    for (; frame_peek(port->rx[i], &found); frame_release(port->rx[i], &found)) {
      uint8_t head[FRAME_HEADER] = {0};

      frame_read(port->rx[i], &found, head, sizeof(head));
      frames += frame_type(head) == FRAME_TYPE_DATA;
    }
  }
  return frames;
}

static _Noreturn void be_bystander(const char* name, int ready) {
  struct talk_report report = {0};
  struct nm_port port;

  signal(SIGTERM, on_term);
  nm_open_or_exit(name, &port);
  if (write(ready, "", 1) != 1) nm_fail("cannot report to the parent: %s", strerror(errno));
  while (!stop) {
    nm_poll(&port, POLLIN, BYSTANDER_TICK_MS);
    report.frames += frames_in(&port);
  }
  if (report.frames) snprintf(report.error, sizeof(report.error), "saw frames not meant for it");
  talk_print("bystander", name, &report);
  exit(report.frames ? NM_FAILED : NM_OK);
}

static _Noreturn void be_sender(const char* name, const struct send_options* send) {
  struct talk_report report;
  struct nm_port port;
  bool ok;

  nm_open_or_exit(name, &port);
  ok = talk_send(&port, send, &report);
  talk_print("send", name, &report);
  exit(ok ? NM_OK : NM_FAILED);
}

// 0 in the child.
static pid_t forked(void) {
  pid_t pid = nm_fork();

  if (pid > 0) children.pid[children.count++] = pid;
  return pid;
}

// Waits for the children from first on; true if all went well.
static bool reap(uint32_t first, uint32_t end) {
  bool ok = true;

  for (uint32_t i = first; i < end; i++) {
    int status;

    if (waitpid(children.pid[i], &status, 0) < 0) nm_fail("waitpid: %s", strerror(errno));
    ok &= WIFEXITED(status) && WEXITSTATUS(status) == NM_OK;
  }
  return ok;
}

// Returns when every bystander listens, so that none misses the beginning.
static void start_bystanders(const struct opt_list* names) {
  int ready[2];
  char byte;

  if (pipe(ready)) nm_fail("pipe: %s", strerror(errno));
  for (uint32_t i = 0; i < names->count; i++)
    if (!forked()) be_bystander(names->text[i], ready[1]);
  close(ready[1]);
  for (uint32_t i = 0; i < names->count; i++)
    if (read(ready[0], &byte, 1) != 1) nm_fail("a bystander did not start");
  close(ready[0]);
}

// How many flows the sender will open: its TX rings. Asked by opening it once.
static uint32_t count_flows(const char* name) {
  struct nm_port port;
  uint32_t flows;

  nm_open_or_exit(name, &port);
  flows = port.tx_count;
  nm_close(&port);
  return flows;
}

int main(int argc, char** argv) {
  struct talk_cli cli;
  struct opt_list to = {.count = 0}, bystanders = {.count = 0}, operands;
  struct opt opts[TALK_CLI_OPTS + 2];
  const struct opt_command command = {
      "nmtalk PORT --to PORT [options]: send, receive and verify in one, JSON counts", opts,
      TALK_CLI_OPTS + 2, 1};
  uint32_t flows;
  bool ok;

  talk_cli_init(&cli, opts);
  opts[TALK_CLI_OPTS] = (struct opt){"to", OPT_LIST, &to, "a receiver, may be repeated"};
  opts[TALK_CLI_OPTS + 1] =
      (struct opt){"bystander", OPT_LIST, &bystanders, "must see nothing, may be repeated"};
  opt_parse(&command, argc, argv, &operands);
  talk_cli_finish(&cli);
  cli.send.receivers = to.count;
  cli.send.enough = &enough;
  signal(SIGUSR1, on_enough);
  flows = count_flows(operands.text[0]);

  start_bystanders(&bystanders);
  for (uint16_t i = 0; i < to.count; i++)
    if (!forked()) be_receiver(to.text[i], i, flows, cli.send.timeout_ms);
  sender = forked();
  if (!sender) be_sender(operands.text[0], &cli.send);
  signal(SIGTERM, end_all);

  ok = reap(bystanders.count, children.count);
  for (uint32_t i = 0; i < bystanders.count; i++) kill(children.pid[i], SIGTERM);
  ok &= reap(0, bystanders.count);
  return ok ? NM_OK : NM_FAILED;
}
