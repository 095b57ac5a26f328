// SPDX-License-Identifier: BSD-2-Clause
#include "facts.hpp"

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "table.hpp"

namespace matrix {

namespace {

int failures;

uint64_t number(const void* base, const abi::Row& row) {
  uint64_t value = 0;
  memcpy(&value, static_cast<const char*>(base) + row.offset, row.size);
  return value;
}

}  // namespace

void fact(const char* format, ...) {
  va_list args;
  va_start(args, format);
  vprintf(format, args);
  va_end(args);
  putchar('\n');
}

void must(bool holds, const std::string& what) {
  if (holds) return;
  failures++;
  printf("WRONG: %s\n", what.c_str());
}

int wrong() {
  return failures;
}

void fields(const char* what, const char* owner, const void* base) {
  for (const abi::Row& row : abi::kRows) {
    if (std::string_view(row.owner) != owner || row.size > sizeof(uint64_t)) continue;
    fact("%s: %s = %llu", what, row.name, static_cast<unsigned long long>(number(base, row)));
  }
}

void give_up(const std::string& what) {
  printf("WRONG: %s: %s\n", what.c_str(), strerror(errno));
  exit(1);
}

}  // namespace matrix
