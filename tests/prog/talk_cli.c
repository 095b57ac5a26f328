// SPDX-License-Identifier: BSD-2-Clause
#include "talk_cli.h"

void talk_cli_init(struct talk_cli* cli, struct opt opts[TALK_CLI_OPTS]) {
  struct send_options* send = &cli->send;
  const struct opt table[TALK_CLI_OPTS] = {
      {"count", OPT_U64, &send->count, "frames per TX ring (1000000)"},
      {"seconds", OPT_U64, &cli->seconds, "send so long instead"},
      {"min", OPT_U32, &send->plan.min_size, "smallest frame (14)"},
      {"max", OPT_U32, &send->plan.max_size, "largest frame (1514)"},
      {"frags", OPT_U32, &send->plan.max_frags, "most slots per frame (1), up to 64"},
      {"indirect", OPT_U32, &send->indirect_percent, "percent of slots sent by address (0)"},
      {"seed", OPT_U64, &send->plan.seed, "of sizes and contents (1)"},
      {"broadcast", OPT_FLAG, &cli->broadcast, "send to all stations"},
      {"mac", OPT_MAC, send->mac, "source MAC of TX ring 0 (02:56:41:00:00:00)"},
      {"dst", OPT_MAC, send->dst, "destination MAC (the receiver's)"},
      {"window", OPT_U32, &send->window, "slots in flight (what the receivers hold)"},
      {"timeout", OPT_U64, &cli->timeout, "seconds without progress (10)"},
  };

  *cli = (struct talk_cli){
      .send = {.plan = {.seed = 1, .min_size = 14, .max_size = 1514, .max_frags = 1},
               .mac = {0x02, 0x56, 0x41, 0, 0, 0},
               .receivers = 1,
               .count = 1000000},
      .timeout = 10,
  };
  memcpy(opts, table, sizeof(table));
}

void talk_cli_finish(struct talk_cli* cli) {
  static const uint8_t none[6];

  if (cli->broadcast) memcpy(cli->send.dst, talk_broadcast, 6);
  cli->send.has_dst = memcmp(cli->send.dst, none, 6) != 0;
  cli->send.run_ms = cli->seconds * 1000;
  cli->send.timeout_ms = cli->timeout * 1000;
}
