// SPDX-License-Identifier: BSD-2-Clause
// The core's forwarding loop alone: gather, classify, and for each receiver
// reserve, copy, publish; or, where the way is known (flow), reserve, copy and
// publish part by part, looking up addresses that vary. Beside a plain memcpy of the same bytes.
//
//   core_bench [--json FILE] [--only SUBSTRING]     times, best of several runs
//   core_bench --rounds N --only NAME               N batches, nothing else: for
//                                                   callgrind (instructions.sh)
//   core_bench --list
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>

#include "core.hpp"

namespace {

constexpr u32 kSlots = 1024, kBufSize = 2048;
constexpr u8 kSrc = 0;

struct Case {
  std::string name;
  u32 len;
  u32 batch;
  u32 receivers;  // 0: nobody else on the switch
  u32 macs;       // addresses in use, 0: one known pair
  bool broadcast;
  bool flow;  // the way is known
};

std::vector<Case> make_cases() {
  std::vector<Case> cases;

  for (u32 len : {60, 508, 1514})
    for (u32 batch : {1, 8, 64, 512})
      cases.push_back({"unicast-" + std::to_string(len) + "-" + std::to_string(batch), len, batch,
                       1, 0, false, false});
  for (u32 batch : {1, 8, 64, 512})
    cases.push_back({"flow-60-" + std::to_string(batch), 60, batch, 1, 0, false, true});
  cases.push_back({"drop-60-512", 60, 512, 0, 0, false, false});
  cases.push_back({"broadcast3-60-512", 60, 512, 3, 0, true, false});
  for (u32 macs : {64, 8000, 200000}) {
    std::string name = "macs" + std::to_string(macs) + "-60-512";

    cases.push_back({name, 60, 512, 1, macs, false, false});
    cases.push_back({"flow-" + name, 60, 512, 1, macs, false, true});
  }
  return cases;
}

// Buffers in one piece of large pages, as the module's chunks, each with a colour of its own
// (kmod/pool.c).
struct Region {
  Region() {
    size_t bytes = size_t{kSlots + 2} * kBufSize + (4 << 20);

    base = static_cast<u8*>(
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (base == MAP_FAILED) abort();
    base += -reinterpret_cast<uintptr_t>(base) & ((2 << 20) - 1);
    madvise(base, size_t{kSlots + 2} * kBufSize, MADV_HUGEPAGE);
    memset(base, 1, size_t{kSlots + 2} * kBufSize);
    base += (1 + turn++ * 13 % 31) * size_t{64};
    for (u32 i = 0; i < kSlots + 2; i += 1024) chunks.push_back(base + size_t{i} * kBufSize);
    bufs = {chunks.data(), 10, kBufSize, kSlots + 2, 0, 0, 0, kSlots, 0, {}};
    bufs.home = vale_chunk_of(&bufs, 2);
    for (u32 i = 0; i < kSlots; i++) slots.push_back({2 + i, 0, 0, 0});
  }

  u8* buffer(u32 slot) { return base + size_t{slot + 2} * kBufSize; }

  static inline u32 turn;
  u8* base;
  std::vector<u8*> chunks;
  std::vector<netmap_slot> slots;
  vale_bufs bufs;
};

struct Receiver {
  Receiver() : done(kSlots) { vale_lease_init(&lease, done.data(), kSlots); }

  Region region;
  std::vector<u32> done;
  vale_lease lease;
  u64 packets = 0;
};

struct Bench {
  explicit Bench(const Case& c)
      : what(c),
        table(c.macs ? std::max(64u, 1u << (32 - __builtin_clz(c.macs - 1))) : 8192),
        batch(core::make_batch()),
        receivers(c.receivers) {
    std::mt19937_64 random(7);
    u8 old;

    for (u32 i = 0; i < std::max(1u, c.macs); i++) {
      macs.push_back((random() & 0xfffffffffffc) | 2);
      if (c.receivers && !c.broadcast) vale_fdb_learn(&table.fdb, macs.back(), 1, 0, &old);
    }
    for (u32 i = 0; i < kSlots; i++) address(i, random());
    vale_fdb_learn(&table.fdb, kOwn, kSrc, 0, &old);
  }

  // New destinations for the slots from `pos` on, where the case has many.
  void readdress(std::mt19937_64& random) {
    for (u32 i = 0; i < what.batch; i++) address((pos + i) % kSlots, random());
  }

  void address(u32 slot, u64 random) {
    u8* data = from.buffer(slot);

    core::put_mac(data, what.broadcast ? 0xffffffffffff : macs[random % macs.size()]);
    core::put_mac(data + 6, kOwn);
    from.slots[slot].len = static_cast<u16>(what.len);
  }

  void deliver(Receiver& r) {
    vale_cursor c = vale_batch_begin(batch.get(), batch->ndst ? &batch->to[1] : nullptr);
    u32 packets;
    u32 k = vale_batch_fit(batch.get(), c, vale_lease_room(&r.lease, r.lease.tail), &packets);
    u32 start = vale_lease_reserve(&r.lease, k);
    vale_window w = {r.region.slots.data(), &r.region.bufs, kSlots, start, k};
    vale_copied done;

    memset(&done, 0, sizeof(done));
    vale_batch_copy(batch.get(), &c, packets, &w, &done);
    vale_lease_complete(&r.lease, start, k);
    r.packets += done.packets;
  }

