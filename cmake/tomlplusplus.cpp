// SPDX-License-Identifier: BSD-2-Clause
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
