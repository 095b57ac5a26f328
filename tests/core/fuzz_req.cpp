// SPDX-License-Identifier: BSD-2-Clause
// Option lists and ring selections that nobody in their right mind sends.
#include <algorithm>

#include "fuzz.hpp"

namespace {

u32 pick_type(FuzzedDataProvider& in) {
  static const u32 types[] = {0, 1, 2, 3, 4, 5, 6, 7, 77, VALE_REQ_OPT_RINGS, ~0u};

  return in.ConsumeIntegralInRange(0, 7) ? in.PickValueInArray(types) : in.ConsumeIntegral<u32>();
}

bool known(u32 type) {
  return (type >= 1 && type <= 5) || type == VALE_REQ_OPT_RINGS;
}

// Bodies lie one behind the other inside the room for them.
void check_bodies(const vale_opts& o, u32 request) {
  u32 bytes = request;
  const u8* end = o.bodies;

  for (u32 i = 0; i < o.n; i++) {
    EXPECT(o.opt[i].body >= end && !((o.opt[i].body - o.bodies) & 7));
    end = o.opt[i].body + o.opt[i].size;
    EXPECT(end <= o.bodies + sizeof(o.bodies));
    bytes += 24 + o.opt[i].size;
  }
  EXPECT(bytes == o.bytes && bytes <= NETMAP_REQ_MAXSIZE && o.n <= VALE_OPTS_MAX);
}

void check_error(const vale_opts& o, int err, u32 n, u32 type, bool twice) {
  if (err == -EMSGSIZE) {
    EXPECT(o.forget && o.n == n);
    return;
  }
  EXPECT(err == (!type || twice ? -EINVAL : 0));
  EXPECT(o.n == n + 1 && o.opt[n].hdr.nro_status == static_cast<u32>(-err));
}

void options(FuzzedDataProvider& in) {
  static vale_opts o;
  std::vector<u32> types;
  u32 request = vale_req_body_size(in.ConsumeIntegralInRange<u16>(0, 16));
  int err = 0;

  vale_opts_init(&o, request);
  while (in.remaining_bytes() && !err) {
    u32 type = pick_type(in), n = o.n;
    u64 size = in.ConsumeBool() ? in.ConsumeIntegral<u16>() : in.ConsumeIntegral<u64>();
    nmreq_option hdr = {0, type, 5, size};
    bool twice = known(type) && std::count(types.begin(), types.end(), type);

    err = vale_opts_add(&o, n, &hdr);
    check_error(o, err, n, type, twice);
    if (!err) memset(o.opt[n].body, 0xff, o.opt[n].size);
    types.push_back(type);
    check_bodies(o, request);
  }
  vale_opts_walked(&o);
  EXPECT(vale_opts_all_consumed(&o) == (o.n ? -EOPNOTSUPP : 0));
}

bool inside(const vale_ring_range& r, u32 all) {
  return r.first <= r.last && r.last <= all;
}

void selection(FuzzedDataProvider& in) {
  vale_ring_counts n = {in.ConsumeIntegral<u16>(), in.ConsumeIntegral<u16>(),
                        in.ConsumeIntegral<u16>(), in.ConsumeIntegral<u16>()};
  u32 mode = in.ConsumeBool() ? in.ConsumeIntegralInRange<u32>(0, 9) : in.ConsumeIntegral<u32>();
  u64 flags = in.ConsumeIntegral<u64>();
  vale_ring_select sel;

  if (vale_req_select(&sel, mode, in.ConsumeIntegral<u16>(), flags, &n)) return;
  EXPECT(inside(sel.tx, n.tx + n.host_tx));
  EXPECT(inside(sel.rx, n.rx + n.host_rx));
  EXPECT(!(flags & NR_RX_RINGS_ONLY) || sel.tx.first == sel.tx.last);
  EXPECT(!(flags & NR_TX_RINGS_ONLY) || sel.rx.first == sel.rx.last);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, size_t size) {
  FuzzedDataProvider in(data, size);

  selection(in);
  options(in);
  return 0;
}
