// SPDX-License-Identifier: BSD-2-Clause
// A generic netlink socket: requests of one family, answers, multicast groups.
#pragma once

#include <libmnl/libmnl.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/result.hpp"

namespace vale {

class Genl {
 public:
  struct Family {
    std::uint16_t id = 0;
    std::map<std::string, std::uint32_t> groups;
  };
  struct Request {
    std::uint16_t family = 0;
    std::uint8_t command = 0;
    std::uint16_t flags = 0;  // NLM_F_DUMP, NLM_F_ACK
    std::function<void(nlmsghdr*)> build;
    std::function<void(const nlmsghdr*)> answer;
  };

  static Result<Genl> open();

  /// kKernelUnavailable if the kernel has no such family now.
  Result<Family> family(const std::string& name);
  /// Sends and reads all answers. Errors: the errno, and the kernel's own words where it has some.
  Result<void> call(const Request& request);
  Result<void> join(std::uint32_t group);
  /// One batch of whatever was multicast; empty when there is nothing now.
  Result<std::vector<std::byte>> receive_nowait();
  [[nodiscard]] int fd() const { return mnl_socket_get_fd(socket_.get()); }

 private:
  struct Close {
    void operator()(mnl_socket* s) const { mnl_socket_close(s); }
  };
  explicit Genl(mnl_socket* s) : socket_(s), portid_(mnl_socket_get_portid(s)) {}
  Result<bool> read_answers(const Request& request, std::uint32_t seq);

  std::unique_ptr<mnl_socket, Close> socket_;
  std::uint32_t portid_;
  std::uint32_t seq_ = 0;
};

}  // namespace vale
