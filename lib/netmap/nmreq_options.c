// SPDX-License-Identifier: BSD-2-Clause
// Lists of options in a request, and options in a port's spec.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

void nmreq_push_option(struct nmreq_header* hdr, struct nmreq_option* option) {
  option->nro_next = hdr->nr_options;
  hdr->nr_options = (uintptr_t)option;
}

void nmreq_remove_option(struct nmreq_header* hdr, struct nmreq_option* option) {
  uint64_t* link = &hdr->nr_options;

  while (*link && *link != (uintptr_t)option)
    link = &((struct nmreq_option*)(uintptr_t)*link)->nro_next;
  if (*link) *link = option->nro_next;
  option->nro_next = 0;
}

struct nmreq_option* nmreq_find_option(struct nmreq_header* hdr, uint32_t type) {
  struct nmreq_option* option;

  nmreq_foreach_option(hdr, option) {
    if (option->nro_reqtype == type) break;
  }
  return option;
}

void nmreq_free_options(struct nmreq_header* hdr) {
  while (hdr->nr_options) {
    struct nmreq_option* option = (struct nmreq_option*)(uintptr_t)hdr->nr_options;

    hdr->nr_options = option->nro_next;
    free(option);
  }
}

const char* nmreq_option_name(uint32_t type) {
  switch (type) {
    case NETMAP_REQ_OPT_EXTMEM:
      return "extmem";
    case NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS:
      return "sync-kloop-eventfds";
    case NETMAP_REQ_OPT_CSB:
      return "csb";
    case NETMAP_REQ_OPT_SYNC_KLOOP_MODE:
      return "sync-kloop-mode";
    case NETMAP_REQ_OPT_OFFSETS:
      return "offsets";
    default:
      return "unknown";
  }
}

static int refuse(struct nmctx* ctx, const char* what, const char* why) {
  errno = EINVAL;
  nmctx_ferror(ctx, "option '%s': %s", what, why);
  return -1;
}

static int same_key(const char* a, const char* b) {
  for (; *a && *b; a++, b++) {
    if (*a != *b && !(strchr("-_", *a) && strchr("-_", *b))) return 0;
  }
  return *a == *b;
}

static const struct nmreq_opt_key* find_key(const struct nmreq_opt_parser* parser,
                                            const char* name) {
  for (int i = 0; i < parser->nr_keys; i++) {
    if (same_key(parser->keys[i].key, name)) return &parser->keys[i];
  }
  return NULL;
}

static const struct nmreq_opt_key* key_of_id(const struct nmreq_opt_parser* parser, int id) {
  for (int i = 0; i < parser->nr_keys; i++) {
    if (parser->keys[i].id == id) return &parser->keys[i];
  }
  return NULL;
}

static int set_key(const struct nmreq_opt_parser* parser, struct nmreq_parse_ctx* parse,
                   const struct nmreq_opt_key* key, const char* value) {
  if (!key) return refuse(parse->ctx, parser->prefix, "unknown key");
  if (!*value && !(key->flags & NMREQ_OPTK_ALLOWEMPTY))
    return refuse(parse->ctx, key->key, "missing value");
  if (parse->keys[key->id]) return refuse(parse->ctx, key->key, "given twice");
  parse->keys[key->id] = value;
  return 0;
}

// "key=value,key=value", which it cuts up.
static int parse_keys(const struct nmreq_opt_parser* parser, struct nmreq_parse_ctx* parse,
                      char* text) {
  char *item, *value;

  while ((item = strsep(&text, ","))) {
    value = strchr(item, '=');
    if (value)
      *value++ = 0;
    else
      value = item + strlen(item);
    if (set_key(parser, parse, find_key(parser, item), value)) return -1;
  }
  return 0;
}

static int check_mandatory(const struct nmreq_opt_parser* parser,
                           const struct nmreq_parse_ctx* parse) {
  for (int i = 0; i < parser->nr_keys; i++) {
    const struct nmreq_opt_key* key = &parser->keys[i];

    if ((key->flags & NMREQ_OPTK_MUSTSET) && !parse->keys[key->id])
      return refuse(parse->ctx, key->key, "mandatory, and missing");
  }
  return 0;
}

static struct nmreq_opt_parser* find_parser(struct nmreq_opt_parser* parsers, const char* name) {
  while (parsers && strcmp(parsers->prefix, name) != 0) parsers = parsers->next;
  return parsers;
}

// One option without its @, which it cuts up.
static int parse_option(char* text, struct nmreq_opt_parser* parsers, void* token,
                        struct nmctx* ctx) {
  char *rest = text + strcspn(text, "=:"), separator = *rest;
  struct nmreq_parse_ctx parse = {.ctx = ctx, .token = token};
  const struct nmreq_opt_parser* parser;
  int err = 0;

  *rest = 0;
  parser = find_parser(parsers, text);
  if (!parser) return refuse(ctx, text, "unknown option");
  if (parser->flags & NMREQ_OPTF_DISABLED) {
    errno = EOPNOTSUPP;
    nmctx_ferror(ctx, "option '%s' is not supported", text);
    return -1;
  }
  if (separator == ':')
    err = parse_keys(parser, &parse, rest + 1);
  else if (separator == '=')
    err = set_key(parser, &parse, key_of_id(parser, parser->default_key), rest + 1);
  else if (!(parser->flags & NMREQ_OPTF_ALLOWEMPTY))
    err = refuse(ctx, text, "missing value");
  if (err || check_mandatory(parser, &parse)) return -1;
  return parser->parse(&parse);
}

int nmreq_options_decode(const char* opts, struct nmreq_opt_parser* parsers, void* token,
                         struct nmctx* ctx) {
  size_t size = strlen(opts) + 1;
  char *copy, *rest, *item;
  int err = 0;

  if (!*opts) return 0;
  if (*opts != '@') return refuse(ctx, opts, "options begin with @");
  copy = libnetmap_zalloc(ctx, size);
  if (!copy) return -1;
  memcpy(copy, opts, size);
  rest = copy + 1;
  while (!err && (item = strsep(&rest, "@"))) err = parse_option(item, parsers, token, ctx);
  nmctx_free(ctx, copy);
  return err;
}
