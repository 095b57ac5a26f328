// SPDX-License-Identifier: BSD-2-Clause
#include "lib/genl.hpp"

#include <fmt/format.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "lib/nlattr.hpp"

namespace vale {
namespace {

constexpr std::size_t kBufferSize = 65536;
constexpr int kDumpTries = 8;

void enable(mnl_socket* socket, int option) {
  int on = 1;
  // An old kernel without it only gives shorter error messages.
  (void)mnl_socket_setsockopt(socket, option, &on, sizeof(on));
}

std::string text_of(const nlattr* attr) {
  const auto* start = static_cast<const char*>(mnl_attr_get_payload(attr));
  return {start, ::strnlen(start, mnl_attr_get_payload_len(attr))};
}

/// The kernel's own explanation of an error, if it sent one.
std::string extended_message(const nlmsghdr* message, const nlmsgerr* error) {
  if ((message->nlmsg_flags & NLM_F_ACK_TLVS) == 0) return "";
  const std::size_t skip =
      sizeof(nlmsgerr) +
      ((message->nlmsg_flags & NLM_F_CAPPED) != 0 ? 0 : error->msg.nlmsg_len - sizeof(nlmsghdr));
  std::string words;
  for_each_attr(message, skip, [&](const nlattr* attr) {
    if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG) words = text_of(attr);
  });
  return words;
}

Result<void> error_of(const nlmsghdr* message) {
  if (message->nlmsg_len < NLMSG_HDRLEN + sizeof(nlmsgerr)) {
    return fail(Errc::kProtocol, "netlink", "the kernel sent a short netlink error");
  }
  const auto* error = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message));
  if (error->error == 0) return {};
  const std::string words = extended_message(message, error);
  return fail_errno(-error->error, "netlink", words.empty() ? "netlink" : words);
}

void read_group(const nlattr* group, Genl::Family& family) {
  std::string name;
  std::uint32_t id = 0;
  for_each_nested(group, [&](const nlattr* attr) {
    if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME) name = text_of(attr);
    if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID) id = mnl_attr_get_u32(attr);
  });
  family.groups[name] = id;
}

void read_family(const nlmsghdr* message, Genl::Family& family) {
  for_each_attr(message, sizeof(genlmsghdr), [&](const nlattr* attr) {
    if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID) family.id = mnl_attr_get_u16(attr);
    if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS) {
      for_each_nested(attr, [&](const nlattr* group) { read_group(group, family); });
    }
  });
}

}  // namespace

Result<Genl> Genl::open() {
  mnl_socket* socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
  if (socket == nullptr) return fail_errno(errno, "netlink", "cannot open a netlink socket");
  Genl genl(socket);
  enable(socket, NETLINK_EXT_ACK);
  enable(socket, NETLINK_CAP_ACK);
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
    return fail_errno(errno, "netlink", "cannot bind a netlink socket");
  }
  genl.portid_ = mnl_socket_get_portid(socket);
  return genl;
}

Result<Genl::Family> Genl::family(const std::string& name) {
  Family family;
  Request request;
  request.family = GENL_ID_CTRL;
  request.command = CTRL_CMD_GETFAMILY;
  request.flags = NLM_F_ACK;
  request.build = [&](nlmsghdr* m) { mnl_attr_put_strz(m, CTRL_ATTR_FAMILY_NAME, name.c_str()); };
  request.answer = [&](const nlmsghdr* m) { read_family(m, family); };
  if (const auto done = call(request); !done) {
    if (done.error().errnum() != ENOENT) return tl::unexpected(done.error());
    return fail(
        Errc::kKernelUnavailable, name,
        fmt::format("the kernel has no netlink family '{}': load the module with `modprobe {}`",
                    name, name));
  }
  return family;
}

Result<void> Genl::call(const Request& request) {
  std::array<char, 8192> buffer{};
  for (int attempt = 0; attempt < kDumpTries; ++attempt) {
    nlmsghdr* message = mnl_nlmsg_put_header(buffer.data());
    message->nlmsg_type = request.family;
    message->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | request.flags);
    message->nlmsg_seq = ++seq_;
    auto* generic =
        static_cast<genlmsghdr*>(mnl_nlmsg_put_extra_header(message, sizeof(genlmsghdr)));
    generic->cmd = request.command;
    generic->version = 1;
    if (request.build) request.build(message);
    if (mnl_socket_sendto(socket_.get(), message, message->nlmsg_len) < 0) {
      return fail_errno(errno, "netlink", "cannot send to the kernel");
    }
    const auto consistent = read_answers(request, seq_);
    if (!consistent) return tl::unexpected(consistent.error());
    if (*consistent) return {};
  }
  return fail(Errc::kBusy, "netlink", "the table changed too fast to be read: try again");
}

/// True when complete; false if the kernel says that the dump was overtaken by a change.
Result<bool> Genl::read_answers(const Request& request, std::uint32_t seq) {
  std::vector<char> buffer(kBufferSize);
  bool consistent = true;
  for (;;) {
    const auto n = mnl_socket_recvfrom(socket_.get(), buffer.data(), buffer.size());
    if (n < 0) return fail_errno(errno, "netlink", "cannot receive from the kernel");
    int left = static_cast<int>(n);
    const auto* m = reinterpret_cast<const nlmsghdr*>(buffer.data());
    for (; mnl_nlmsg_ok(m, left); m = mnl_nlmsg_next(m, &left)) {
      if (m->nlmsg_seq != seq || m->nlmsg_pid != portid_) continue;
      if ((m->nlmsg_flags & NLM_F_DUMP_INTR) != 0) consistent = false;
      if (m->nlmsg_type == NLMSG_DONE) return consistent;
      if (m->nlmsg_type == NLMSG_ERROR) {
        const auto result = error_of(m);
        if (!result) return tl::unexpected(result.error());
        return consistent;
      }
      if (request.answer && m->nlmsg_type >= NLMSG_MIN_TYPE) request.answer(m);
    }
  }
}

Result<void> Genl::join(std::uint32_t group) {
  if (mnl_socket_setsockopt(socket_.get(), NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0) {
    return fail_errno(errno, "netlink", "cannot join a multicast group");
  }
  return {};
}

Result<std::vector<std::byte>> Genl::receive_nowait() {
  std::vector<std::byte> buffer(kBufferSize);
  const auto n = ::recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n >= 0) {
    buffer.resize(static_cast<std::size_t>(n));
    return buffer;
  }
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return std::vector<std::byte>{};
  return fail_errno(errno, "netlink", "cannot receive events");
}

}  // namespace vale
