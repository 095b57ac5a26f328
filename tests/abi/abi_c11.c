/* SPDX-License-Identifier: BSD-2-Clause */
/* kmod/core/abi.c for programs in C11: fails to compile, or exits 1. */
#define _DEFAULT_SOURCE /* without it <net/if.h> has no IFNAMSIZ */
#include <assert.h>
#include <net/if.h>
#include <net/netmap.h>
#include <net/netmap_user.h>
#include <net/netmap_virt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define SAME(what, a, b) static_assert((a) == (b), what)
#define SIZE(owner, field) sizeof(((struct owner*)0)->field)

#define ABI_STRUCT(name, size, align)     \
  SAME(#name, sizeof(struct name), size); \
  SAME(#name, _Alignof(struct name), align);
#define ABI_FIELD(owner, field, offset, size, type)               \
  SAME(#owner "." #field, offsetof(struct owner, field), offset); \
  SAME(#owner "." #field, SIZE(owner, field), size);
#define ABI_FLEX(owner, field, offset, type) \
  SAME(#owner "." #field, offsetof(struct owner, field), offset);
#define ABI_FLEX_ANON(owner, field, offset) \
  SAME(#owner "." #field, offsetof(struct owner, field), offset);
#define ABI_MACRO(name, number) SAME(#name, name, number);
#define ABI_ENUM(name, number) SAME(#name, name, number);
#define ABI_STRING(name, text) SAME(#name, sizeof(name), sizeof(text));
#define ABI_IOCTL(name, number, dir, type, nr, size) \
  SAME(#name, name, number);                         \
  SAME(#name, _IOC_DIR(name), dir);                  \
  SAME(#name, _IOC_TYPE(name), type);                \
  SAME(#name, _IOC_NR(name), nr);                    \
  SAME(#name, _IOC_SIZE(name), size);
#define ABI_FNMACRO(name)
#define ABI_ROWS(count)
#include "abi_table.h"

#include "abi_count.h"
SAME("rows", abi_rows_seen, abi_rows_promised);

/* what C11 calls no constant expression */
#undef ABI_STRUCT
#undef ABI_FIELD
#undef ABI_FLEX
#undef ABI_FLEX_ANON
#undef ABI_MACRO
#undef ABI_ENUM
#undef ABI_STRING
#undef ABI_IOCTL
#undef ABI_FNMACRO
#undef ABI_ROWS
#define ABI_STRUCT(...)
#define ABI_FIELD(...)
#define ABI_FLEX(...)
#define ABI_FLEX_ANON(...)
#define ABI_MACRO(...)
#define ABI_ENUM(...)
#define ABI_IOCTL(...)
#define ABI_ROWS(...)
#define ABI_STRING(name, text) failed += expect(#name, strcmp(name, text) == 0);
#define ABI_FNMACRO(name) failed += expect(#name, name(&slot) == 0x42);

static int expect(const char* what, int holds) {
  if (!holds) printf("%s differs\n", what);
  return !holds;
}

int main(void) {
  struct netmap_slot slot = {.flags = 0x4221};
  int failed = 0;

#include "abi_table.h"
  printf("%d rows, %d failed at run time\n", abi_rows_seen, failed);
  return failed != 0;
}
