// SPDX-License-Identifier: BSD-2-Clause
// Ports in plain memory and a hub between them, to run the programs' code without the module.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "nm.h"

class FakePort {
 public:
  FakePort(uint32_t rings, uint32_t slots, uint32_t buf_size = 2048);
  FakePort(const FakePort&) = delete;
  FakePort& operator=(const FakePort&) = delete;
  ~FakePort();

  nm_port& port() { return port_; }
  netmap_ring& tx(uint32_t i = 0) { return *port_.tx[i]; }
  netmap_ring& rx(uint32_t i = 0) { return *port_.rx[i]; }

  // Kernel's side of an RX ring: how much it may fill, and up to where it has.
  uint32_t room(uint32_t i) const;
  void deliver(uint32_t i, const netmap_slot& slot, const char* bytes, uint32_t frags);

  std::vector<uint32_t> sent;  // TX slots taken so far, by ring

 private:
  void make_ring(uint32_t index, bool tx, uint32_t slots, uint32_t buf_size, uint32_t first_buf);

  size_t ring_size_;
  size_t if_size_;
  std::vector<uint32_t> released_;  // RX slots given back, by ring, as of the last sync
  nm_port port_{};

  friend class FakeSwitch;
};

// Hands every frame to every other port; full rings drop, as VALE does. Time is the switch's own: a
// call takes kCallUs, and when every port's thread sleeps the clock moves to the first of their
// deadlines. So a time-out means the same on a machine that is busy with other things.
class FakeSwitch {
 public:
  explicit FakeSwitch(std::vector<FakePort*> ports)
      : ports_(std::move(ports)), threads_(ports_.size()) {}

  // May change a frame, or lose it by returning false.
  std::function<bool(std::vector<char>& bytes)> tamper;

  void txsync(nm_port& port);
  bool rxsync(nm_port& port);  // is there something to read?
  bool wait_readable(nm_port& port, int timeout_ms);
  void leave();  // the thread of one port will not call again
  uint64_t now_ms();

 private:
  static constexpr uint64_t kCallUs = 100;

  FakePort& find(nm_port& port);
  void forward(FakePort& from, netmap_ring& ring, uint32_t first, uint32_t slots);
  void sync_tx_locked(FakePort& from);
  bool sync_rx_locked(FakePort& at);
  void wake_all_locked();
  bool skip_time_locked();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<FakePort*> ports_;
  size_t threads_;                             // that may call
  std::map<const nm_port*, uint64_t> asleep_;  // and until when they sleep
  uint64_t now_us_ = 0;
};

// Where nm_poll and the syncs of this test program go.
extern FakeSwitch* fake_switch;
