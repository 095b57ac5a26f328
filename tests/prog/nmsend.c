// SPDX-License-Identifier: BSD-2-Clause
// Sends verifiable frames to nmrecv, without loss; see talk.h.
#include "talk_cli.h"

int main(int argc, char** argv) {
  struct talk_cli cli;
  struct opt opts[TALK_CLI_OPTS + 1];
  const struct opt_command command = {
      "nmsend PORT [options]: verifiable frames for nmrecv, JSON counts", opts, TALK_CLI_OPTS + 1,
      1};
  struct opt_list operands;
  struct talk_report report;
  struct nm_port port;
  bool ok;

  talk_cli_init(&cli, opts);
  opts[TALK_CLI_OPTS] =
      (struct opt){"receivers", OPT_U32, &cli.send.receivers, "nmrecv programs to wait for (1)"};
  opt_parse(&command, argc, argv, &operands);
  talk_cli_finish(&cli);
  nm_open_or_exit(operands.text[0], &port);
  ok = talk_send(&port, &cli.send, &report);
  talk_print("send", operands.text[0], &report);
  nm_close(&port);
  return ok ? NM_OK : NM_FAILED;
}
