// SPDX-License-Identifier: BSD-2-Clause
#include "apps/common/packet_store.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <new>
#include <numeric>

namespace apps {
namespace {

void* map(std::size_t size, int flags) {
  return ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

}  // namespace

PacketStore::~PacketStore() {
  for (const auto chunk : chunks_) ::munmap(chunk.data(), chunk.size());
}

std::size_t PacketStore::size_class(std::size_t size) {
  return std::max<std::size_t>(kSmallest, static_cast<std::size_t>(std::bit_width(size)));
}

std::span<std::uint8_t> PacketStore::take(std::size_t size) {
  const std::size_t wanted = size_class(size);
  if (wanted >= free_.size()) throw std::bad_alloc();
  auto& list = free_[wanted];
  if (list.empty()) add_chunk(wanted);
  std::uint8_t* const packet = list.back();
  list.pop_back();
  return {packet, size};
}

void PacketStore::give(std::span<std::uint8_t> packet) {
  free_[size_class(packet.size())].push_back(packet.data());
}

void PacketStore::add_chunk(std::size_t size_class) {
  const std::size_t size = std::size_t{1} << size_class, total = std::max(kChunk, size);
  void* memory = huge_pages_ ? map(total, MAP_HUGETLB) : MAP_FAILED;
  if (memory == MAP_FAILED) {
    memory = map(total, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    if (huge_pages_) ::madvise(memory, total, MADV_HUGEPAGE);
  }
  chunks_.emplace_back(static_cast<std::uint8_t*>(memory), total);
  for (std::size_t at = total; at >= size; at -= size)
    free_[size_class].push_back(chunks_.back().data() + at - size);
}

std::size_t PacketStore::mapped() const {
  return std::accumulate(chunks_.begin(), chunks_.end(), std::size_t{0},
                         [](std::size_t sum, const auto& chunk) { return sum + chunk.size(); });
}

}  // namespace apps
