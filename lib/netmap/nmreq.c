// SPDX-License-Identifier: BSD-2-Clause
// The fixed parts of a port's spec, and the question after a port's memory.
#include <errno.h>
#include <fcntl.h>
#include <net/netmap_spec.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"

void nmreq_header_init(struct nmreq_header* hdr, uint16_t reqtype, void* body) {
  memset(hdr, 0, sizeof(*hdr));
  hdr->nr_version = NETMAP_API;
  hdr->nr_reqtype = reqtype;
  hdr->nr_body = (uintptr_t)body;
}

static int refuse(struct nmctx* ctx, const char* spec, const char* why) {
  errno = EINVAL;
  nmctx_ferror(ctx, "'%s': %s", spec, why);
  return -1;
}

// Length of "netmap" or "valeID" if the text begins with that and a colon, else 0.
static size_t subsystem_length(const char* text) {
  size_t length = strlen(NM_BDG_NAME);

  if (!strncmp(text, "netmap:", 7)) return 6;
  if (strncmp(text, NM_BDG_NAME, length) != 0) return 0;
  while (nm_spec_is_id_(text[length])) length++;
  return text[length] == ':' ? length : 0;
}

// Why NAME{ID, NAME}ID or NAME is none, or NULL.
static const char* port_name_error(const char* name, size_t length) {
  size_t base = strcspn(name, "{}");
  size_t i = base + 1;

  if (!length || !base) return "empty name";
  if (base >= length) return NULL;
  if (i == length) return "pipe without an identifier";
  while (i < length && nm_spec_is_id_(name[i])) i++;
  return i == length ? NULL : "a pipe's identifier is made of letters, digits and _";
}

int nmreq_header_decode(const char** spec, struct nmreq_header* hdr, struct nmctx* ctx) {
  const char *start = *spec, *name, *why;
  size_t length = subsystem_length(start), whole;

  if (!length) return refuse(ctx, start, "a port is netmap:NAME or valeID:NAME");
  name = start + length + 1;
  length = strcspn(name, "-*^/@");
  why = port_name_error(name, length);
  if (why) return refuse(ctx, start, why);
  if (start[0] == 'n') start = name;
  whole = (size_t)(name - start) + length;
  if (whole >= sizeof(hdr->nr_name)) return refuse(ctx, *spec, "name longer than 63 characters");
  memset(hdr->nr_name, 0, sizeof(hdr->nr_name));
  memcpy(hdr->nr_name, start, whole);
  *spec = name + length;
  return 0;
}

static int decode_rings(const char** text, struct nmreq_register* reg) {
  unsigned long ring = 0;
  char lead = **text;

  reg->nr_mode = NR_REG_ALL_NIC;
  reg->nr_ringid = 0;
  if (!lead || !strchr("^*-", lead)) return 0;
  ++*text;
  reg->nr_mode = lead == '*' ? NR_REG_NIC_SW : NR_REG_SW;
  if (lead == '*' || (lead == '^' && (**text < '0' || **text > '9'))) return 0;
  reg->nr_mode = lead == '-' ? NR_REG_ONE_NIC : NR_REG_ONE_SW;
  if (nm_spec_number_(text, NM_SPEC_MAX_RING_, &ring)) return -1;
  reg->nr_ringid = (uint16_t)ring;
  return 0;
}

int nmreq_register_decode(const char** mode, struct nmreq_register* reg, struct nmctx* ctx) {
  struct nmreq_register result = *reg;
  const char *text = *mode, *why;
  uint32_t flags = 0;

  if (decode_rings(&text, &result)) return refuse(ctx, *mode, "bad ring number, want 0 to 4094");
  while (*text && (*text != '@' || (text[1] >= '0' && text[1] <= '9'))) {
    char lead = *text++;

    why = "unexpected character after the name";
    if (lead == '@' && !nm_spec_mem_id_(&text, &result.nr_mem_id, &why)) continue;
    if (lead == '/' && !nm_spec_flags_(&text, &flags, &why)) continue;
    return refuse(ctx, *mode, why);
  }
  result.nr_flags |= flags;
  *reg = result;
  *mode = text;
  return 0;
}

int32_t nmreq_get_mem_id(const char** name, struct nmctx* ctx) {
  struct nmreq_port_info_get info = {0};
  struct nmreq_header hdr;
  int fd, err;

  nmreq_header_init(&hdr, NETMAP_REQ_PORT_INFO_GET, &info);
  if (nmreq_header_decode(name, &hdr, ctx)) return -1;
  fd = open(NETMAP_DEVICE_NAME, O_RDWR | O_CLOEXEC);
  if (fd < 0) {
    nmctx_ferror(ctx, "%s: %s", NETMAP_DEVICE_NAME, strerror(errno));
    return -1;
  }
  err = ioctl(fd, NIOCCTRL, &hdr) ? errno : 0;
  close(fd);
  if (!err) return info.nr_mem_id;
  errno = err;
  nmctx_ferror(ctx, "cannot get the memory of %s: %s", hdr.nr_name, strerror(err));
  return -1;
}
