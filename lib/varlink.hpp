// SPDX-License-Identifier: BSD-2-Clause
// Varlink on the wire: JSON objects, each ended by a NUL byte.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/result.hpp"

namespace vale::varlink {

inline constexpr std::size_t kMaxCall = 256UL * 1024;
inline constexpr std::size_t kMaxReply = 16UL * 1024 * 1024;

struct Call {
  std::string method;  // "io.vale.Switch.Attach"
  boost::json::object parameters;
  bool more = false;
  bool oneway = false;
};

struct Reply {
  boost::json::object parameters;
  std::string error;  // empty: success
  bool continues = false;
};

/// Cuts a byte stream into messages and holds at most one message of @p limit bytes and a read
/// behind it.
class FrameReader {
 public:
  static constexpr std::size_t kReadSize = 16UL * 1024;

  explicit FrameReader(std::size_t limit) : limit_(limit) {}

  /// Takes what has been read; kProtocol if a message is longer than the limit.
  Result<void> feed(std::string_view bytes);
  /// The next whole message without its NUL.
  std::optional<std::string> next();
  /// Whole messages that next() has not returned yet.
  [[nodiscard]] std::size_t waiting() const { return waiting_; }
  /// Part of a message is waiting for its end.
  [[nodiscard]] bool partial() const { return !buffer_.empty(); }

 private:
  std::size_t limit_;
  std::string buffer_;
  std::size_t searched_ = 0;  // no NUL before here
  std::size_t waiting_ = 0;
};

Result<Call> parse_call(std::string_view message);
Result<Reply> parse_reply(std::string_view message);
/// With the NUL.
std::string encode(const Call& call);
std::string encode(const Reply& reply);

}  // namespace vale::varlink
