// SPDX-License-Identifier: BSD-2-Clause
#include "lib/kernel_events.hpp"

#include <linux/genetlink.h>
#include <linux/vale.h>

#include "lib/genl_codec.hpp"
#include "lib/nlattr.hpp"

namespace vale {
namespace {

/// Family id in a message of the controller about families coming and going.
std::uint16_t family_of(const nlmsghdr* message) {
  std::uint16_t id = 0;
  for_each_attr(message, sizeof(genlmsghdr), [&](const nlattr* attr) {
    if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID) id = mnl_attr_get_u16(attr);
  });
  return id;
}

std::uint8_t command_of(const nlmsghdr* message) {
  return static_cast<const genlmsghdr*>(mnl_nlmsg_get_payload(message))->cmd;
}

}  // namespace

Result<std::unique_ptr<EventSource>> KernelEvents::open() {
  auto genl = Genl::open();
  if (!genl) return tl::unexpected(genl.error());
  const auto family = genl->family(VALE_GENL_NAME);
  if (!family) return tl::unexpected(family.error());
  const auto control = genl->family("nlctrl");
  if (!control) return tl::unexpected(control.error());
  const auto events = family->groups.find(VALE_GENL_GROUP_EVENTS);
  if (events == family->groups.end()) {
    return fail(Errc::kNotSupported, VALE_GENL_NAME, "the loaded module sends no events");
  }
  if (const auto joined = genl->join(events->second); !joined)
    return tl::unexpected(joined.error());
  if (const auto notify = control->groups.find("notify"); notify != control->groups.end()) {
    if (const auto joined = genl->join(notify->second); !joined) {
      return tl::unexpected(joined.error());
    }
  }
  return std::unique_ptr<EventSource>(new KernelEvents(std::move(*genl), family->id));
}

Result<std::vector<Event>> KernelEvents::read() {
  std::vector<Event> events;
  const auto bytes = genl_.receive_nowait();
  if (!bytes) {
    if (bytes.error().errnum() != ENOBUFS) return tl::unexpected(bytes.error());
    Event lost;
    lost.type = "events_lost";
    lost.lost = 1;  // at least
    events.push_back(lost);
    return events;
  }
  int left = static_cast<int>(bytes->size());
  const auto* m = reinterpret_cast<const nlmsghdr*>(bytes->data());
  for (; mnl_nlmsg_ok(m, left); m = mnl_nlmsg_next(m, &left)) {
    if (const auto taken = take(m, events); !taken) return tl::unexpected(taken.error());
  }
  return events;
}

Result<void> KernelEvents::take(const nlmsghdr* message, std::vector<Event>& events) {
  if (mnl_nlmsg_get_payload_len(message) < sizeof(genlmsghdr)) return {};
  const auto command = command_of(message);
  if (message->nlmsg_type == GENL_ID_CTRL) {
    if (command == CTRL_CMD_DELFAMILY && family_of(message) == family_) {
      return fail(Errc::kKernelUnavailable, VALE_GENL_NAME, "vale.ko was unloaded");
    }
    return {};
  }
  if (message->nlmsg_type != family_ || command != VALE_CMD_EVENT) return {};
  if (auto event = genl_codec::read_event(message)) events.push_back(std::move(*event));
  return {};
}

}  // namespace vale
