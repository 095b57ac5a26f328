// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace vlload {

/// What calls of one client took, and what went wrong with it.
struct Record {
  std::vector<std::chrono::nanoseconds> calls;
  std::string error;
};

/// One JSON object: clients, calls, errors, p50_us, p99_us, max_us, and the first error.
std::string summary(std::vector<Record> records);

}  // namespace vlload
