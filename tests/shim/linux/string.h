/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once
#include <linux/errno.h>
#include <string.h>
#include <sys/types.h>

/* As the kernel's: bytes copied, or -E2BIG. */
static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t len = strnlen(from, size);

	if (!size)
		return -E2BIG;
	if (len == size) {
		memcpy(to, from, size - 1);
		to[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(to, from, len + 1);
	return (ssize_t)len;
}
