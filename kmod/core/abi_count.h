/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Counts the rows of abi_table.h, so that a lost one is noticed. Comes last. */
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

#define ABI_STRUCT(...)		+ 1
#define ABI_FIELD(...)		+ 1
#define ABI_FLEX(...)		+ 1
#define ABI_FLEX_ANON(...)	+ 1
#define ABI_MACRO(...)		+ 1
#define ABI_ENUM(...)		+ 1
#define ABI_STRING(...)		+ 1
#define ABI_IOCTL(...)		+ 1
#define ABI_FNMACRO(...)	+ 1
#define ABI_ROWS(count)		, abi_rows_promised = (count)

enum {
	abi_rows_seen = 0
#include "abi_table.h"
};
