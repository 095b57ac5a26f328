// SPDX-License-Identifier: BSD-2-Clause
#include "lib/link_events.hpp"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "lib/nlattr.hpp"

namespace vale {
namespace {

constexpr std::size_t kBufferSize = 65536;

class RouteSocket : public LinkSource {
 public:
  explicit RouteSocket(mnl_socket* socket) : socket_(socket) {}

  /// Joins the group first and asks afterwards, so that nothing falls between.
  Result<void> start() {
    if (mnl_socket_bind(socket_.get(), RTMGRP_LINK, MNL_SOCKET_AUTOPID) < 0) {
      return fail_errno(errno, "netlink", "cannot listen to changes of network devices");
    }
    alignas(nlmsghdr) std::array<char, 256> buffer{};
    auto* message = mnl_nlmsg_put_header(buffer.data());
    message->nlmsg_type = RTM_GETLINK;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    mnl_nlmsg_put_extra_header(message, sizeof(ifinfomsg));
    if (mnl_socket_sendto(socket_.get(), message, message->nlmsg_len) < 0) {
      return fail_errno(errno, "netlink", "cannot ask for the network devices");
    }
    return {};
  }

  [[nodiscard]] int fd() const override { return mnl_socket_get_fd(socket_.get()); }

  Result<std::vector<LinkEvent>> read() override {
    std::vector<LinkEvent> events;
    std::vector<char> buffer(kBufferSize);
    for (;;) {
      const auto n = ::recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) return events;
      if (n < 0) return fail_errno(errno, "netlink", "changes of network devices were lost");
      int left = static_cast<int>(n);
      const auto* m = reinterpret_cast<const nlmsghdr*>(buffer.data());
      for (; mnl_nlmsg_ok(m, left); m = mnl_nlmsg_next(m, &left)) {
        if (auto event = read_link(m)) events.push_back(std::move(*event));
      }
    }
  }

 private:
  struct Close {
    void operator()(mnl_socket* s) const { mnl_socket_close(s); }
  };
  std::unique_ptr<mnl_socket, Close> socket_;
};

}  // namespace

std::optional<LinkEvent> read_link(const nlmsghdr* message) {
  const bool about_link = message->nlmsg_type == RTM_NEWLINK || message->nlmsg_type == RTM_DELLINK;
  ifinfomsg info{};
  if (!about_link || mnl_nlmsg_get_payload_len(message) < sizeof(info)) return std::nullopt;
  std::memcpy(&info, mnl_nlmsg_get_payload(message), sizeof(info));
  // A bridge tells about its ports in messages of its own family; only the others say what exists.
  if (info.ifi_family != AF_UNSPEC) return std::nullopt;
  LinkEvent event;
  event.ifindex = static_cast<std::uint32_t>(info.ifi_index);
  event.gone = message->nlmsg_type == RTM_DELLINK;
  for_each_attr(message, sizeof(info), [&](const nlattr* attr) {
    const auto size = mnl_attr_get_payload_len(attr);
    const auto* data = static_cast<const char*>(mnl_attr_get_payload(attr));
    if (mnl_attr_get_type(attr) == IFLA_IFNAME) event.name.assign(data, ::strnlen(data, size));
    if (mnl_attr_get_type(attr) == IFLA_MASTER && size >= sizeof(event.master)) {
      std::memcpy(&event.master, data, sizeof(event.master));
    }
  });
  return event;
}

Result<std::unique_ptr<LinkSource>> LinkSource::open() {
  mnl_socket* socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
  if (socket == nullptr) return fail_errno(errno, "netlink", "cannot open a netlink socket");
  auto source = std::make_unique<RouteSocket>(socket);
  if (const auto started = source->start(); !started) return tl::unexpected(started.error());
  return source;
}

bool LinkTable::apply(const LinkEvent& event) {
  const auto old = links_.find(event.ifindex);
  const bool known = old != links_.end() && old->second.name == event.name;
  const bool freed = known && old->second.master != 0 && event.master == 0;
  if (event.gone) {
    links_.erase(event.ifindex);
    return false;
  }
  links_[event.ifindex] = event;
  return !known || freed;
}

}  // namespace vale
