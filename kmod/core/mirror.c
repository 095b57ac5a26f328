// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Slots belong to programs that may change them at any time: a slot is judged
 * by what one load of it said.
 */
#include <linux/compiler.h>
#include <linux/minmax.h>

#include "copy.h"
#include "fwd.h"
#include "mirror.h"
#include "ring.h"
#include "slot.h"

u32 vale_mirror_fit(struct vale_mirror *m, u32 room)
{
	u32 count = vale_ring_distance(m->begin, m->end, m->from.n);

	if (count <= room)
		return count;
	m->begin = vale_ring_add(m->begin, count - room, m->from.n);
	return room;
}

static bool is_indirect(const struct vale_mirror *m, union vale_slot_word w)
{
	return m->indirect && w.flags & NS_INDIRECT;
}

/* How many bytes got there. */
static u32 copy_bytes(const struct vale_mirror *m, union vale_slot_word w,
		      const struct netmap_slot *from, u8 *to)
{
	u32 len = min_t(u32, w.len, vale_bufs_room(m->to.bufs));
	u64 ptr = READ_ONCE(from->ptr);
	const u8 *data;
	u32 offset;

	if (!to)
		return 0;
	if (is_indirect(m, w)) {
		data = (const u8 *)(uintptr_t)ptr;
		return vale_fetch_user(to, data, len) ? 0 : len;
	}
	data = vale_buf(m->from.bufs, w.buf_idx);
	offset = vale_bufs_offset(m->from.bufs, ptr);
	if (!data || w.len > m->from.bufs->size - offset)
		return 0;
	vale_buf_prefetch_row(to, m->to.bufs->size, len);
	vale_copy(to, data + offset, len);
	return len;
}

static u16 shown_flags(const struct vale_mirror *m, union vale_slot_word w)
{
	return (w.flags & ~m->clear & ~(NS_BUF_CHANGED | NS_INDIRECT)) | m->set;
}

static void copy_slot(const struct vale_mirror *m, struct netmap_slot *from,
		      struct netmap_slot *to)
{
	union vale_slot_word w = vale_slot_read(from);
	union vale_slot_word shown = vale_slot_read(to);
	u8 *buf = vale_buf(m->to.bufs, shown.buf_idx);

	if (buf)
		buf += vale_bufs_offset(m->to.bufs, READ_ONCE(to->ptr));
	shown.len = copy_bytes(m, w, from, buf);
	shown.flags = shown_flags(m, w);
	vale_slot_write(to, shown);
}

/* Both buffers stay in use, whatever the programs have written. */
static void swap_slot(const struct vale_mirror *m, struct netmap_slot *from,
		      struct netmap_slot *to)
{
	union vale_slot_word w = vale_slot_read(from);
	union vale_slot_word shown = vale_slot_read(to);
	union vale_slot_word back = w;

	if (w.flags & NS_FORWARD || m->forwards || is_indirect(m, w) ||
	    m->from.bufs->offset_mask ||
	    !vale_buf(m->from.bufs, w.buf_idx) ||
	    !vale_buf(m->to.bufs, shown.buf_idx)) {
		copy_slot(m, from, to);
		return;
	}
	back.buf_idx = shown.buf_idx;
	back.flags |= NS_BUF_CHANGED;
	shown.buf_idx = w.buf_idx;
	shown.len = min_t(u32, w.len, m->to.bufs->size);
	shown.flags = shown_flags(m, w);
	WRITE_ONCE(to->ptr, READ_ONCE(from->ptr));
	vale_slot_write(to, shown);
	vale_slot_write(from, back);
}

void vale_mirror_run(const struct vale_mirror *m, u32 pos)
{
	u32 i;

	for (i = m->begin; i != m->end; i = vale_ring_next(i, m->from.n)) {
		if (m->swap)
			swap_slot(m, &m->from.slot[i], &m->to.slot[pos]);
		else
			copy_slot(m, &m->from.slot[i], &m->to.slot[pos]);
		pos = vale_ring_next(pos, m->to.n);
	}
}
