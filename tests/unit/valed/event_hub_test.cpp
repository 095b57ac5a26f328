// SPDX-License-Identifier: BSD-2-Clause
#include "valed/event_hub.hpp"

#include <gtest/gtest.h>

namespace valed {
namespace {

vale::Event event(const std::string& type, const std::string& switch_name) {
  vale::Event e;
  e.type = type;
  e.switch_name = switch_name;
  return e;
}

TEST(EventHub, DeliversInOrderToEveryWatcher) {
  EventHub hub(10);
  const auto a = hub.subscribe({});
  const auto b = hub.subscribe({});
  hub.publish(event("one", "vale0"));
  hub.publish(event("two", "vale0"));
  for (const auto& w : {a, b}) {
    EXPECT_EQ(w->pop().type, "one");
    EXPECT_EQ(w->pop().type, "two");
    EXPECT_TRUE(w->empty());
  }
}

TEST(EventHub, Filters) {
  EventHub hub(10);
  const auto by_switch = hub.subscribe({"vale1", {}});
  const auto by_type = hub.subscribe({"", {"two"}});
  hub.publish(event("one", "vale0"));
  hub.publish(event("two", "vale0"));
  hub.publish(event("one", "vale1"));
  hub.publish(event("kernel_lost", ""));
  EXPECT_EQ(by_switch->pop().type, "one");
  EXPECT_EQ(by_switch->pop().type, "kernel_lost");
  EXPECT_TRUE(by_switch->empty());
  EXPECT_EQ(by_type->pop().type, "two");
  EXPECT_TRUE(by_type->empty());
}

TEST(EventHub, ASlowWatcherOverflowsAloneAndKeepsNothing) {
  EventHub hub(3);
  const auto slow = hub.subscribe({});
  const auto quick = hub.subscribe({});
  for (int i = 0; i < 5; ++i) {
    hub.publish(event("x", ""));
    EXPECT_EQ(quick->pop().type, "x");
  }
  EXPECT_TRUE(slow->overflowed());
  EXPECT_TRUE(slow->empty());
  EXPECT_FALSE(quick->overflowed());
}

TEST(EventHub, ForgetsWatchersThatWent) {
  EventHub hub(3);
  auto watcher = hub.subscribe({});
  EXPECT_EQ(hub.watchers(), 1U);
  watcher.reset();
  hub.publish(event("x", ""));
  EXPECT_EQ(hub.watchers(), 0U);
}

TEST(EventHub, AWatcherMayGoWhileItIsWoken) {
  EventHub hub(3);
  auto watcher = hub.subscribe({});
  const auto other = hub.subscribe({});
  watcher->on_change([&] { watcher.reset(); });
  hub.publish(event("x", ""));
  EXPECT_EQ(watcher, nullptr);
  EXPECT_EQ(other->pop().type, "x");
}

}  // namespace
}  // namespace valed
