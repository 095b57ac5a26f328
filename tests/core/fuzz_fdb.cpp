// SPDX-License-Identifier: BSD-2-Clause
// Any sequence of operations on a table, against a map.
#include <map>
#include <set>

#include "fuzz.hpp"

namespace {

constexpr u32 kEntries = 64;

struct Entry {
  u8 port;
  u16 stamp;
  bool is_static;
};

struct Model {
  std::map<u64, Entry> entries;
  u64 full = 0;

  vale_fdb_result learn(u64 mac, u8 port, u16 now, u8* old) {
    auto it = entries.find(mac);

    if (!mac || mac & 1) return VALE_FDB_SAME;
    if (it == entries.end()) {
      if (entries.size() == kEntries) {
        full++;
        return VALE_FDB_FULL;
      }
      entries[mac] = {port, now, false};
      return VALE_FDB_NEW;
    }
    if (it->second.is_static) return VALE_FDB_STATIC;
    *old = it->second.port;
    it->second = {port, now, false};
    return *old == port ? VALE_FDB_SAME : VALE_FDB_MOVED;
  }

  bool stale(u64 mac, u8 port, u16 now) const {
    auto it = entries.find(mac);

    if (!mac || mac & 1) return false;
    if (it == entries.end()) return true;
    return !it->second.is_static &&
           (it->second.port != port || static_cast<u16>(now - it->second.stamp) > 1);
  }

  int add_static(u64 mac, u8 port) {
    if (!mac || mac & 1) return -EINVAL;
    if (!entries.count(mac) && entries.size() == kEntries) return -ENOSPC;
    entries[mac] = {port, 0, true};
    return 0;
  }

  template <class Pred>
  u32 remove_if(Pred pred) {
    return static_cast<u32>(std::erase_if(entries, [&](auto& e) { return pred(e.second); }));
  }
};

void compare(const vale_fdb& fdb, const Model& model) {
  vale_fdb_entry e;
  std::set<u64> seen;
  u32 cursor = 0;

  while (vale_fdb_next(&fdb, &cursor, vale_fdb_end(&fdb), &e)) {
    auto it = model.entries.find(e.mac);

    EXPECT(it != model.entries.end());
    EXPECT(e.port == it->second.port && e.is_static == it->second.is_static);
    EXPECT(e.is_static || e.stamp == it->second.stamp);
    EXPECT(seen.insert(e.mac).second);
    EXPECT(vale_fdb_lookup(&fdb, e.mac) == e.port);
  }
  EXPECT(seen.size() == model.entries.size());
  EXPECT(fdb.used == model.entries.size() && fdb.full == model.full);
}

void expire(vale_fdb& fdb, Model& model, u16 now, u16 ageing, u32 stride) {
  vale_fdb_entry e;
  u32 cursor = 0, n = 0;

  // in strides, of which the last may exceed the table
  for (u32 to = stride; cursor < vale_fdb_end(&fdb); to += stride)
    while (vale_fdb_expire(&fdb, &cursor, to, now, ageing, &e)) n++;
  EXPECT(n == model.remove_if([&](const Entry& m) {
    return !m.is_static && static_cast<u16>(now - m.stamp) > ageing;
  }));
}

void flush(vale_fdb& fdb, Model& model, u8 port, bool statics, bool all, u32 stride) {
  u32 before = fdb.used, cursor = 0;

  if (all)
    vale_fdb_doom(&fdb);
  else
    vale_fdb_doom_port(&fdb, port, statics);
  while (cursor < vale_fdb_end(&fdb)) vale_fdb_flush(&fdb, &cursor, cursor + stride);

  u32 n = before - fdb.used;
  EXPECT(n == model.remove_if([&](const Entry& e) {
    return all ? !e.is_static : e.port == port && (statics || !e.is_static);
  }));
}

void step(vale_fdb& fdb, Model& model, FuzzedDataProvider& in) {
  u64 mac =
      in.ConsumeBool() ? in.ConsumeIntegral<u8>() : in.ConsumeIntegral<u64>() & 0xffffffffffff;
  u8 port = in.ConsumeIntegralInRange<u8>(0, 253);
  u16 now = in.ConsumeIntegral<u16>();
  u8 old = port, want_old = port;
  u32 stride = 1 + (now & 255);

  switch (in.ConsumeIntegralInRange(0, 31)) {
    case 0:
      return expire(fdb, model, now, in.ConsumeIntegralInRange<u16>(0, VALE_FDB_AGEING_MAX),
                    stride);
    case 1:
      return flush(fdb, model, port, in.ConsumeBool(), false, stride);
    case 2:
      return flush(fdb, model, port, false, in.ConsumeIntegralInRange(0, 7) == 0, stride);
    case 3:
    case 4:
    case 5:
      EXPECT(vale_fdb_del(&fdb, mac) == (model.entries.erase(mac) ? 0 : -ENOENT));
      return;
    case 6:
    case 7:
    case 8:
      EXPECT(vale_fdb_add_static(&fdb, mac, port) == model.add_static(mac, port));
      return;
    default:
      EXPECT(vale_fdb_stale(&fdb, mac, port, now) == model.stale(mac, port, now));
      EXPECT(vale_fdb_learn(&fdb, mac, port, now, &old) == model.learn(mac, port, now, &want_old));
      EXPECT(old == want_old);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, size_t size) {
  FuzzedDataProvider in(data, size);
  core::Table table(kEntries);
  core::Table copy(kEntries);
  Model model;

  while (in.remaining_bytes()) step(table.fdb, model, in);
  compare(table.fdb, model);
  u32 cursor = 0;
  vale_fdb_copy(&copy.fdb, &table.fdb, &cursor, vale_fdb_end(&table.fdb));
  model.full = 0;
  compare(copy.fdb, model);
  return 0;
}
