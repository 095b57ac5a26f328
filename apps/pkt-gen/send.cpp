// SPDX-License-Identifier: BSD-2-Clause
// tx and txseq.
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include "apps/common/process.hpp"
#include "apps/pkt-gen/pace.hpp"
#include "apps/pkt-gen/source.hpp"
#include "apps/pkt-gen/worker.hpp"

namespace pkt_gen {
namespace {

using vale::netmap::Ring;

class Sender {
 public:
  explicit Sender(Worker& worker)
      : worker_(worker),
        config_(worker.config),
        source_(config_, worker.header, worker.index),
        start_(apps::now_ns()),
        pace_(config_.rate / config_.threads, start_) {
    if (config_.has(kIndirect)) stored_.resize(config_.burst);
  }

  void run() {
    while (!apps::stop && left() != 0) {
      const auto burst = static_cast<std::uint32_t>(std::min<std::uint64_t>(left(), config_.burst));
      send_some(pace_.allowance(sent_, burst));
    }
    flush();
  }

 private:
  struct Filled {
    std::uint32_t packets;
    std::uint64_t bytes;
  };

  [[nodiscard]] std::uint64_t left() const {
    return worker_.count == 0 ? ~0ULL : worker_.count - sent_;
  }

  void send_some(std::uint32_t want) {
    if (!ready()) return;
    for (const Ring& ring : worker_.port->tx()) {
      worker_.counters.saw_space(ring.space());
      want -= fill(ring, want);
      if (want == 0) break;
    }
    if (!worker_.port->txsync()) throw std::runtime_error("the port is gone");
  }

  // poll(2) only when no ring has room: otherwise it would cost a system call a burst.
  bool ready() {
    for (const Ring& ring : worker_.port->tx()) {
      if (ring.space() != 0) return true;
    }
    const short events = worker_.port->wait(POLLOUT, 1000);
    if ((events & POLLERR) != 0) throw std::runtime_error("the port reports an error");
    return (events & POLLOUT) != 0;
  }

  std::uint32_t fill(const Ring& ring, std::uint32_t want) {
    const Filled filled = are_alike(ring) ? fill_alike(ring, want) : fill_each(ring, want);
    sent_ += filled.packets;
    worker_.counters.add(filled.packets, filled.bytes);
    return filled.packets;
  }

  // The same packet in one slot after the other, which is what senders are measured with.
  bool are_alike(const Ring& ring) {
    return source_.constant() && config_.frags == 1 && config_.frag_size == 0 &&
           !config_.has(kIndirect) && source_.next().size() <= ring.room(ring.at(0)).size();
  }

  Filled fill_alike(const Ring& ring, std::uint32_t want) {
    const auto packet = source_.next();
    std::uint32_t packets = 0;
    for (auto slots = ring.ready(want); !slots.empty(); slots = ring.ready(want - packets)) {
      for (netmap_slot& slot : slots) {
        write(ring, slot, packet);
        slot.flags = 0;
      }
      packets += static_cast<std::uint32_t>(slots.size());
      if (packets == config_.burst) slots.back().flags = NS_REPORT;
      ring.advance(static_cast<std::uint32_t>(slots.size()));
    }
    return {packets, packets * packet.size()};
  }

  Filled fill_each(const Ring& ring, std::uint32_t want) {
    Filled filled{};
    while (filled.packets < want) {
      if (!next_) next_ = source_.next();
      if (put(ring, *next_, filled.packets) == 0) break;
      next_.reset();
      filled.bytes += last_size_;
      filled.packets++;
    }
    return filled;
  }

  // Fragments are as equal as they can be, or as long as -M says.
  std::uint32_t fragments(std::size_t size, std::size_t room) const {
    std::size_t each = (size + config_.frags - 1) / config_.frags;
    if (config_.frag_size != 0) each = config_.frag_size;
    return static_cast<std::uint32_t>(std::min(each, room));
  }