  u32 copy(const vale_flow& flow, vale_stretch& s) {
    if (what.macs) return vale_flow_copy_varied(&flow, &table.fdb, &s);
    if (what.batch == 1) return vale_flow_copy_one(&flow, &s) != 0;
    return vale_flow_copy(&flow, &s);
  }

  // As kmod/vport_flow.c does it, where nobody else is.
  void follow(Receiver& r) {
    u32 left = what.batch;
    vale_flow flow;

    vale_flow_address(&flow, macs[0], kOwn);
    flow.port = 1;
    flow.varied = what.macs;
    if (!vale_flow_seems(&flow, &from.slots[pos], &from.bufs)) abort();
    while (left) {
      u32 start = r.lease.next, room = vale_lease_room(&r.lease, r.lease.tail);
      vale_stretch s = {&from.slots[pos],
                        &r.region.slots[start],
                        &from.bufs,
                        &r.region.bufs,
                        std::min({left, 64u, room, kSlots - pos, kSlots - start}),
                        0};
      u32 n = copy(flow, s);

      vale_lease_pass(&r.lease, n);
      r.packets += n;
      left -= n;
      pos = vale_ring_add(pos, n, kSlots);
    }
  }

  [[gnu::noinline]] void forward_batch() {
    if (what.flow) {
      follow(receivers[0]);
      return;
    }
    vale_batch_init(batch.get());
    pos = vale_batch_gather(batch.get(), from.slots.data(), kSlots, pos,
                            (pos + what.batch) % kSlots, &from.bufs);
    vale_batch_classify(batch.get(), &table.fdb, kSrc, 0);
    for (Receiver& r : receivers) deliver(r);
  }

  void memcpy_batch() {
    for (Receiver& r : receivers)
      for (u32 i = 0; i < what.batch; i++) {
        u32 slot = (pos + i) % kSlots;

        memcpy(r.region.buffer(slot), from.buffer(slot), what.len);
        asm volatile("" ::: "memory");
      }
    pos = (pos + what.batch) % kSlots;
  }

  static constexpr u64 kOwn = 0x020000000002;

  Case what;
  core::Table table;
  core::Batch batch;
  Region from;
  std::vector<Receiver> receivers;
  std::vector<u64> macs;
  u32 pos = 0;
};

double now() {
  return std::chrono::duration<double, std::nano>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// ns per packet, best of several runs; headers are rewritten outside the time.
template <class Step>
double best(Bench& b, Step step) {
  u32 batches = std::max(1u, 100000 / b.what.batch);
  std::mt19937_64 random(9);
  double least = 1e9;

  for (u32 run = 0; run < 20; run++) {
    double spent = 0, start = now();

    for (u32 i = 0; i < batches; i++) {
      if (b.what.macs) {
        b.readdress(random);
        start = now();
      }
      step();
      if (b.what.macs) spent += now() - start;
    }
    if (!b.what.macs) spent = now() - start;
    least = std::min(least, spent / batches / b.what.batch);
  }
  return least;
}

struct Options {
  std::string only, json;
  u32 rounds = 0;
  bool list = false;
};

Options parse(int argc, char** argv) {
  Options o;

  for (int i = 1; i < argc; i++) {
    std::string arg = argv[i];
    auto value = [&] { return ++i < argc ? std::string(argv[i]) : std::string(); };

    if (arg == "--only")
      o.only = value();
    else if (arg == "--json")
      o.json = value();
    else if (arg == "--rounds")
      o.rounds = static_cast<u32>(std::stoul(value()));
    else if (arg == "--list")
      o.list = true;
    else {
      fprintf(stderr, "usage: core_bench [--list] [--json FILE] [--only NAME] [--rounds N]\n");
      exit(2);
    }
  }
  return o;
}

void run_fixed(Bench& b, u32 rounds) {
  std::mt19937_64 random(9);

  while (rounds--) {
    if (b.what.macs) b.readdress(random);
    b.forward_batch();
  }
}

void measure(Bench& b, FILE* json) {
  double forward = best(b, [&] { b.forward_batch(); });
  double copy = best(b, [&] { b.memcpy_batch(); });

  printf("%-22s %9.2f %9.2f %9.2f\n", b.what.name.c_str(), forward, copy, 1e3 / forward);
  fflush(stdout);
  if (json)
    fprintf(json, "%s\n  {\"name\": \"%s\", \"ns\": %.3f, \"memcpy_ns\": %.3f}",
            ftell(json) > 1 ? "," : "", b.what.name.c_str(), forward, copy);
}

}  // namespace

int main(int argc, char** argv) {
  Options o = parse(argc, argv);
  FILE* json = o.json.empty() ? nullptr : fopen(o.json.c_str(), "w");

  if (json) fputs("[", json);
  if (!o.rounds && !o.list) printf("%-22s %9s %9s %9s\n", "case", "ns/pkt", "memcpy ns", "Mpps");
  for (const Case& c : make_cases()) {
    if (o.rounds ? c.name != o.only : c.name.find(o.only) == c.name.npos) continue;
    if (o.list) {
      puts(c.name.c_str());
      continue;
    }
    Bench b(c);
    if (o.rounds)
      run_fixed(b, o.rounds);
    else
      measure(b, json);
  }
  if (json) {
    fputs("\n]\n", json);
    fclose(json);
  }
  return 0;
}
