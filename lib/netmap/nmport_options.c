// SPDX-License-Identifier: BSD-2-Clause
// The options of a port's spec: @share, @conf, @extmem, @offset.
#include <errno.h>
#include <net/netmap_spec.h>
#include <string.h>

#include "internal.h"

static int refuse(struct nmreq_parse_ctx* parse, const char* what, const char* why) {
  errno = EINVAL;
  nmctx_ferror(parse->ctx, "option '%s': %s", what, why);
  return -1;
}

// The key's number into *to if the key was given.
static int number_of(struct nmreq_parse_ctx* parse, int key, unsigned long max, unsigned long* to) {
  const char* text = parse->keys[key];

  if (!text) return 0;
  if (nm_spec_number_(&text, max, to) || *text)
    return refuse(parse, parse->keys[key], "not a number, or too big");
  return 0;
}

enum { SHARE_PORT };

static int parse_share(struct nmreq_parse_ctx* parse) {
  const char* name = parse->keys[SHARE_PORT];
  struct nmport_d* d = parse->token;
  int32_t mem_id = nmreq_get_mem_id(&name, parse->ctx);

  if (mem_id < 0) return -1;
  if (*name) return refuse(parse, "share", "only a port's name, please");
  if (d->reg.nr_mem_id && d->reg.nr_mem_id != mem_id)
    return refuse(parse, "share", "the port's memory is another than the one named by its id");
  d->reg.nr_mem_id = (uint16_t)mem_id;
  return 0;
}

enum {
  CONF_RINGS,
  CONF_HOST_RINGS,
  CONF_SLOTS,
  CONF_TX_RINGS,
  CONF_RX_RINGS,
  CONF_HOST_TX_RINGS,
  CONF_HOST_RX_RINGS,
  CONF_TX_SLOTS,
  CONF_RX_SLOTS,
};

// Of the keys given the last one counts: the specific key overrides the general one.
static int conf_number(struct nmreq_parse_ctx* parse, int general, int specific, unsigned long max,
                       unsigned long* value) {
  return number_of(parse, general, max, value) || number_of(parse, specific, max, value) ? -1 : 0;
}

static int conf_rings(struct nmreq_parse_ctx* parse, int general, int specific, uint16_t* to) {
  unsigned long value = *to;

  if (conf_number(parse, general, specific, UINT16_MAX, &value)) return -1;
  *to = (uint16_t)value;
  return 0;
}

static int conf_slots(struct nmreq_parse_ctx* parse, int specific, uint32_t* to) {
  unsigned long value = *to;

  if (conf_number(parse, CONF_SLOTS, specific, UINT32_MAX, &value)) return -1;
  *to = (uint32_t)value;
  return 0;
}

static int parse_conf(struct nmreq_parse_ctx* parse) {
  struct nmreq_register* reg = &((struct nmport_d*)parse->token)->reg;

  if (conf_rings(parse, CONF_RINGS, CONF_TX_RINGS, &reg->nr_tx_rings) ||
      conf_rings(parse, CONF_RINGS, CONF_RX_RINGS, &reg->nr_rx_rings) ||
      conf_rings(parse, CONF_HOST_RINGS, CONF_HOST_TX_RINGS, &reg->nr_host_tx_rings) ||
      conf_rings(parse, CONF_HOST_RINGS, CONF_HOST_RX_RINGS, &reg->nr_host_rx_rings) ||
      conf_slots(parse, CONF_TX_SLOTS, &reg->nr_tx_slots) ||
      conf_slots(parse, CONF_RX_SLOTS, &reg->nr_rx_slots))
    return -1;
  return 0;
}

enum {
  EXTMEM_FILE,
  EXTMEM_IF_NUM,
  EXTMEM_IF_SIZE,
  EXTMEM_RING_NUM,
  EXTMEM_RING_SIZE,
  EXTMEM_BUF_NUM,
  EXTMEM_BUF_SIZE,
};

static int pool_number(struct nmreq_parse_ctx* parse, int key, uint32_t* to) {
  unsigned long value = *to;

  if (number_of(parse, key, UINT32_MAX, &value)) return -1;
  *to = (uint32_t)value;
  return 0;
}

static int parse_extmem(struct nmreq_parse_ctx* parse) {
  struct nmport_d* d = parse->token;
  struct nmreq_pools_info* info;

  if (nmport_extmem_from_file(d, parse->keys[EXTMEM_FILE])) return -1;
  info = nmport_extmem_getinfo(d);
  if (pool_number(parse, EXTMEM_IF_NUM, &info->nr_if_pool_objtotal) ||
      pool_number(parse, EXTMEM_IF_SIZE, &info->nr_if_pool_objsize) ||
      pool_number(parse, EXTMEM_RING_NUM, &info->nr_ring_pool_objtotal) ||
      pool_number(parse, EXTMEM_RING_SIZE, &info->nr_ring_pool_objsize) ||
      pool_number(parse, EXTMEM_BUF_NUM, &info->nr_buf_pool_objtotal) ||
      pool_number(parse, EXTMEM_BUF_SIZE, &info->nr_buf_pool_objsize))
    return -1;
  return 0;
}

