/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libnetmap: netmap ports by name, in steps or at once. Link with -lnetmap (pkg-config netmap).
 *
 *   spec    := ("netmap" | "vale" ID) ":" NAME [mode] {"@" option}
 *   mode    := [ "^" | "^" N | "*" | "-" N ] { "@" MEMID | "/" flags }      flags of: x z t r R T
 *   option  := name | name "=" value | name ":" key "=" value {"," key "=" value}
 *
 * NAME may end in a pipe, {ID or }ID. Functions that fail set errno and pass a sentence to the
 * error callback of their context.
 */
#ifndef LIBNETMAP_H_
#define LIBNETMAP_H_

#include <stddef.h>
#include <stdint.h>

#include <net/if.h>
#include <net/netmap.h>
#ifndef LIBNETMAP_NOTHREADSAFE
#include <pthread.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct nmctx;
struct nmem_d;
struct nmport_d;
struct nmport_cleanup_d;

/* --- ports --- */

/* A port on its way from a name (hdr, reg) to a bound descriptor (fd) and a mapping (nifp). */
struct nmport_d {
  struct nmreq_header hdr;
  struct nmreq_register reg;

  struct nmem_d* mem; /* of the region, shared with other ports of the context */
  struct nmctx* ctx;

  int register_done;
  int mmap_done;
  struct nmreq_opt_extmem* extmem;

  int fd; /* -1 when closed */
  struct netmap_if* nifp;
  /* rings bound; first > last where there is none */
  uint16_t first_tx_ring;
  uint16_t last_tx_ring;
  uint16_t first_rx_ring;
  uint16_t last_rx_ring;
  uint16_t cur_tx_ring; /* where nmport_inject() goes on */
  uint16_t cur_rx_ring;

  struct nmport_cleanup_d* clist;
};

/* prepare and open_desc at once; NULL on error */
struct nmport_d* nmport_open(const char* spec);
/* undoes everything and frees; NULL is tolerated */
void nmport_close(struct nmport_d* d);
/* copies a packet into a TX ring: len, or 0 if there is no room; the next sync or poll sends it */
int nmport_inject(struct nmport_d* d, const void* buf, size_t len);

struct nmport_d* nmport_new(void);
void nmport_delete(struct nmport_d* d);

/* fills hdr, reg and options; 0 or -1 */
int nmport_parse(struct nmport_d* d, const char* spec);
void nmport_undo_parse(struct nmport_d* d);

/* new and parse; between this and nmport_open_desc() is the place to change d->reg */
struct nmport_d* nmport_prepare(const char* spec);
void nmport_undo_prepare(struct nmport_d* d);

/* 0 or -1 */
int nmport_register(struct nmport_d* d);
void nmport_undo_register(struct nmport_d* d);

/* 0 or -1 */
int nmport_mmap(struct nmport_d* d);
void nmport_undo_mmap(struct nmport_d* d);

/* register and mmap; 0 or -1 */
int nmport_open_desc(struct nmport_d* d);
void nmport_undo_open_desc(struct nmport_d* d);

/* a prepared port with the same request, same memory and no options */
struct nmport_d* nmport_clone(struct nmport_d* d);

/* the port's region shall be size bytes at base, or the file; before registering; 0 or -1 */
int nmport_extmem(struct nmport_d* d, void* base, size_t size);
int nmport_extmem_from_file(struct nmport_d* d, const char* path);
/* what the option says of its pools, or NULL */
struct nmreq_pools_info* nmport_extmem_getinfo(struct nmport_d* d);

/* packets begin at an offset in their buffers, and slots say which; before registering; 0 or -1 */
int nmport_offset(struct nmport_d* d, uint64_t initial, uint64_t maxoff, uint64_t bits,
                  uint64_t mingap);

/* which options a spec may have; -1 for a name nobody knows */
void nmport_disable_option(const char* name);
int nmport_enable_option(const char* name);

/* --- requests --- */

void nmreq_header_init(struct nmreq_header* hdr, uint16_t reqtype, void* body);

/* Each parses its part, moves the pointer past it and returns 0, or -1. */
int nmreq_header_decode(const char** spec, struct nmreq_header* hdr, struct nmctx* ctx);
int nmreq_register_decode(const char** mode, struct nmreq_register* reg, struct nmctx* ctx);

