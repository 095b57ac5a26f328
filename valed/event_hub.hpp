// SPDX-License-Identifier: BSD-2-Clause
// Events from one publisher to many watchers, each with a bounded queue.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/model.hpp"

namespace valed {

class Watcher {
 public:
  struct Filter {
    std::string switch_name;          // empty: all
    std::vector<std::string> events;  // empty: all
  };

  Watcher(Filter filter, std::size_t limit) : filter_(std::move(filter)), limit_(limit) {}

  [[nodiscard]] bool wants(const vale::Event& event) const;
  void push(const vale::Event& event);
  [[nodiscard]] bool empty() const { return queue_.empty(); }
  vale::Event pop();
  /// The queue overflowed: the client is too slow and is to be disconnected.
  [[nodiscard]] bool overflowed() const { return overflowed_; }
  /// Called after a push and on overflow.
  void on_change(std::function<void()> wake) { wake_ = std::move(wake); }

 private:
  Filter filter_;
  std::size_t limit_;
  std::deque<vale::Event> queue_;
  bool overflowed_ = false;
  std::function<void()> wake_;
};

class EventHub {
 public:
  explicit EventHub(std::size_t queue_limit) : queue_limit_(queue_limit) {}

  std::shared_ptr<Watcher> subscribe(Watcher::Filter filter);
  void publish(const vale::Event& event);
  [[nodiscard]] std::size_t watchers();

 private:
  void forget_dead();

  std::size_t queue_limit_;
  std::vector<std::weak_ptr<Watcher>> watchers_;
};

}  // namespace valed
