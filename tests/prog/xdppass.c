// SPDX-License-Identifier: BSD-2-Clause
// Attaches an XDP program that passes every frame, or none, says so, and takes it away when a
// signal comes. 1: the kernel refused, and why.
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "opt.h"

static int bpf(enum bpf_cmd cmd, union bpf_attr* attr) {
  return (int)syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

// r0 = verdict; exit
static int load(enum xdp_action verdict) {
  const struct bpf_insn program[] = {
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = verdict},
      {.code = BPF_JMP | BPF_EXIT},
  };
  union bpf_attr attr;

  memset(&attr, 0, sizeof(attr));
  attr.prog_type = BPF_PROG_TYPE_XDP;
  attr.expected_attach_type = BPF_XDP;
  attr.insns = (uint64_t)(uintptr_t)program;
  attr.insn_cnt = sizeof(program) / sizeof(program[0]);
  attr.license = (uint64_t)(uintptr_t) "Dual BSD/GPL";
  return bpf(BPF_PROG_LOAD, &attr);
}

// By the driver, not by the stack. It lasts as long as the descriptor.
static int attach(int prog, unsigned int ifindex) {
  union bpf_attr attr;

  memset(&attr, 0, sizeof(attr));
  attr.link_create.prog_fd = (uint32_t)prog;
  attr.link_create.target_ifindex = ifindex;
  attr.link_create.attach_type = BPF_XDP;
  attr.link_create.flags = XDP_FLAGS_DRV_MODE;
  return bpf(BPF_LINK_CREATE, &attr);
}

static int failed(const char* what) {
  fprintf(stderr, "xdppass: %s: %s\n", what, strerror(errno));
  return 1;
}

int main(int argc, char** argv) {
  bool drop = false;
  const struct opt opts[] = {{"drop", OPT_FLAG, &drop, "it passes none"}};
  const struct opt_command command = {"xdppass LINK: every frame through an XDP program", opts, 1,
                                      1};
  struct opt_list operands;
  sigset_t ends;
  int prog, number;

  opt_parse(&command, argc, argv, &operands);
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  sigprocmask(SIG_BLOCK, &ends, NULL);
  prog = load(drop ? XDP_DROP : XDP_PASS);
  if (prog < 0) return failed("loading");
  if (attach(prog, if_nametoindex(operands.text[0])) < 0) return failed(operands.text[0]);
  puts("attached");
  fflush(stdout);
  sigwait(&ends, &number);
  return 0;
}
