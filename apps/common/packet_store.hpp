// SPDX-License-Identifier: BSD-2-Clause
// Memory for packets that wait. It grows as more of them do, and is given back at the end only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace apps {

class PacketStore {
 public:
  /// @p huge_pages: of 2 MiB, reserved ones if there are any, else transparent ones.
  explicit PacketStore(bool huge_pages = false) : huge_pages_(huge_pages) {}
  PacketStore(const PacketStore&) = delete;
  PacketStore& operator=(const PacketStore&) = delete;
  ~PacketStore();

  /// Room for @p size bytes; std::bad_alloc if there is none.
  std::span<std::uint8_t> take(std::size_t size);
  void give(std::span<std::uint8_t> packet);

  [[nodiscard]] std::size_t mapped() const;

 private:
  static constexpr std::size_t kSmallest = 8;  // as a power of two
  static constexpr std::size_t kChunk = std::size_t{2} << 20;

  static std::size_t size_class(std::size_t size);
  void add_chunk(std::size_t size_class);

  const bool huge_pages_;
  std::array<std::vector<std::uint8_t*>, 32> free_;  // by size class
  std::vector<std::span<std::uint8_t>> chunks_;
};

}  // namespace apps
