// SPDX-License-Identifier: BSD-2-Clause
// Clients that valed must outlive: each kind connects, does its worst for a moment, and does so
// again until told to stop.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>

namespace vlload {

/// How many kinds there are; their names are in misbehaviour.cpp.
std::size_t misbehaviours();
/// Does the worst of kind @p kind (modulo misbehaviours()) at the socket @p path until @p done.
/// Returns how often it connected.
std::size_t misbehave(const std::string& path, std::size_t kind, const std::atomic<bool>& done);

}  // namespace vlload
