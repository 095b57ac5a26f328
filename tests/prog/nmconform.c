// SPDX-License-Identifier: BSD-2-Clause
// Runs the cases of conform/cases.c. One JSON object a case, with the frames expected by then; the
// first failure ends it.
#include <inttypes.h>

#include "conform/rig.h"
#include "opt.h"

static bool run(struct rig* r, const char* name, bool (*what)(struct rig*)) {
  bool ok = what(r);

  printf("{\"case\":\"%s\",\"ok\":%s,\"frames\":%" PRIu64 ",\"why\":\"%s\"}\n", name,
         ok ? "true" : "false", r->got_seq, ok ? "" : r->why);
  return ok;
}

static bool run_all(struct rig* r) {
  for (uint32_t i = 0; i < conform_case_count; i++)
    if (!run(r, conform_cases[i].name, conform_cases[i].run)) return false;
  return true;
}

int main(int argc, char** argv) {
  static struct rig r = {.max_size = CONFORM_LONG};
  bool settle = false, ok;
  uint32_t seconds = 5;
  const struct opt opts[] = {
      {"patience", OPT_U32, &seconds, "seconds to wait for a frame (5)"},
      {"settle", OPT_FLAG, &settle, "whatever was sent before comes out first"},
      {"exchanges", OPT_FLAG, &r.exchanges, "slots exchange buffers"},
      {"max", OPT_U32, &r.max_size, "longest frame, without a tag (1514)"},
      {"offset", OPT_U64, &r.offset, "where frames begin in their buffers (0)"},
  };
  const struct opt_command command = {
      "nmconform FROM TO [options]: two netdevs joined by a cable keep to the ring protocol", opts,
      sizeof(opts) / sizeof(opts[0]), 2};
  struct opt_list operands;

  opt_parse(&command, argc, argv, &operands);
  r.patience_ms = seconds * 1000ull;
  if (r.max_size < CONFORM_LONG || r.max_size > FRAME_MAX - CONFORM_TAG)
    nm_fail("--max is %u, must be %u to %u", r.max_size, CONFORM_LONG, FRAME_MAX - CONFORM_TAG);
  rig_open(&r, operands.text[0], operands.text[1]);
  ok = (!settle || run(&r, "settle", rig_settle)) && run_all(&r);
  rig_close(&r);
  return ok ? NM_OK : NM_FAILED;
}
