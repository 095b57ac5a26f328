// SPDX-License-Identifier: BSD-2-Clause
// Receives and verifies what nmsend sends; see talk.h.
#include "opt.h"
#include "talk.h"

int main(int argc, char** argv) {
  struct recv_options recv = {.mac = {0x02, 0x56, 0x42, 0, 0, 0}, .flows = 1};
  uint32_t id = 0;
  uint64_t timeout = 10;
  const struct opt opts[] = {
      {"id", OPT_U32, &id, "tells several receivers apart (0); part of the MAC"},
      {"mac", OPT_MAC, recv.mac, "our MAC (02:56:42:00:00:00, id added)"},
      {"flows", OPT_U32, &recv.flows, "TX rings of all senders together (1)"},
      {"recut", OPT_FLAG, &recv.recut, "frames of several slots come through a netdev"},
      {"timeout", OPT_U64, &timeout, "seconds without progress (10)"},
  };
  const struct opt_command command = {"nmrecv PORT [options]: verify frames of nmsend, JSON counts",
                                      opts, sizeof(opts) / sizeof(opts[0]), 1};
  struct opt_list operands;
  struct talk_report report;
  struct nm_port port;
  bool ok;

  opt_parse(&command, argc, argv, &operands);
  recv.id = (uint16_t)id;
  recv.mac[4] = (uint8_t)(recv.mac[4] + (id >> 8));
  recv.mac[5] = (uint8_t)(recv.mac[5] + id);
  recv.timeout_ms = timeout * 1000;
  nm_open_or_exit(operands.text[0], &port);
  ok = talk_receive(&port, &recv, &report);
  talk_print("recv", operands.text[0], &report);
  nm_close(&port);
  return ok ? NM_OK : NM_FAILED;
}
