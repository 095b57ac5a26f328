// SPDX-License-Identifier: BSD-2-Clause
#include "frame.h"

// splitmix64: every state gives an independent-looking word, so word k needs no word k - 1.
static uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

uint64_t frame_random(uint64_t* state) {
  return mix((*state)++);
}

const char* frame_plan_error(const struct frame_plan* plan) {
  if (plan->min_size < FRAME_HEADER) return "frames have at least 14 bytes";
  if (plan->min_size > plan->max_size) return "smallest size above largest";
  if (plan->max_frags < 1 || plan->max_frags > NETMAP_MAX_FRAGS) return "fragments are 1 to 64";
  if (plan->buf_size < FRAME_HEADER) return "buffers smaller than a header";
  if (plan->max_size > FRAME_MAX || plan->max_size > (uint64_t)plan->max_frags * plan->buf_size)
    return "largest size needs more fragments";
  return NULL;
}

static uint32_t between(uint64_t* state, uint32_t low, uint32_t high) {
  return low + (uint32_t)(frame_random(state) % (high - low + 1));
}

// Every fragment has a byte at least, the first one the whole header, and what is left always
// fits the fragments that are left.
static void cut(const struct frame_plan* plan, uint64_t* state, struct frame* frame) {
  uint32_t left = frame->size;

  for (uint32_t i = 0; i < frame->frags; i++) {
    uint32_t later = frame->frags - 1 - i;
    uint32_t low = i == 0 ? FRAME_HEADER : 1;
    uint32_t high = left - later < plan->buf_size ? left - later : plan->buf_size;

    if (left > later * plan->buf_size && left - later * plan->buf_size > low)
      low = left - later * plan->buf_size;
    frame->frag[i] = (uint16_t)(later == 0 ? left : between(state, low, high));
    left -= frame->frag[i];
  }
}

void frame_plan_next(const struct frame_plan* plan, uint64_t seq, struct frame* frame) {
  uint64_t state = mix(plan->seed ^ mix(seq));
  uint32_t fewest, most;

  frame->seq = seq;
  frame->size = between(&state, plan->min_size, plan->max_size);
  fewest = (frame->size + plan->buf_size - 1) / plan->buf_size;
  most = frame->size - FRAME_HEADER + 1;
  if (most > plan->max_frags) most = plan->max_frags;
  frame->frags = between(&state, fewest, most);
  cut(plan, &state, frame);
  frame->random = frame_random(&state);
}

void frame_write(const struct frame_plan* plan, const struct frame* frame, const uint8_t dst[6],
                 const uint8_t src[6], uint8_t* to) {
  uint64_t key = mix(plan->seed) ^ frame->seq, word = frame->seq;
  uint32_t at = FRAME_HEADER;

  memcpy(to, dst, 6);
  memcpy(to + 6, src, 6);
  to[12] = FRAME_TYPE_DATA >> 8;
  to[13] = FRAME_TYPE_DATA & 0xff;
  for (; frame->size - at >= sizeof(word); at += sizeof(word)) {
    memcpy(to + at, &word, sizeof(word));
    word = mix(key + at);
  }
  memcpy(to + at, &word, frame->size - at);
}

bool frame_put(struct netmap_ring* ring, const struct frame* frame, const uint8_t* bytes,
               uint64_t indirect) {
  uint32_t at = ring->head;

  if (nm_ring_space(ring) < frame->frags) return false;
  for (uint32_t i = 0; i < frame->frags; i++) {
    struct netmap_slot* slot = &ring->slot[at];
    // Not read back from the slot: another process may share the ring and write there.
    uint16_t len = frame->frag[i];
    bool by_address = indirect >> i & 1;

    slot->len = len;
    slot->flags =
        (uint16_t)((i + 1 < frame->frags ? NS_MOREFRAG : 0) | (by_address ? NS_INDIRECT : 0));
    slot->ptr = by_address ? (uintptr_t)bytes : 0;
    if (!by_address) memcpy(NETMAP_BUF(ring, slot->buf_idx), bytes, len);
    bytes += len;
    at = nm_ring_next(ring, at);
  }
  ring->head = ring->cur = at;
  return true;
}

bool frame_peek(const struct netmap_ring* ring, struct frame_rx* found) {
  *found = (struct frame_rx){.whole = false};
  for (uint32_t at = ring->head; at != ring->tail && !found->whole; at = nm_ring_next(ring, at)) {
    found->slots++;
    found->size += ring->slot[at].len;
    found->whole = !(ring->slot[at].flags & NS_MOREFRAG);
  }
  return found->slots > 0;
}

void frame_release(struct netmap_ring* ring, const struct frame_rx* found) {
  uint32_t head = ring->head + found->slots;

  ring->head = ring->cur = head < ring->num_slots ? head : head - ring->num_slots;
}

uint32_t frame_read(const struct netmap_ring* ring, const struct frame_rx* found, uint8_t* to,
                    uint32_t size) {
  uint32_t done = 0, at = ring->head;

  for (uint32_t i = 0; i < found->slots && done < size; i++, at = nm_ring_next(ring, at)) {
    const struct netmap_slot* slot = &ring->slot[at];
    uint32_t part = slot->len < size - done ? slot->len : size - done;

    memcpy(to + done, NETMAP_BUF(ring, slot->buf_idx), part);
    done += part;
  }
  return done;
}

static bool verify_slot(const struct netmap_ring* ring, const struct netmap_slot* slot,
                        const uint8_t* bytes, char* why, size_t why_size) {
  const uint8_t* got = (const uint8_t*)NETMAP_BUF(ring, slot->buf_idx);
  uint32_t i = 0;

  if (!memcmp(got, bytes, slot->len)) return true;
  while (got[i] == bytes[i]) i++;
  snprintf(why, why_size, "byte %u of a fragment of %u is %02x, not %02x", i, slot->len, got[i],
           bytes[i]);
  return false;
}

// A socket buffer does not know of fragments: they are made anew on arrival.
static void recut(struct frame* frame, uint32_t buf_size) {
  uint32_t left = frame->size;

  for (frame->frags = 0; left && frame->frags < NETMAP_MAX_FRAGS; left -= frame->frag[frame->frags++])
    frame->frag[frame->frags] = (uint16_t)(left < buf_size ? left : buf_size);
}

bool frame_verify(const struct netmap_ring* ring, const struct frame_rx* found,
                  const struct frame* planned, const uint8_t* bytes, char* why, size_t why_size) {
  struct frame cut = *planned;
  const struct frame* frame = &cut;
  uint32_t at = ring->head;

  if (found->recut) recut(&cut, ring->nr_buf_size);
  if (!found->whole || found->slots != frame->frags || found->size != frame->size) {
    snprintf(why, why_size, "%u bytes in %u slots%s, not %u in %u", found->size, found->slots,
             found->whole ? "" : " and no end", frame->size, frame->frags);
    return false;
  }
  for (uint32_t i = 0; i < frame->frags; i++, at = nm_ring_next(ring, at)) {
    const struct netmap_slot* slot = &ring->slot[at];

    if (slot->len != frame->frag[i] || NS_RFRAGS(slot) != (found->nic ? 0 : frame->frags)) {
      snprintf(why, why_size, "fragment %u has length %u and count %u, not %u and %u", i, slot->len,
               NS_RFRAGS(slot), frame->frag[i], found->nic ? 0 : frame->frags);
      return false;
    }
    if (!verify_slot(ring, slot, bytes, why, why_size)) return false;
    bytes += slot->len;
  }
  return true;
}

uint16_t frame_type(const uint8_t* bytes) {
  return (uint16_t)(bytes[12] << 8 | bytes[13]);
}
