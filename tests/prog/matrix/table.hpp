// SPDX-License-Identifier: BSD-2-Clause
// The ABI as numbers: every row of the table (tests/abi/netmap-abi.tsv) as a constant, and no
// netmap header. A field is a type that knows its place: abi::netmap_ring::head.get(ring).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace abi {

template <size_t Size>
using Unsigned = std::conditional_t<
    Size == 1, uint8_t,
    std::conditional_t<Size == 2, uint16_t, std::conditional_t<Size == 4, uint32_t, uint64_t>>>;

// Rings change while they are looked at, so a field is read and written once, in order.
template <size_t Offset, size_t Size>
struct Field {
  using Value = Unsigned<Size>;
  static constexpr size_t size = Size;

  static Value get(const void* base) {
    static_assert(Size <= 8);
    return __atomic_load_n(static_cast<const Value*>(at(base)), __ATOMIC_ACQUIRE);
  }
  static void set(void* base, Value value) {
    static_assert(Size <= 8);
    __atomic_store_n(static_cast<Value*>(at(base)), value, __ATOMIC_RELEASE);
  }
  static void* at(void* base) { return static_cast<char*>(base) + Offset; }
  static const void* at(const void* base) { return static_cast<const char*>(base) + Offset; }
};

// The same once more, for going through all fields of a structure.
struct Row {
  const char* owner;
  const char* name;
  size_t offset;
  size_t size;
};

}  // namespace abi

#define ABI_STRUCT(name, size, align)   \
  namespace abi::name {                 \
  inline constexpr size_t bytes = size; \
  }
#define ABI_FIELD(owner, field, offset, size, type) \
  namespace abi::owner {                            \
  inline constexpr Field<offset, size> field;       \
  }
#define ABI_FLEX(owner, field, offset, type) \
  namespace abi::owner {                     \
  inline constexpr size_t field = offset;    \
  }
#define ABI_FLEX_ANON(owner, field, offset)
#define ABI_MACRO(name, number)            \
  namespace abi {                          \
  inline constexpr uint32_t name = number; \
  }
#define ABI_ENUM(name, number) ABI_MACRO(name, number)
#define ABI_STRING(name, text)              \
  namespace abi {                           \
  inline constexpr const char* name = text; \
  }
#define ABI_IOCTL(name, number, dir, type, nr, size)
#define ABI_FNMACRO(name)
#define ABI_ROWS(count)
#include "abi_rows.h"

#undef ABI_STRUCT
#undef ABI_FIELD
#undef ABI_FLEX
#undef ABI_MACRO
#undef ABI_ENUM
#undef ABI_STRING
#define ABI_STRUCT(...)
#define ABI_FIELD(owner, field, offset, size, type) {#owner, #field, offset, size},
#define ABI_FLEX(...)
#define ABI_MACRO(...)
#define ABI_ENUM(...)
#define ABI_STRING(...)

namespace abi {
inline constexpr Row kRows[] = {
#include "abi_rows.h"
};
}  // namespace abi
