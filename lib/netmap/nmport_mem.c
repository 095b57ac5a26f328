// SPDX-License-Identifier: BSD-2-Clause
// Mappings, one for each region and context, and memory that the program brings along.
#define NETMAP_WITH_LIBS
#include <errno.h>
#include <fcntl.h>
#include <net/netmap_user.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

static struct nmem_d* find_mapping(struct nmctx* ctx, uint16_t mem_id) {
  struct nmem_d* mapping = ctx->mem_descs;

  while (mapping && mapping->mem_id != mem_id) mapping = mapping->next;
  return mapping;
}

static void link_mapping(struct nmctx* ctx, struct nmem_d* mapping) {
  mapping->next = ctx->mem_descs;
  if (mapping->next) mapping->next->prev = mapping;
  ctx->mem_descs = mapping;
}

static void unlink_mapping(struct nmctx* ctx, struct nmem_d* mapping) {
  if (mapping->next) mapping->next->prev = mapping->prev;
  if (mapping->prev)
    mapping->prev->next = mapping->next;
  else
    ctx->mem_descs = mapping->next;
}

static int map_region(struct nmport_d* d, struct nmem_d* mapping) {
  mapping->mem_id = d->reg.nr_mem_id;
  if (d->extmem) {
    mapping->mem = (void*)(uintptr_t)d->extmem->nro_usrptr;
    mapping->size = d->extmem->nro_info.nr_memsize;
    mapping->is_extmem = 1;
    return 0;
  }
  mapping->size = d->reg.nr_memsize;
  mapping->mem = mmap(NULL, mapping->size, PROT_READ | PROT_WRITE, MAP_SHARED, d->fd, 0);
  if (mapping->mem != MAP_FAILED) return 0;
  nmctx_ferror(d->ctx, "cannot map %s: %s", d->hdr.nr_name, strerror(errno));
  return -1;
}

static struct nmem_d* new_mapping(struct nmport_d* d) {
  struct nmem_d* mapping = libnetmap_zalloc(d->ctx, sizeof(*mapping));

  if (!mapping) return NULL;
  if (map_region(d, mapping)) {
    nmctx_free(d->ctx, mapping);
    return NULL;
  }
  link_mapping(d->ctx, mapping);
  return mapping;
}

static struct nmem_d* get_mapping(struct nmport_d* d) {
  struct nmem_d* mapping;

  nmctx_lock(d->ctx);
  mapping = find_mapping(d->ctx, d->reg.nr_mem_id);
  if (!mapping) mapping = new_mapping(d);
  if (mapping) mapping->refcount++;
  nmctx_unlock(d->ctx);
  return mapping;
}

static void put_mapping(struct nmctx* ctx, struct nmem_d* mapping) {
  nmctx_lock(ctx);
  if (!--mapping->refcount) {
    unlink_mapping(ctx, mapping);
    if (!mapping->is_extmem) munmap(mapping->mem, mapping->size);
    nmctx_free(ctx, mapping);
  }
  nmctx_unlock(ctx);
}

static void find_rings(struct nmport_d* d) {
  const struct netmap_if* nifp = d->nifp;
  uint32_t tx = nifp->ni_tx_rings + nifp->ni_host_tx_rings;
  uint32_t rx = nifp->ni_rx_rings + nifp->ni_host_rx_rings;

  nm_bound_rings_(nifp->ring_ofs, tx, &d->first_tx_ring, &d->last_tx_ring);
  nm_bound_rings_(nifp->ring_ofs + tx, rx, &d->first_rx_ring, &d->last_rx_ring);
  d->cur_tx_ring = d->first_tx_ring;
  d->cur_rx_ring = d->first_rx_ring;
}

int nmport_mmap(struct nmport_d* d) {
  if (!d->register_done || d->mmap_done) {
    errno = EINVAL;
    nmctx_ferror(d->ctx, "%s: %s", d->hdr.nr_name,
                 d->mmap_done ? "already mapped" : "map it after registering it");
    return -1;
  }
  d->mem = get_mapping(d);
  if (!d->mem) return -1;
  d->nifp = NETMAP_IF(d->mem->mem, d->reg.nr_offset);
  find_rings(d);
  d->mmap_done = 1;
  return 0;
}

void nmport_undo_mmap(struct nmport_d* d) {
  if (!d->mmap_done) return;
  put_mapping(d->ctx, d->mem);
  d->mem = NULL;
  d->nifp = NULL;
  d->first_tx_ring = d->last_tx_ring = d->cur_tx_ring = 0;
  d->first_rx_ring = d->last_rx_ring = d->cur_rx_ring = 0;
  d->mmap_done = 0;
}

struct extmem_cleanup {
  struct nmport_cleanup_d base;
  struct nmreq_opt_extmem option;
  size_t mapped;  // bytes of a file that are ours to unmap
};

static void undo_extmem(struct nmport_cleanup_d* base, struct nmport_d* d) {
  struct extmem_cleanup* cleanup = (struct extmem_cleanup*)base;

  nmreq_remove_option(&d->hdr, &cleanup->option.nro_opt);
  if (cleanup->mapped) munmap((void*)(uintptr_t)cleanup->option.nro_usrptr, cleanup->mapped);
  d->extmem = NULL;
}

static int add_extmem(struct nmport_d* d, void* base, size_t size, size_t mapped) {
  struct extmem_cleanup* cleanup;

  if (d->register_done || d->extmem) {
    errno = EINVAL;
    nmctx_ferror(d->ctx, "%s: %s", d->hdr.nr_name,
                 d->extmem ? "has external memory already" : "already registered");
    return -1;
  }
  cleanup = libnetmap_zalloc(d->ctx, sizeof(*cleanup));
  if (!cleanup) return -1;
  cleanup->base.undo = undo_extmem;
  cleanup->mapped = mapped;
  cleanup->option.nro_opt.nro_reqtype = NETMAP_REQ_OPT_EXTMEM;
  cleanup->option.nro_usrptr = (uintptr_t)base;
  cleanup->option.nro_info.nr_memsize = size;
  d->extmem = &cleanup->option;
  nmreq_push_option(&d->hdr, &cleanup->option.nro_opt);
  libnetmap_push_cleanup(d, &cleanup->base);
  return 0;
}

int nmport_extmem(struct nmport_d* d, void* base, size_t size) {
  return add_extmem(d, base, size, 0);
}

static void* map_file(const char* path, size_t* size) {
  int fd = open(path, O_RDWR | O_CLOEXEC), err;
  void* mem = MAP_FAILED;
  struct stat status;

  if (fd < 0) return MAP_FAILED;
  if (!fstat(fd, &status)) {
    *size = (size_t)status.st_size;
    mem = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  }
  err = errno;
  close(fd);
  errno = err;
  return mem;
}

int nmport_extmem_from_file(struct nmport_d* d, const char* path) {
  size_t size = 0;
  void* mem = map_file(path, &size);
  int err;

  if (mem == MAP_FAILED) {
    nmctx_ferror(d->ctx, "cannot map %s: %s", path, strerror(errno));
    return -1;
  }
  if (!add_extmem(d, mem, size, size)) return 0;
  err = errno;
  munmap(mem, size);
  errno = err;
  return -1;
}

struct nmreq_pools_info* nmport_extmem_getinfo(struct nmport_d* d) {
  return d->extmem ? &d->extmem->nro_info : NULL;
}