  std::uint32_t put(const Ring& ring, std::span<const std::uint8_t> packet, std::uint32_t nth) {
    const std::uint32_t each = fragments(packet.size(), ring.room(ring.at(0)).size());
    const auto need = static_cast<std::uint32_t>((packet.size() + each - 1) / each);
    if (need >= ring.slots()) throw std::runtime_error("a packet is longer than the ring");
    if (need > ring.space()) {
      return 0;
    }
    if (config_.has(kIndirect)) {
      stored_[nth].assign(packet.begin(), packet.end());
      packet = stored_[nth];
    }
    last_size_ = packet.size();
    for (std::uint32_t i = 0; i < need; i++) {
      const auto part = packet.first(std::min<std::size_t>(each, packet.size()));
      write(ring, ring.at(i), part);
      ring.at(i).flags = flags(i + 1 < need, nth);
      packet = packet.subspan(part.size());
    }
    ring.advance(need);
    return need;
  }

  void write(const Ring& ring, netmap_slot& slot, std::span<const std::uint8_t> part) const {
    slot.len = static_cast<std::uint16_t>(part.size());
    if (config_.has(kIndirect)) {
      slot.ptr = reinterpret_cast<std::uintptr_t>(part.data());
    } else if (!config_.has(kRubbish)) {
      std::uint8_t* to = ring.room(slot).data();
      if (config_.has(kMemcpy)) {
        std::memcpy(to, part.data(), part.size());
      } else {
        nm_pkt_copy(part.data(), to, part.size());
      }
    }
    if (config_.has(kDump)) dump(ring.packet(slot));
  }

  std::uint16_t flags(bool more, std::uint32_t nth) const {
    unsigned flags = more ? NS_MOREFRAG : 0;
    if (config_.has(kIndirect)) flags |= NS_INDIRECT;
    if (nth + 1 == config_.burst) flags |= NS_REPORT;
    return static_cast<std::uint16_t>(flags);
  }

  // Everything shall have left before the port is closed. A pipe whose reader is gone never gets
  // there: nothing moving for a second is the end, too.
  void flush() {
    constexpr std::uint64_t kStepNs = 1'000'000, kPatienceNs = 1'000'000'000;
    std::uint64_t moved_at = apps::now_ns();
    std::uint32_t before = held();
    while (!apps::stop && worker_.port->tx_pending() && apps::now_ns() - moved_at < kPatienceNs) {
      if (!worker_.port->txsync()) break;
      const std::uint32_t now = held();
      if (now < before) moved_at = apps::now_ns();
      before = now;
      if (now != 0) apps::sleep_until_ns(apps::now_ns() + kStepNs);
    }
    worker_.started_ns = start_;
    worker_.ended_ns = before != 0 ? moved_at : apps::now_ns();
    if (before != 0) fmt::print("{} slots have not left the port\n", before);
  }

  // Slots the kernel has not given back yet.
  [[nodiscard]] std::uint32_t held() const {
    std::uint32_t slots = 0;
    for (const Ring& ring : worker_.port->tx()) slots += ring.slots() - 1 - ring.space();
    return slots;
  }

  Worker& worker_;
  const Config& config_;
  PacketSource source_;
  std::optional<std::span<const std::uint8_t>> next_;  // has found no room yet
  std::uint64_t start_;
  Pace pace_;
  std::uint64_t sent_ = 0;
  std::size_t last_size_ = 0;
  std::vector<std::vector<std::uint8_t>> stored_;  // bytes of indirect packets until they are sent
};

}  // namespace

void send_packets(Worker& worker) {
  Sender(worker).run();
}

void dump(std::span<const std::uint8_t> bytes) {
  fmt::print("len {}\n", bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += 16) {
    const auto line = bytes.subspan(at, std::min<std::size_t>(16, bytes.size() - at));
    std::string text;
    fmt::print("{:5}:", at);
    for (const std::uint8_t byte : line) {
      fmt::print(" {:02x}", byte);
      text.push_back(byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.');
    }
    fmt::print("{:{}} |{}|\n", "", 3 * (16 - line.size()), text);
  }
}

}  // namespace pkt_gen
