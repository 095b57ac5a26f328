// SPDX-License-Identifier: BSD-2-Clause
// The core's headers for C++, and what tests of all kinds need around them.
#pragma once

#include <cstring>
#include <memory>
#include <vector>

extern "C" {
#include "fdb.h"
#include "flow_one.h"
#include "fwd.h"
#include "layout.h"
#include "lease.h"
#include "name.h"
#include "req.h"
#include "ring.h"
}

namespace core {

// A table with its memory, zeroed and aligned to cache lines.
struct Table {
  explicit Table(u32 entries)
      : memory(static_cast<u8*>(aligned_alloc(64, vale_fdb_bytes(entries))), &free) {
    static const u64 key[2] = {0x9d3c5a71e8b2f640, 0xc2b2ae3d27d4eb4f};

    memset(memory.get(), 0, vale_fdb_bytes(entries));
    vale_fdb_init(&fdb, memory.get(), entries, key);
  }

  std::unique_ptr<u8, decltype(&free)> memory;
  vale_fdb fdb;
};

// A region's buffers: chunks of 1 << shift, the reserved two included.
struct Buffers {
  Buffers(u32 total, u32 size, u32 shift) : memory(size_t{total + (1u << shift)} * size) {
    for (u32 i = 0; i < total; i += 1u << shift) chunks.push_back(memory.data() + size_t{i} * size);
    bufs = {chunks.data(), shift, size, total, 0, 0, 0, 0, 0, {}};
  }

  u8* at(u32 idx) { return vale_buf(&bufs, idx); }

  std::vector<u8> memory;
  std::vector<u8*> chunks;
  vale_bufs bufs;
};

using Batch = std::unique_ptr<vale_batch>;

inline Batch make_batch() {
  auto batch = std::make_unique<vale_batch>();  // zeroed, as the core wants it

  vale_batch_init(batch.get());
  return batch;
}

inline void put_mac(u8* to, u64 mac) {
  for (int i = 0; i < 6; i++) to[i] = static_cast<u8>(mac >> 8 * i);
}

}  // namespace core
