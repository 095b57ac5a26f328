// SPDX-License-Identifier: BSD-2-Clause
// What abi-matrix prints: facts that are the same on every kernel, one a line, and what is wrong.
#pragma once

#include <string>

namespace matrix {

void fact(const char* format, ...) __attribute__((format(printf, 1, 2)));

// Prints and counts it if it does not hold.
void must(bool holds, const std::string& what);
int wrong();

// All numbers of a structure, by the table.
void fields(const char* what, const char* owner, const void* base);

// For what the rest cannot do without; errno is told.
[[noreturn]] void give_up(const std::string& what);

}  // namespace matrix