enum { OFFSET_INITIAL, OFFSET_BITS };

static int parse_offset(struct nmreq_parse_ctx* parse) {
  unsigned long initial = 0, bits = 0;

  if (number_of(parse, OFFSET_INITIAL, UINT32_MAX, &initial) ||
      number_of(parse, OFFSET_BITS, 64, &bits))
    return -1;
  return nmport_offset(parse->token, initial, initial, bits, 0);
}

struct offset_cleanup {
  struct nmport_cleanup_d base;
  struct nmreq_opt_offsets option;
};

static void undo_offset(struct nmport_cleanup_d* base, struct nmport_d* d) {
  nmreq_remove_option(&d->hdr, &((struct offset_cleanup*)base)->option.nro_opt);
}

int nmport_offset(struct nmport_d* d, uint64_t initial, uint64_t maxoff, uint64_t bits,
                  uint64_t mingap) {
  struct offset_cleanup* cleanup = libnetmap_zalloc(d->ctx, sizeof(*cleanup));

  if (!cleanup) return -1;
  cleanup->base.undo = undo_offset;
  cleanup->option.nro_opt.nro_reqtype = NETMAP_REQ_OPT_OFFSETS;
  cleanup->option.nro_max_offset = maxoff;
  cleanup->option.nro_initial_offset = initial;
  cleanup->option.nro_offset_bits = (uint32_t)bits;
  cleanup->option.nro_min_gap = mingap;
  nmreq_push_option(&d->hdr, &cleanup->option.nro_opt);
  libnetmap_push_cleanup(d, &cleanup->base);
  return 0;
}

static struct nmreq_opt_parser offset_parser = {
    .prefix = "offset",
    .parse = parse_offset,
    .default_key = OFFSET_INITIAL,
    .nr_keys = 2,
    .flags = NMREQ_OPTF_DISABLED,
    .keys = {{"initial", OFFSET_INITIAL, NMREQ_OPTK_DEFAULT | NMREQ_OPTK_MUSTSET},
             {"bits", OFFSET_BITS, 0}},
};

static struct nmreq_opt_parser extmem_parser = {
    .prefix = "extmem",
    .parse = parse_extmem,
    .default_key = EXTMEM_FILE,
    .nr_keys = 7,
    .next = &offset_parser,
    .keys = {{"file", EXTMEM_FILE, NMREQ_OPTK_DEFAULT | NMREQ_OPTK_MUSTSET},
             {"if-num", EXTMEM_IF_NUM, 0},
             {"if-size", EXTMEM_IF_SIZE, 0},
             {"ring-num", EXTMEM_RING_NUM, 0},
             {"ring-size", EXTMEM_RING_SIZE, 0},
             {"buf-num", EXTMEM_BUF_NUM, 0},
             {"buf-size", EXTMEM_BUF_SIZE, 0}},
};

static struct nmreq_opt_parser conf_parser = {
    .prefix = "conf",
    .parse = parse_conf,
    .default_key = CONF_RINGS,
    .nr_keys = 9,
    .next = &extmem_parser,
    .keys = {{"rings", CONF_RINGS, NMREQ_OPTK_DEFAULT},
             {"host-rings", CONF_HOST_RINGS, 0},
             {"slots", CONF_SLOTS, 0},
             {"tx-rings", CONF_TX_RINGS, 0},
             {"rx-rings", CONF_RX_RINGS, 0},
             {"host-tx-rings", CONF_HOST_TX_RINGS, 0},
             {"host-rx-rings", CONF_HOST_RX_RINGS, 0},
             {"tx-slots", CONF_TX_SLOTS, 0},
             {"rx-slots", CONF_RX_SLOTS, 0}},
};

static struct nmreq_opt_parser share_parser = {
    .prefix = "share",
    .parse = parse_share,
    .default_key = SHARE_PORT,
    .nr_keys = 1,
    .next = &conf_parser,
    .keys = {{"port", SHARE_PORT, NMREQ_OPTK_DEFAULT | NMREQ_OPTK_MUSTSET}},
};

struct nmreq_opt_parser* libnetmap_option_parsers(void) {
  return &share_parser;
}

static struct nmreq_opt_parser* find_parser(const char* name) {
  struct nmreq_opt_parser* parser = &share_parser;

  while (parser && strcmp(parser->prefix, name) != 0) parser = parser->next;
  return parser;
}

void nmport_disable_option(const char* name) {
  struct nmreq_opt_parser* parser = find_parser(name);

  if (parser) parser->flags |= NMREQ_OPTF_DISABLED;
}

int nmport_enable_option(const char* name) {
  struct nmreq_opt_parser* parser = find_parser(name);

  if (!parser) {
    errno = EOPNOTSUPP;
    return -1;
  }
  parser->flags &= ~(unsigned int)NMREQ_OPTF_DISABLED;
  return 0;
}
