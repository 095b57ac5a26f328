// SPDX-License-Identifier: BSD-2-Clause
// The sender's options, common to nmsend and nmtalk.
#pragma once

#include "opt.h"
#include "talk.h"

enum { TALK_CLI_OPTS = 12 };

struct talk_cli {
  struct send_options send;
  uint64_t seconds;
  uint64_t timeout;
  bool broadcast;
};

void talk_cli_init(struct talk_cli* cli, struct opt opts[TALK_CLI_OPTS]);
// After opt_parse.
void talk_cli_finish(struct talk_cli* cli);
