// SPDX-License-Identifier: BSD-2-Clause
#include "opt.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static void print_help(const struct opt_command* command, FILE* out) {
  fprintf(out, "usage: %s\n", command->synopsis);
  for (size_t i = 0; i < command->opt_count; i++)
    fprintf(out, "  --%-14s %s\n", command->opts[i].name, command->opts[i].help);
  fprintf(out, "exit: 0 ok, 1 failed, 2 usage, 77 skipped\n");
}

static void mistake(const struct opt_command* command, const char* what, const char* text) {
  fprintf(stderr, "%s: %s\n", text, what);
  print_help(command, stderr);
  exit(EXIT_USAGE);
}

static bool to_number(const char* text, uint64_t max, uint64_t* value) {
  char* end;

  if (!isdigit((unsigned char)*text)) return false;
  errno = 0;
  *value = strtoull(text, &end, 0);
  return !errno && !*end && *value <= max;
}

static bool to_mac(const char* text, uint8_t* mac) {
  unsigned int byte[6];
  int used = 0;

  if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &byte[0], &byte[1], &byte[2], &byte[3], &byte[4],
             &byte[5], &used) != 6 ||
      text[used])
    return false;
  for (int i = 0; i < 6; i++) mac[i] = (uint8_t)byte[i];
  return true;
}

static bool set_number(const struct opt* opt, const char* text) {
  uint64_t value;

  if (!to_number(text, opt->kind == OPT_U32 ? UINT32_MAX : UINT64_MAX, &value)) return false;
  if (opt->kind == OPT_U32)
    *(uint32_t*)opt->to = (uint32_t)value;
  else
    *(uint64_t*)opt->to = value;
  return true;
}

static bool add(struct opt_list* list, const char* text) {
  if (list->count == OPT_LIST_MAX) return false;
  list->text[list->count++] = text;
  return true;
}

static bool set(const struct opt* opt, const char* text) {
  switch (opt->kind) {
    case OPT_MAC:
      return to_mac(text, opt->to);
    case OPT_TEXT:
      *(const char**)opt->to = text;
      return true;
    case OPT_LIST:
      return add(opt->to, text);
    default:
      return set_number(opt, text);
  }
}

static const struct opt* find(const struct opt_command* command, const char* name) {
  for (size_t i = 0; i < command->opt_count; i++)
    if (!strcmp(command->opts[i].name, name)) return &command->opts[i];
  return NULL;
}

void opt_parse(const struct opt_command* command, int argc, char** argv,
               struct opt_list* operands) {
  memset(operands, 0, sizeof(*operands));
  for (int i = 1; i < argc; i++) {
    const struct opt* opt;

    if (strncmp(argv[i], "--", 2) != 0) {
      if (!add(operands, argv[i])) mistake(command, "too many operands", argv[i]);
      continue;
    }
    if (!strcmp(argv[i], "--help")) {
      print_help(command, stdout);
      exit(0);
    }
    opt = find(command, argv[i] + 2);
    if (!opt) mistake(command, "unknown option", argv[i]);
    if (opt->kind == OPT_FLAG) {
      *(bool*)opt->to = true;
      continue;
    }
    if (i + 1 == argc) mistake(command, "needs a value", argv[i]);
    if (!set(opt, argv[++i])) mistake(command, "bad value", argv[i]);
  }
  if (operands->count != command->operands) mistake(command, "wrong number of operands", argv[0]);
}
