// SPDX-License-Identifier: BSD-2-Clause
// A port whose memory nobody else may write: filled with a pattern, compared later.
#pragma once

#include "nm.h"

struct guard {
  struct nm_port port;
  struct netmap_ring ring;  // as it was
};

void guard_open(const char* bridge, struct guard* guard);
// False, with a message, if a byte has changed.
bool guard_is_intact(const struct guard* guard);
