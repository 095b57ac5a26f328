// SPDX-License-Identifier: BSD-2-Clause
// ping and pong: a packet there, the same packet back with the addresses exchanged.
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "apps/common/process.hpp"
#include "apps/pkt-gen/frame.hpp"
#include "apps/pkt-gen/pace.hpp"
#include "apps/pkt-gen/source.hpp"
#include "apps/pkt-gen/worker.hpp"

namespace pkt_gen {
namespace {

using vale::netmap::Ring;

constexpr std::uint64_t kPatienceNs = 1'000'000'000;

// A slot of some TX ring, waiting for one if need be.
const Ring* writable(const Worker& worker) {
  while (!apps::stop) {
    for (const Ring& ring : worker.port->tx()) {
      if (ring.space() != 0) return &ring;
    }
    worker.port->wait(POLLOUT, 1000);
  }
  return nullptr;
}

bool put(const Ring& ring, std::span<const std::uint8_t> bytes) {
  netmap_slot& slot = ring.at(0);
  if (bytes.size() > ring.room(slot).size()) return false;
  std::copy(bytes.begin(), bytes.end(), ring.room(slot).begin());
  slot.len = static_cast<std::uint16_t>(bytes.size());
  slot.flags = 0;
  ring.advance(1);
  return true;
}

class Pinger {
 public:
  explicit Pinger(Worker& worker)
      : worker_(worker),
        source_(worker.config, worker.header, worker.index),
        pace_(worker.config.rate, apps::now_ns()) {}

  void run() {
    worker_.started_ns = apps::now_ns();
    for (std::uint32_t i = 0; !apps::stop && (worker_.count == 0 || i < worker_.count); i++) {
      pace_.allowance(i, 1);
      if (!send_one()) return;
      await(i);
      worker_.ended_ns = apps::now_ns();
      if (worker_.ended_ns >= next_report_) report();
    }
  }

 private:
  struct Interval {
    std::uint64_t count = 0, total = 0, min = ~0ULL;
  };

  // Of the pings since the last one.
  void report() {
    if (interval_.count != 0) {
      fmt::print("count {} RTT: min {} av {} ns\n", interval_.count, interval_.min,
                 interval_.total / interval_.count);
      std::fflush(stdout);
    }
    interval_ = {};
    next_report_ += every_;
  }

  bool send_one() {
    const Ring* ring = writable(worker_);
    if (ring == nullptr) return false;
    const auto bytes = source_.next();
    if (!put(*ring, bytes)) throw std::runtime_error("-l: a ping must fit into one buffer");
    worker_.port->txsync();
    worker_.counters.add(1, bytes.size());
    return true;
  }

  void await(std::uint32_t sequence) {
    const std::uint64_t until = apps::now_ns() + kPatienceNs;
    for (std::uint64_t now = apps::now_ns(); !apps::stop && now < until; now = apps::now_ns()) {
      worker_.port->wait(POLLIN, static_cast<int>((until - now) / 1'000'000 + 1));
      if (look_for(sequence)) return;
    }
    worker_.lost++;
  }

  bool look_for(std::uint32_t sequence) {
    bool found = false;
    for (const Ring& ring : worker_.port->rx()) {
      for (; !ring.empty(); ring.advance(1)) {
        const auto bytes = ring.packet(ring.at(0));
        if (bytes.size() < worker_.header) continue;
        const auto stamp = find_stamp(bytes.subspan(worker_.header));
        if (!stamp || stamp->sequence != sequence) continue;
        const std::uint64_t rtt = apps::now_ns() - stamp->time;
        worker_.latency.add(rtt);
        interval_.count++;
        interval_.total += rtt;
        interval_.min = std::min(interval_.min, rtt);
        found = true;
      }
    }
    return found;
  }

  Worker& worker_;
  PacketSource source_;
  Pace pace_;
  Interval interval_;
  const std::uint64_t every_{std::uint64_t{worker_.config.report_ms} * 1'000'000};
  std::uint64_t next_report_ = apps::now_ns() + every_;
};

class Ponger {
 public:
  explicit Ponger(Worker& worker)
      : worker_(worker), mac_(MacRange::unpack(worker.config.flows.src_mac.first)) {}

  void run() {
    while (!apps::stop && (worker_.count == 0 || worker_.counters.packets() < worker_.count)) {
      const short events = worker_.port->wait(POLLIN, 1000);
      if ((events & POLLERR) != 0) throw std::runtime_error("the port reports an error");
      if (events == 0) continue;
      if (worker_.started_ns == 0) worker_.started_ns = apps::now_ns();
      for (const Ring& ring : worker_.port->rx()) answer_all(ring);
      worker_.port->txsync();
      worker_.ended_ns = apps::now_ns();
    }
  }

 private:
  void answer_all(const Ring& ring) {
    for (; !ring.empty(); ring.advance(1)) {
      const auto bytes = ring.packet(ring.at(0));
      const Ring* to = writable(worker_);
      if (to == nullptr || bytes.size() < worker_.header + 14) continue;
      turn_round(bytes.subspan(worker_.header));
      if (put(*to, bytes)) worker_.counters.add(1, bytes.size());
    }
  }

  // The checksums stay right: they do not care for order. A broadcast cannot be a source.
  void turn_round(std::span<std::uint8_t> frame) const {
    std::copy_n(frame.begin() + 6, 6, frame.begin());
    std::copy(mac_.begin(), mac_.end(), frame.begin() + 6);
    const bool v6 = frame[12] == 0x86 && frame[13] == 0xdd;
    const std::size_t addresses = v6 ? 22 : 26, each = v6 ? 16 : 4, ports = v6 ? 54 : 34;
    if ((!v6 && (frame[12] != 8 || frame[13] != 0)) || frame.size() < ports + 4) return;
    std::swap_ranges(&frame[addresses], &frame[addresses + each], &frame[addresses + each]);
    std::swap_ranges(&frame[ports], &frame[ports + 2], &frame[ports + 2]);
  }

  Worker& worker_;
  vale::MacAddress mac_;
};

}  // namespace

void ping(Worker& worker) {
  Pinger(worker).run();
}

void pong(Worker& worker) {
  Ponger(worker).run();
}

}  // namespace pkt_gen
