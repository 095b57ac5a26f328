// SPDX-License-Identifier: BSD-2-Clause
// kmod/core/abi.c for programs in C++20, and the types besides.
#include <net/if.h>
#include <net/netmap.h>
#include <net/netmap_user.h>
#include <net/netmap_virt.h>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace {

// A row names its owner without "struct", its type as C writes it.
template <class Field, class Type>
constexpr bool same_type = std::is_same_v<Field, Type>;

// Programs ask #ifdef: what the facts call a macro must not become an enumerator.
constexpr bool is_macro(std::string_view name, std::string_view expanded) {
  return name != expanded;
}

}  // namespace

#define EXPANDED_(...) #__VA_ARGS__
#define EXPANDED(...) EXPANDED_(__VA_ARGS__)

#define ABI_STRUCT(name, size, align)      \
  static_assert(sizeof(name) == (size));   \
  static_assert(alignof(name) == (align)); \
  static_assert(std::is_standard_layout_v<name>);
#define ABI_FIELD(owner, field, offset, size, type)  \
  static_assert(offsetof(owner, field) == (offset)); \
  static_assert(sizeof(owner::field) == (size));     \
  static_assert(same_type<decltype(owner::field), type>);
#define ABI_FLEX(owner, field, offset, type)         \
  static_assert(offsetof(owner, field) == (offset)); \
  static_assert(same_type<decltype(owner::field), type>);
#define ABI_FLEX_ANON(owner, field, offset) static_assert(offsetof(owner, field) == (offset));
#define ABI_MACRO(name, number)      \
  static_assert((name) == (number)); \
  static_assert(is_macro(#name, EXPANDED(name)));
#define ABI_ENUM(name, number)       \
  static_assert((name) == (number)); \
  static_assert(std::is_enum_v<decltype(name)>);
#define ABI_STRING(name, text) static_assert(std::string_view(name) == (text));
#define ABI_IOCTL(name, number, dir, type, nr, size) \
  static_assert((name) == (number));                 \
  static_assert(_IOC_DIR(name) == (dir));            \
  static_assert(_IOC_TYPE(name) == (type));          \
  static_assert(_IOC_NR(name) == (nr));              \
  static_assert(_IOC_SIZE(name) == (size));
#define ABI_FNMACRO(name)                                                      \
  static_assert([] {                                                           \
    const netmap_slot slot{.buf_idx = 0, .len = 0, .flags = 0x4221, .ptr = 0}; \
    return name(&slot);                                                        \
  }() == 0x42);
#define ABI_ROWS(count)
#include "abi_table.h"

#include "abi_count.h"
static_assert(abi_rows_seen == abi_rows_promised);

int main() {
  return 0;
}