/* mem_id of the port of that name, or -1 */
int32_t nmreq_get_mem_id(const char** name, struct nmctx* ctx);

#define NMREQ_OPT_MAXKEYS 16

struct nmreq_parse_ctx {
  struct nmctx* ctx;
  void* token;
  const char* keys[NMREQ_OPT_MAXKEYS]; /* values by key id, NULL if not given */
};

struct nmreq_opt_key {
  const char* key;
  int id;
  unsigned int flags;
#define NMREQ_OPTK_ALLOWEMPTY 1 /* may stand without a value */
#define NMREQ_OPTK_MUSTSET 2    /* mandatory */
#define NMREQ_OPTK_DEFAULT 4    /* meant by option=value */
};

typedef int (*nmreq_opt_parser_cb)(struct nmreq_parse_ctx* parse);

struct nmreq_opt_parser {
  const char* prefix; /* name of the option */
  nmreq_opt_parser_cb parse;
  int default_key; /* id, -1 if none */
  int nr_keys;
  unsigned int flags;
#define NMREQ_OPTF_DISABLED 1
#define NMREQ_OPTF_ALLOWEMPTY 2 /* may stand without any key */
  struct nmreq_opt_parser* next;
  struct nmreq_opt_key keys[NMREQ_OPT_MAXKEYS];
} __attribute__((aligned(16)));

/* runs the parsers of the list over "@option@option..."; 0 or -1 */
int nmreq_options_decode(const char* opts, struct nmreq_opt_parser* parsers, void* token,
                         struct nmctx* ctx);

void nmreq_push_option(struct nmreq_header* hdr, struct nmreq_option* option);
void nmreq_remove_option(struct nmreq_header* hdr, struct nmreq_option* option);
struct nmreq_option* nmreq_find_option(struct nmreq_header* hdr, uint32_t type);
/* with free(): for options that came from malloc() */
void nmreq_free_options(struct nmreq_header* hdr);
const char* nmreq_option_name(uint32_t type);

#define nmreq_foreach_option(hdr, option)                                       \
  for ((option) = (struct nmreq_option*)(uintptr_t)(hdr)->nr_options; (option); \
       (option) = (struct nmreq_option*)(uintptr_t)(option)->nro_next)

/* --- contexts --- */

typedef void (*nmctx_error_cb)(struct nmctx* ctx, const char* message);
typedef void* (*nmctx_malloc_cb)(struct nmctx* ctx, size_t size);
typedef void (*nmctx_free_cb)(struct nmctx* ctx, void* memory);
typedef void (*nmctx_lock_cb)(struct nmctx* ctx, int lock);

/* Where messages go, memory comes from, and mappings are remembered. */
struct nmctx {
  int verbose; /* 0: no messages */
  nmctx_error_cb error;
  nmctx_malloc_cb malloc;
  nmctx_free_cb free;
  nmctx_lock_cb lock; /* NULL: one thread */

  struct nmem_d* mem_descs;
};

/* the default context; the setter returns the old one */
struct nmctx* nmctx_get(void);
struct nmctx* nmctx_set_default(struct nmctx* ctx);

void nmctx_ferror(struct nmctx* ctx, const char* format, ...) __attribute__((format(printf, 2, 3)));
void* nmctx_malloc(struct nmctx* ctx, size_t size);
void nmctx_free(struct nmctx* ctx, void* memory);
void nmctx_lock(struct nmctx* ctx);
void nmctx_unlock(struct nmctx* ctx);

/* gives the default context a mutex */
void nmctx_set_threadsafe(void);

#ifndef LIBNETMAP_NOTHREADSAFE
static void __attribute__((constructor, unused)) libnetmap_be_threadsafe(void) {
  nmctx_set_threadsafe();
}
#endif

/* A region mapped in this process. */
struct nmem_d {
  uint16_t mem_id;
  int refcount;
  void* mem;
  size_t size;
  int is_extmem; /* the caller's, not to be unmapped here */

  struct nmem_d* next;
  struct nmem_d* prev;
};

#ifdef __cplusplus
}
#endif

#endif /* LIBNETMAP_H_ */
