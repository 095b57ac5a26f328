// SPDX-License-Identifier: BSD-2-Clause
// What forwarding should do, written as plainly as possible and without any
// regard to speed, to compare the core with.
#pragma once

#include <map>
#include <set>

#include "core.hpp"

namespace core {

struct ModelFragment {
  const u8* data;
  u32 len;
  bool indirect;
};

struct ModelPacket {
  std::vector<ModelFragment> frags;
  bool no_learn;
  u32 dst;  // port, VALE_PORT_FLOOD or VALE_PORT_DROP
};

struct Model {
  std::vector<ModelPacket> packets;
  std::set<u64> learn;
  u32 drops[__VALE_DROP_MAX] = {};
  u32 bytes = 0;
  u32 slots = 0;
  u32 multicast = 0;

  // Returns the position after the last slot taken.
  u32 gather(const std::vector<netmap_slot>& ring, u32 from, u32 to, const vale_bufs& bufs) {
    u32 n = static_cast<u32>(ring.size());

    while (from != to && slots < VALE_BATCH_MAX) {
      ModelPacket p = {};
      bool bad = false, more = true;

      p.no_learn = ring[from].flags & NS_NO_LEARN;
      while (more && from != to) {
        const netmap_slot& s = ring[from];
        bool indirect = s.flags & NS_INDIRECT;
        const u8* data = indirect ? reinterpret_cast<const u8*>(s.ptr) : vale_buf(&bufs, s.buf_idx);

        bad |= !data || s.len > bufs.size;
        p.frags.push_back({data, s.len, indirect});
        more = s.flags & NS_MOREFRAG;
        from = (from + 1) % n;
      }
      take(p, bad);
    }
    return from;
  }

  void classify(const vale_fdb& fdb, u8 src, u16 now) {
    for (ModelPacket& p : packets) p.dst = destination(p, fdb, src, now);
  }

  // The packets for a port, in order.
  std::vector<const ModelPacket*> queue(u32 port) const {
    std::vector<const ModelPacket*> q;

    for (const ModelPacket& p : packets)
      if (p.dst == port || p.dst == VALE_PORT_FLOOD) q.push_back(&p);
    return q;
  }

 private:
  void take(const ModelPacket& p, bool bad) {
    if (bad) {
      drops[VALE_DROP_BAD_SLOT]++;
    } else if (p.frags.size() > NETMAP_MAX_FRAGS) {
      drops[VALE_DROP_FRAGS]++;
    } else {
      for (const ModelFragment& f : p.frags) bytes += f.len;
      slots += static_cast<u32>(p.frags.size());
      packets.push_back(p);
    }
  }

  u32 drop(vale_drop reason) {
    drops[reason]++;
    return VALE_PORT_DROP;
  }

  u32 destination(const ModelPacket& p, const vale_fdb& fdb, u8 src, u16 now) {
    u8 header[14];

    if (p.frags[0].len < 14) return drop(VALE_DROP_RUNT);
    if (!p.frags[0].indirect)
      memcpy(header, p.frags[0].data, 14);
    else if (vale_fetch_user(header, p.frags[0].data, 14))
      return drop(VALE_DROP_FAULT);
    if (!p.no_learn && vale_fdb_stale(&fdb, vale_mac_load(header + 6), src, now))
      learn.insert(vale_mac_load(header + 6));
    if (header[0] & 1) {
      multicast++;
      return VALE_PORT_FLOOD;
    }
    u32 port = vale_fdb_lookup(&fdb, vale_mac_load(header));
    return port == src ? drop(VALE_DROP_SAME_PORT) : port;
  }
};

// A receive ring and its region, filled packet by packet.
struct ModelReceiver {
  std::vector<netmap_slot>& ring;
  Buffers& region;
  u32 pos;
  u32 drops[__VALE_DROP_MAX] = {};
  u32 packets = 0, slots = 0;
  u64 bytes = 0;

  void put(const ModelPacket& p) {
    u32 n = static_cast<u32>(p.frags.size());

    for (const ModelFragment& f : p.frags)
      if (f.len > region.bufs.size) {
        drops[VALE_DROP_TOO_LONG]++;
        return;
      }
    for (u32 i = 0; i < n; i++) {
      netmap_slot& s = at(i);

      if (!region.at(s.buf_idx)) {
        drops[VALE_DROP_BAD_BUFFER]++;
        skip(i + 1);
        return;
      }
      if (!copy(region.at(s.buf_idx), p.frags[i])) {
        drops[VALE_DROP_FAULT]++;
        return;
      }
      s.len = static_cast<u16>(p.frags[i].len);
      s.flags = static_cast<u16>(n << 8 | (i + 1 < n ? NS_MOREFRAG : 0));
    }
    for (const ModelFragment& f : p.frags) bytes += f.len;
    packets++;
    advance(n);
  }

 private:
  netmap_slot& at(u32 i) { return ring[(pos + i) % ring.size()]; }

  static bool copy(u8* to, const ModelFragment& f) {
    if (f.indirect) return !vale_fetch_user(to, f.data, f.len);
    memmove(to, f.data, f.len);
    return true;
  }

  void skip(u32 n) {
    for (u32 i = 0; i < n; i++) at(i).len = at(i).flags = 0;
    advance(n);
  }

  void advance(u32 n) {
    slots += n;
    pos = (pos + n) % static_cast<u32>(ring.size());
  }
};

}  // namespace core
