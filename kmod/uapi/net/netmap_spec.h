/* SPDX-License-Identifier: BSD-2-Clause */
/* Pieces of a port's name that nm_open() and libnetmap read alike. */
#ifndef _NET_NETMAP_SPEC_H_
#define _NET_NETMAP_SPEC_H_

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include <net/netmap.h>

#define NM_SPEC_MAX_RING_	4094
#define NM_SPEC_MAX_MEM_ID_	65535

static inline int nm_spec_is_id_(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* a decimal number up to max, past which *text moves */
static inline int nm_spec_number_(const char **text, unsigned long max,
				  unsigned long *value)
{
	char *end;

	if (**text < '0' || **text > '9')
		return -1;
	errno = 0;
	*value = strtoul(*text, &end, 10);
	if (errno || *value > max)
		return -1;
	*text = end;
	return 0;
}

static inline uint32_t nm_spec_flag_(char letter)
{
	switch (letter) {
	case 'x':
		return NR_EXCLUSIVE;
	case 'z':
		return NR_ZCOPY_MON;
	case 't':
		return NR_MONITOR_TX;
	case 'r':
		return NR_MONITOR_RX;
	case 'R':
		return NR_RX_RINGS_ONLY;
	case 'T':
		return NR_TX_RINGS_ONLY;
	default:
		return 0;
	}
}

/* letters up to the next @ or / or the end; *why says what is wrong */
static inline int nm_spec_flags_(const char **text, uint32_t *flags,
				 const char **why)
{
	const char *start = *text;

	for (; **text && **text != '@' && **text != '/'; ++*text) {
		uint32_t flag = nm_spec_flag_(**text);

		*why = "unknown flag after /, want x z t r R T";
		if (!flag)
			return -1;
		*flags |= flag;
	}
	*why = "no flag after /";
	return *text == start ? -1 : 0;
}

/* the number after @; *mem_id is what the name said before, 0 if nothing */
static inline int nm_spec_mem_id_(const char **text, uint16_t *mem_id,
				  const char **why)
{
	unsigned long value;

	*why = "bad memory id after @, want 1 to 65535";
	if (nm_spec_number_(text, NM_SPEC_MAX_MEM_ID_, &value) || !value)
		return -1;
	*why = "more than one memory id";
	if (*mem_id && *mem_id != value)
		return -1;
	*mem_id = (uint16_t)value;
	return 0;
}

#endif /* _NET_NETMAP_SPEC_H_ */
