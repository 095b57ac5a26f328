// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "lib/unique_fd.hpp"
#include "lib/varlink.hpp"

namespace vale::varlink {

/// Somebody who takes calls and answers them.
class Caller {
 public:
  Caller() = default;
  Caller(Caller&&) = default;
  Caller& operator=(Caller&&) = default;
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  virtual ~Caller() = default;

  virtual Result<boost::json::object> call(const std::string& method,
                                           boost::json::object parameters) = 0;
  /// One call whose answer brings a file descriptor; kProtocol if it brings none.
  virtual Result<UniqueFd> call_for_descriptor(const std::string& method,
                                               boost::json::object parameters) = 0;
  /// One call with many answers; @p sink returns false to stop listening.
  virtual Result<void> stream(const std::string& method, boost::json::object parameters,
                              const std::function<bool(const boost::json::object&)>& sink) = 0;
};

/// A blocking Varlink connection.
class Client : public Caller {
 public:
  /// kDaemonUnavailable if nobody listens there, kNotPermitted if the socket's mode keeps us out.
  static Result<Client> connect(const std::string& path);
  explicit Client(UniqueFd fd) : fd_(std::move(fd)), reader_(kMaxReply) {}

  Result<boost::json::object> call(const std::string& method,
                                   boost::json::object parameters) override;
  Result<UniqueFd> call_for_descriptor(const std::string& method,
                                       boost::json::object parameters) override;
  Result<void> stream(const std::string& method, boost::json::object parameters,
                      const std::function<bool(const boost::json::object&)>& sink) override;

 private:
  Result<void> send(const Call& call);
  Result<Reply> receive();
  ssize_t read_some(char* to, std::size_t size);

  UniqueFd fd_;
  UniqueFd passed_;  // the last descriptor that came
  FrameReader reader_;
};

}  // namespace vale::varlink
