// SPDX-License-Identifier: BSD-2-Clause
// Frames whose every byte is known, sent and looked at.
#pragma once

#include <cstdint>

#include "port.hpp"

namespace matrix {

// The sixth byte of a MAC address; the broadcast address.
inline constexpr uint8_t kEverybody = 0xff;

// Sends frames first, first + 1, ... of differing lengths, and syncs once.
void send(const Port& port, uint8_t to, uint8_t from, uint32_t first, uint32_t count);

// Syncs once and expects exactly these, whole and in order.
void expect(const Port& port, uint8_t to, uint8_t from, uint32_t first, uint32_t count);

// One frame of several slots; and the same at the other end.
void send_fragments(const Port& port, uint32_t slots);
void expect_fragments(const Port& port, uint32_t slots);

void sync_tx(const Port& port);
void sync_rx(const Port& port);

}  // namespace matrix
