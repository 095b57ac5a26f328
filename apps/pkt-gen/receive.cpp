// SPDX-License-Identifier: BSD-2-Clause
// rx and rxseq.
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <stdexcept>

#include "apps/common/process.hpp"
#include "apps/pkt-gen/frame.hpp"
#include "apps/pkt-gen/worker.hpp"

namespace pkt_gen {
namespace {

using vale::netmap::Ring;

class Receiver {
 public:
  explicit Receiver(Worker& worker) : worker_(worker), config_(worker.config) {}

  void run() {
    if (config_.exit_if_empty && !worker_.port->wait(POLLIN, 0)) return;
    std::uint64_t last = apps::now_ns();
    while (!apps::stop && !enough()) {
      const short events = worker_.port->wait(POLLIN, kSliceMs);
      if ((events & POLLERR) != 0) throw std::runtime_error("the port reports an error");
      if (events != 0) {
        take_all();
        last = worker_.ended_ns;
      } else if (silent_since(last)) {
        return;
      }
    }
    // told to end: what has come until now counts
    if (!apps::stop || !worker_.port->rxsync()) return;
    while (any()) take_all();
  }

 private:
  static constexpr int kSliceMs = 200;  // so that stop is noticed

  // With a count given, silence after the first packet is the end.
  [[nodiscard]] bool silent_since(std::uint64_t last) const {
    const std::uint64_t limit_ms = std::max<std::uint64_t>(1000, config_.report_ms);
    return worker_.count != 0 && worker_.started_ns != 0 &&
           apps::now_ns() - last > limit_ms * 1'000'000;
  }

  [[nodiscard]] bool enough() const {
    return worker_.count != 0 && worker_.counters.packets() >= worker_.count;
  }

  [[nodiscard]] bool any() const {
    const auto& rings = worker_.port->rx();
    return std::any_of(rings.begin(), rings.end(), [](const Ring& ring) { return !ring.empty(); });
  }

  void take_all() {
    if (worker_.started_ns == 0 && any()) worker_.started_ns = apps::now_ns();
    for (const Ring& ring : worker_.port->rx()) {
      worker_.counters.saw_space(ring.space());
      if (!ring.empty()) take(ring);
    }
    worker_.ended_ns = apps::now_ns();
  }

  void take(const Ring& ring) {
    std::uint64_t packets = 0, bytes = 0;
    while (!ring.empty() && packets < config_.burst) {
      const auto slots = ring.ready(config_.burst);
      for (const netmap_slot& slot : slots) {
        bytes += slot.len;
        if ((slot.flags & NS_MOREFRAG) == 0) packets++;
        look(ring, slot);
      }
      ring.advance(static_cast<std::uint32_t>(slots.size()));
    }
    worker_.counters.add(packets, bytes);
  }

  void look(const Ring& ring, const netmap_slot& slot) {
    if (config_.has(kDump)) dump(ring.packet(slot));
    if (config_.has(kAccess)) touched_ = touched_ + ring.packet(slot).front();
    if (config_.has(kPrefetch)) __builtin_prefetch(ring.packet(slot).data());
    if (config_.function == Function::kRxSeq) check_sequence(ring, slot);
  }

  // Only the first slot of a packet has a stamp.
  void check_sequence(const Ring& ring, const netmap_slot& slot) {
    const bool first = !inside_;
    inside_ = (slot.flags & NS_MOREFRAG) != 0;
    if (!first || slot.len < worker_.header) return;
    const auto stamp = find_stamp(ring.packet(slot).subspan(worker_.header));
    if (!stamp) return;
    if (seen_ && stamp->sequence != expected_) {
      worker_.sequence_errors++;
      RD(5, "sequence error: expected %u, got %u", expected_, stamp->sequence);
    }
    seen_ = true;
    expected_ = stamp->sequence + 1;
  }

  Worker& worker_;
  const Config& config_;
  volatile std::uint32_t touched_ = 0;
  bool inside_ = false, seen_ = false;
  std::uint32_t expected_ = 0;
};

}  // namespace

void receive_packets(Worker& worker) {
  Receiver(worker).run();
}

}  // namespace pkt_gen
