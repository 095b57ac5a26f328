// SPDX-License-Identifier: BSD-2-Clause
// toml++ 3.3 asserts in parse_key(), or lets the compiler assume, what "[%]" does not keep, and
// then has an error for just that. So neither: without NDEBUG nothing is assumed, and an assertion
// does nothing.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
