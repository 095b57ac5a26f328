// SPDX-License-Identifier: BSD-2-Clause
#include "nm.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void nm_fail(const char* format, ...) {
  va_list args;

  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
  exit(NM_FAILED);
}

// A number at *text up to max, past which *text moves; -1 if there is none.
static long number(const char** text, long max) {
  char* end;
  long value;

  if (!isdigit((unsigned char)**text)) return -1;
  errno = 0;
  value = strtol(*text, &end, 10);
  if (errno || value > max) return -1;
  *text = end;
  return value;
}

static int parse_name(const char** text, struct nm_spec* spec, const char** why) {
  const char *start = *text, *colon = strchr(start, ':');
  size_t length;

  *why = "a port is netmap:NAME or valeID:NAME";
  if (!colon) return -1;
  if (!strncmp(start, "netmap:", 7))
    start = colon + 1;
  else if (strncmp(start, NM_BDG_NAME, 4) != 0)
    return -1;
  *text = colon + 1 + strcspn(colon + 1, "-*^/@");
  length = (size_t)(*text - start);
  *why = "bad length of name";
  if (*text == colon + 1 || length >= sizeof(spec->name)) return -1;
  memcpy(spec->name, start, length);
  return 0;
}

static int parse_rings(const char** text, struct nm_spec* spec, const char** why) {
  char kind = **text;
  long ring;

  spec->mode = NR_REG_ALL_NIC;
  if (!kind || !strchr("-*^", kind)) return 0;
  ++*text;
  spec->mode = kind == '*' ? NR_REG_NIC_SW : NR_REG_SW;
  if (kind == '*' || (kind == '^' && !isdigit((unsigned char)**text))) return 0;
  *why = "bad ring number";
  ring = number(text, 4094);
  if (ring < 0) return -1;
  spec->mode = kind == '-' ? NR_REG_ONE_NIC : NR_REG_ONE_SW;
  spec->ringid = (uint16_t)ring;
  return 0;
}

static int parse_letters(const char** text, struct nm_spec* spec, const char** why) {
  static const struct {
    char letter;
    uint32_t flag;
  } letters[] = {
      {'x', NR_EXCLUSIVE},  {'R', NR_RX_RINGS_ONLY}, {'T', NR_TX_RINGS_ONLY},
      {'r', NR_MONITOR_RX}, {'t', NR_MONITOR_TX},    {'z', NR_ZCOPY_MON},
  };
  const char* start = *text;

  for (; isalpha((unsigned char)**text); ++*text) {
    size_t i = 0;

    *why = "unknown letter after /";
    while (i < sizeof(letters) / sizeof(letters[0]) && letters[i].letter != **text) i++;
    if (i == sizeof(letters) / sizeof(letters[0])) return -1;
    spec->flags |= letters[i].flag;
  }
  *why = "nothing after /";
  return *text == start ? -1 : 0;
}

static int parse_mem_id(const char** text, struct nm_spec* spec, const char** why) {
  long id = number(text, 65535);

  *why = "bad memory id";
  if (id <= 0 || spec->mem_id) return -1;
  spec->mem_id = (uint16_t)id;
  return 0;
}

int nm_parse(const char* text, struct nm_spec* spec, const char** why) {
  memset(spec, 0, sizeof(*spec));
  if (parse_name(&text, spec, why) || parse_rings(&text, spec, why)) return -1;
  while (*text) {
    char lead = *text++;

    if (lead == '/' && !parse_letters(&text, spec, why)) continue;
    if (lead == '@' && !parse_mem_id(&text, spec, why)) continue;
    if (lead != '/' && lead != '@') *why = "unexpected character after the rings";
    return -1;
  }
  return 0;
}

int nm_request(int fd, struct nmreq_header* hdr) {
  return ioctl(fd, NIOCCTRL, hdr) ? errno : 0;
}

int nm_request_simple(int fd, uint16_t type, const char* name, void* body) {
  struct nmreq_header hdr = {.nr_version = NETMAP_API, .nr_reqtype = type};

  snprintf(hdr.nr_name, sizeof(hdr.nr_name), "%s", name);
  hdr.nr_body = (uintptr_t)body;
  return nm_request(fd, &hdr);
}

static void bound_rings(struct netmap_if* nifp, uint32_t first, uint32_t count,
                        struct netmap_ring** rings, uint32_t* found) {
  *found = 0;
  for (uint32_t i = first; i < first + count && *found < NM_MAX_RINGS; i++) {
    if (!nifp->ring_ofs[i]) continue;
    rings[(*found)++] = (struct netmap_ring*)(void*)((char*)nifp + nifp->ring_ofs[i]);
  }
}

void nm_find_rings(struct nm_port* port) {
  struct netmap_if* nifp = port->nifp;
  uint32_t tx = nifp->ni_tx_rings + nifp->ni_host_tx_rings;
  uint32_t rx = nifp->ni_rx_rings + nifp->ni_host_rx_rings;

  bound_rings(nifp, 0, tx, port->tx, &port->tx_count);
  bound_rings(nifp, tx, rx, port->rx, &port->rx_count);
}

static int bind_and_map(const struct nm_spec* spec, struct nm_port* port) {
  struct nmreq_header hdr = {.nr_version = NETMAP_API, .nr_reqtype = NETMAP_REQ_REGISTER};
  int err;

  port->reg = (struct nmreq_register){
      .nr_mode = spec->mode,
      .nr_ringid = spec->ringid,
      .nr_flags = spec->flags,
      .nr_mem_id = spec->mem_id,
      .nr_extra_bufs = spec->extra_bufs,
      .nr_tx_rings = spec->rings,
      .nr_rx_rings = spec->rings,
      .nr_tx_slots = spec->slots,
      .nr_rx_slots = spec->slots,
  };
  snprintf(hdr.nr_name, sizeof(hdr.nr_name), "%s", spec->name);
  hdr.nr_body = (uintptr_t)&port->reg;
  hdr.nr_options = (uintptr_t)spec->options;
  err = nm_request(port->fd, &hdr);
  if (err) return err;
  port->mem_size = port->reg.nr_memsize;
  port->mem = mmap(NULL, port->mem_size, PROT_READ | PROT_WRITE, MAP_SHARED, port->fd, 0);
  if (port->mem == MAP_FAILED) return errno;
  port->nifp = NETMAP_IF(port->mem, port->reg.nr_offset);
  nm_find_rings(port);
  return 0;
}

int nm_open(const struct nm_spec* spec, struct nm_port* port) {
  int err;

  memset(port, 0, sizeof(*port));
  port->fd = open(NETMAP_DEVICE_NAME, O_RDWR | O_CLOEXEC);
  if (port->fd < 0) return errno;
  err = bind_and_map(spec, port);
  if (err) close(port->fd);
  return err;
}

void nm_open_or_exit(const char* text, struct nm_port* port) {
  struct nm_spec spec;
  const char* why;
  int err;

  if (nm_parse(text, &spec, &why)) {
    fprintf(stderr, "%s: %s\n", text, why);
    exit(NM_USAGE);
  }
  err = nm_open(&spec, port);
  if (err) nm_fail("cannot open %s: %s", text, strerror(err));
}

void nm_close(struct nm_port* port) {
  munmap(port->mem, port->mem_size);
  close(port->fd);
}
