// SPDX-License-Identifier: BSD-2-Clause
// A socket by which clients talk to a running tlem: one request, one answer, both text.
#pragma once

#include <functional>
#include <string>

#include "lib/unique_fd.hpp"

namespace tlem {

/// "ok TEXT" or "error TEXT".
struct Answer {
  bool ok = true;
  std::string text;
};

class Server {
 public:
  using Handler = std::function<Answer(const std::string& request)>;

  /// Makes the socket, for its owner only; what a server that is no more left there is replaced.
  /// Throws if another one serves it or it cannot be made.
  Server(std::string path, Handler handler);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  [[nodiscard]] int fd() const { return fd_.get(); }
  /// Answers whoever waits. A client that says nothing within a second is left.
  void serve() const;

 private:
  const std::string path_;
  const Handler handler_;
  vale::UniqueFd fd_;
};

/// Throws if nobody serves @p path.
Answer ask(const std::string& path, const std::string& request);

}  // namespace tlem
