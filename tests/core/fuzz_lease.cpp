// SPDX-License-Identifier: BSD-2-Clause
// Any order of reserving, shrinking and completing, against a list of leases.
#include <list>

#include "fuzz.hpp"

namespace {

struct Open {
  u32 start;
  u32 k;
  bool done;
};

using Iterator = std::list<Open>::iterator;

struct Model {
  explicit Model(u32 slots) : n(slots), done(slots) { vale_lease_init(&lease, done.data(), n); }

  void reserve(u32 k) {
    u32 room = vale_lease_room(&lease, hwcur);

    EXPECT(room == n - 1 - (next + n - hwcur) % n);
    if (!room) return;
    k = 1 + k % room;
    EXPECT(vale_lease_reserve(&lease, k) == next);
    open.push_back({next, k, false});
    next = (next + k) % n;
  }

  // True: nothing is left of it.
  bool shrink(Iterator o, u32 unused) {
    bool newest = std::next(o) == open.end();

    unused %= o->k + 1;
    EXPECT(vale_lease_shrink(&lease, o->start, o->k, unused) == newest);
    if (!newest) return false;
    o->k -= unused;
    next = (o->start + o->k) % n;
    return !o->k;
  }

  void complete(Iterator o) {
    Open lease_done = *o;
    u32 before = tail;

    o->done = true;
    if (!o->k) open.erase(o);
    while (!open.empty() && open.front().done) {
      tail = (open.front().start + open.front().k) % n;
      open.pop_front();
    }
    EXPECT(vale_lease_complete(&lease, lease_done.start, lease_done.k) == (tail != before));
  }

  // The receiver takes up to `slots` of what was published.
  void release(u32 slots) { hwcur = (hwcur + slots % ((tail + n - hwcur) % n + 1)) % n; }

  void step(FuzzedDataProvider& in) {
    u32 what = in.ConsumeIntegralInRange(0, 3);
    u32 much = in.ConsumeIntegral<u8>();

    if (what == 0) return release(much);
    if (what == 1 || open.empty()) return reserve(much);
    auto o = std::next(open.begin(), in.ConsumeIntegralInRange<long>(0, open.size() - 1));
    if (o->done) return;
    if (shrink(o, what == 2 ? much : 0) || what == 3) complete(o);
  }

  u32 n;
  u32 next = 0, tail = 0, hwcur = 0;
  std::vector<u32> done;
  std::list<Open> open;
  vale_lease lease;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, size_t size) {
  FuzzedDataProvider in(data, size);
  Model model(in.ConsumeIntegralInRange<u32>(2, 20));

  while (in.remaining_bytes()) {
    model.step(in);
    EXPECT(model.lease.next == model.next && model.lease.tail == model.tail);
  }
  while (!model.open.empty()) {
    auto o = model.open.begin();
    EXPECT(!o->done);
    model.complete(o);
  }
  EXPECT(model.lease.tail == model.lease.next);
  for (u32 mark : model.done) EXPECT(!mark);
  return 0;
}
