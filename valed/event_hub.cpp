// SPDX-License-Identifier: BSD-2-Clause
#include "valed/event_hub.hpp"

#include <algorithm>
#include <utility>

namespace valed {

bool Watcher::wants(const vale::Event& event) const {
  const bool about_switch = event.switch_name.empty() || filter_.switch_name.empty() ||
                            event.switch_name == filter_.switch_name;
  const auto& types = filter_.events;
  return about_switch &&
         (types.empty() || std::find(types.begin(), types.end(), event.type) != types.end());
}

void Watcher::push(const vale::Event& event) {
  if (overflowed_) return;
  if (queue_.size() >= limit_) {
    overflowed_ = true;
    queue_.clear();
  } else {
    queue_.push_back(event);
  }
  if (wake_) wake_();
}

vale::Event Watcher::pop() {
  vale::Event event = std::move(queue_.front());
  queue_.pop_front();
  return event;
}

std::shared_ptr<Watcher> EventHub::subscribe(Watcher::Filter filter) {
  forget_dead();
  auto watcher = std::make_shared<Watcher>(std::move(filter), queue_limit_);
  watchers_.push_back(watcher);
  return watcher;
}

void EventHub::publish(const vale::Event& event) {
  forget_dead();
  // A wake-up may end a session and so drop a watcher: hold on to them while walking.
  for (const auto& weak : std::vector(watchers_)) {
    const auto watcher = weak.lock();
    if (watcher && watcher->wants(event)) watcher->push(event);
  }
}

std::size_t EventHub::watchers() {
  forget_dead();
  return watchers_.size();
}

void EventHub::forget_dead() {
  std::erase_if(watchers_, [](const auto& weak) { return weak.expired(); });
}

}  // namespace valed
