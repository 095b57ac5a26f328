// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>

#include "lib/unique_fd.hpp"
#include "lib/varlink.hpp"

namespace vale::varlink {

/// A blocking Varlink connection.
class Client {
 public:
  /// kDaemonUnavailable if nobody listens there, kNotPermitted if the socket's mode keeps us out.
  static Result<Client> connect(const std::string& path);
  explicit Client(UniqueFd fd) : fd_(std::move(fd)), reader_(kMaxReply) {}

  Result<boost::json::object> call(const std::string& method, boost::json::object parameters);
  /// One call with many answers; @p sink returns false to stop listening.
  Result<void> stream(const std::string& method, boost::json::object parameters,
                      const std::function<bool(const boost::json::object&)>& sink);

 private:
  Result<void> send(const Call& call);
  Result<Reply> receive();

  UniqueFd fd_;
  FrameReader reader_;
};

}  // namespace vale::varlink
