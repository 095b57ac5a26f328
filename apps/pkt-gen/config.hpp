// SPDX-License-Identifier: BSD-2-Clause
// The command line of pkt-gen. It is getopt's and not CLI11's: scripts rely on -p and -P, -n and -N
// meaning different things, on -l given twice, and on values glued to their letter.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/pkt-gen/flows.hpp"
#include "lib/netmap_port.hpp"

namespace pkt_gen {

enum class Function { kTx, kRx, kPing, kPong, kTxSeq, kRxSeq };

/// The bits of -o, which also have letters of their own.
enum Option : unsigned {
  kPrefetch = 1,
  kAccess = 2,
  kCopy = 4,
  kMemcpy = 8,
  kTimestamp = 16,
  kIndirect = 32,
  kDump = 64,
  kRubbish = 256,
  kRandomSrc = 512,
  kRandomDst = 1024,
  kStats = 2048,
  kUpdateCsum = 4096,
};

struct Config {
  std::string interface;
  Function function = Function::kRx;
  std::uint64_t count = 0;  // 0: for ever
  std::uint32_t size = 60, max_size = 60;
  std::uint32_t burst = 512;
  bool v6 = false;
  FlowWalk::Ranges flows;
  bool src_mac_given = false;
  int affinity = -1;
  int cpus = 1;
  std::uint32_t threads = 1;
  std::uint32_t report_ms = 1000;
  double wait = 2;
  double rate = 0;  // packets a second, 0: as many as go
  int header = -1;  // virtio-net header, -1: whatever the port has
  std::string pcap;
  std::uint32_t frags = 1, frag_size = 0;
  unsigned options = kCopy;
  bool exit_if_empty = false;
  bool plain_numbers = false;
  bool count_framing = false;  // preamble, CRC and gap in bits per second
  bool verbose = false;
  vale::netmap::PortOptions port;

  [[nodiscard]] bool has(Option option) const { return (options & option) != 0; }
  [[nodiscard]] bool sends() const {
    return function == Function::kTx || function == Function::kTxSeq;
  }
  [[nodiscard]] bool stamps() const {
    return function != Function::kTx && function != Function::kRx;
  }
};

/// Throws apps::UsageError. Nothing if help was asked for and has been printed.
bool parse_arguments(int argc, char** argv, Config& config);

}  // namespace pkt_gen
