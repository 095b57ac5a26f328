// SPDX-License-Identifier: BSD-2-Clause
// Command lines as tables: --name value, --name for flags, --help for all.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum opt_kind { OPT_FLAG, OPT_U32, OPT_U64, OPT_MAC, OPT_TEXT, OPT_LIST };

struct opt {
  const char* name;
  enum opt_kind kind;
  void* to;  // bool, uint32_t, uint64_t, uint8_t[6], const char *, struct opt_list
  const char* help;
};

enum { OPT_LIST_MAX = 16 };

struct opt_list {
  const char* text[OPT_LIST_MAX];
  uint32_t count;
};

struct opt_command {
  const char* synopsis;  // "PROGRAM PORT ..." and what it does
  const struct opt* opts;
  size_t opt_count;
  uint32_t operands;  // exactly so many
};

// Fills the options' targets and operands; --help exits 0, a mistake exits 2.
void opt_parse(const struct opt_command* command, int argc, char** argv, struct opt_list* operands);

#ifdef __cplusplus
}
#endif
