// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The ABI headers, held to the facts of abi_table.h while compiling. No code. */
#include <linux/build_bug.h>
#include <linux/etherdevice.h>
#include <linux/types.h>
#include <net/netmap.h>
#include <net/netmap_virt.h>

#define SIZE(owner, field)	sizeof(((struct owner *)0)->field)

#define ABI_STRUCT(name, size, align)					\
	static_assert(sizeof(struct name) == (size));			\
	static_assert(__alignof__(struct name) == (align));
#define ABI_FIELD(owner, field, offset, size, type)			\
	static_assert(offsetof(struct owner, field) == (offset));	\
	static_assert(SIZE(owner, field) == (size));
#define ABI_FLEX(owner, field, offset, type)				\
	static_assert(offsetof(struct owner, field) == (offset));
#define ABI_FLEX_ANON(owner, field, offset)				\
	static_assert(offsetof(struct owner, field) == (offset));
#define ABI_MACRO(name, number)	static_assert((name) == (number));
#define ABI_ENUM(name, number)	static_assert((name) == (number));
/* for sparse the text itself is no constant: tests/abi compares it */
#define ABI_STRING(name, text)						\
	static_assert(sizeof(name) == sizeof(text));
#define ABI_IOCTL(name, number, dir, type, nr, size)			\
	static_assert((name) == (number));				\
	static_assert(_IOC_DIR(name) == (dir));				\
	static_assert(_IOC_TYPE(name) == (type));			\
	static_assert(_IOC_NR(name) == (nr));				\
	static_assert(_IOC_SIZE(name) == (size));
/* no constant for a compiler of C: tests/abi checks what it computes */
#define ABI_FNMACRO(name)						\
	static_assert(sizeof(name((struct netmap_slot *)0)) == sizeof(int));
#define ABI_ROWS(count)

#include "abi_table.h"

#include "abi_count.h"
static_assert(abi_rows_seen == abi_rows_promised);
