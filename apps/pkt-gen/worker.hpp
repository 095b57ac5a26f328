// SPDX-License-Identifier: BSD-2-Clause
// A thread of pkt-gen: its port, its share of the packets, its counters.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <thread>

#include "apps/pkt-gen/config.hpp"
#include "apps/pkt-gen/latency.hpp"
#include "lib/netmap_port.hpp"

namespace pkt_gen {

/// Written by one thread, read by the one that reports.
class Counters {
 public:
  void add(std::uint64_t packets, std::uint64_t bytes) {
    bump(packets_, packets);
    bump(bytes_, bytes);
    bump(events_, packets != 0 ? 1 : 0);
  }
  void saw_space(std::uint32_t space) {
    if (space < min_space_.load(std::memory_order_relaxed))
      min_space_.store(space, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t packets() const { return packets_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t events() const { return events_.load(std::memory_order_relaxed); }
  /// Since it was asked last.
  std::uint32_t take_min_space() { return min_space_.exchange(kNone, std::memory_order_relaxed); }

  static constexpr std::uint32_t kNone = 99999;

 private:
  static void bump(std::atomic<std::uint64_t>& counter, std::uint64_t n) {
    counter.store(counter.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  std::atomic<std::uint64_t> packets_{0}, bytes_{0}, events_{0};
  std::atomic<std::uint32_t> min_space_{kNone};
};

struct Worker {
  Worker(const Config& the_config, std::uint32_t the_index)
      : config(the_config), index(the_index) {}

  const Config& config;
  std::uint32_t index;
  std::optional<vale::netmap::Port> port;  // none for taps, pcap devices and null
  std::uint32_t header = 0;                // virtio-net header of the port
  std::uint64_t count = 0;                 // this thread's share, 0: for ever

  Counters counters;
  std::uint64_t started_ns = 0, ended_ns = 0;  // of the traffic
  std::uint64_t sequence_errors = 0;
  std::uint64_t lost = 0;  // pings without an answer
  LatencyHistogram latency;
  std::string error;
  std::atomic<bool> done{false};
};

/// Each runs to its end, or until apps::stop.
void send_packets(Worker& worker);
void receive_packets(Worker& worker);
void ping(Worker& worker);
void pong(Worker& worker);
/// tx and rx on something else than netmap: tap:NAME, pcap:NAME, null.
void use_plain_device(Worker& worker);
bool is_plain_device(const std::string& name);

/// Hex and text, sixteen bytes a line.
void dump(std::span<const std::uint8_t> bytes);

}  // namespace pkt_gen
