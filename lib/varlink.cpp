// SPDX-License-Identifier: BSD-2-Clause
#include "lib/varlink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace vale::varlink {
namespace json = boost::json;
namespace {

tl::unexpected<Error> bad(std::string why) {
  return fail(Errc::kProtocol, "varlink", std::move(why));
}

Result<json::object> parse_object(std::string_view message) {
  json::error_code err;
  json::value value = json::parse(json::string_view(message.data(), message.size()), err);
  if (err) return bad(fmt::format("a message is not JSON: {}", err.message()));
  if (!value.is_object()) return bad("a message is not a JSON object");
  return std::move(value.as_object());
}

/// A missing member is no error, one of another type is.
Result<bool> read_flag(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return false;
  if (!value->is_bool()) return bad(fmt::format("'{}' is not a boolean", name));
  return value->as_bool();
}

Result<json::object> read_parameters(const json::object& object) {
  const auto* value = object.if_contains("parameters");
  if (value == nullptr || value->is_null()) return json::object();
  if (!value->is_object()) return bad("'parameters' is not an object");
  return value->as_object();
}

std::string finish(const json::object& object) {
  std::string text = json::serialize(object);
  text.push_back('\0');
  return text;
}

}  // namespace

Result<void> FrameReader::feed(std::string_view bytes) {
  buffer_.append(bytes);
  waiting_ += static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\0'));
  const auto end = buffer_.find('\0', searched_);
  const std::size_t length = end == std::string::npos ? buffer_.size() : end;
  if (length > limit_ || buffer_.size() > limit_ + kReadSize) {
    return bad(fmt::format("a message is longer than {} bytes", limit_));
  }
  if (end == std::string::npos) searched_ = buffer_.size();
  return {};
}

std::optional<std::string> FrameReader::next() {
  const auto end = buffer_.find('\0', searched_);
  if (end == std::string::npos) {
    searched_ = buffer_.size();
    return std::nullopt;
  }
  std::string message = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  searched_ = 0;
  --waiting_;
  return message;
}

Result<Call> parse_call(std::string_view message) {
  auto object = parse_object(message);
  if (!object) return tl::unexpected(object.error());
  const auto* method = object->if_contains("method");
  if (method == nullptr || !method->is_string()) return bad("a call has no method");
  auto parameters = read_parameters(*object);
  if (!parameters) return tl::unexpected(parameters.error());
  const auto more = read_flag(*object, "more");
  if (!more) return tl::unexpected(more.error());
  const auto oneway = read_flag(*object, "oneway");
  if (!oneway) return tl::unexpected(oneway.error());
  return Call{std::string(method->as_string()), std::move(*parameters), *more, *oneway};
}

Result<Reply> parse_reply(std::string_view message) {
  auto object = parse_object(message);
  if (!object) return tl::unexpected(object.error());
  Reply reply;
  if (const auto* error = object->if_contains("error"); error != nullptr && !error->is_null()) {
    if (!error->is_string()) return bad("'error' is not a string");
    reply.error = std::string(error->as_string());
  }
  auto parameters = read_parameters(*object);
  if (!parameters) return tl::unexpected(parameters.error());
  reply.parameters = std::move(*parameters);
  const auto continues = read_flag(*object, "continues");
  if (!continues) return tl::unexpected(continues.error());
  reply.continues = *continues;
  return reply;
}

std::string encode(const Call& call) {
  json::object object{{"method", call.method}, {"parameters", call.parameters}};
  if (call.more) object["more"] = true;
  if (call.oneway) object["oneway"] = true;
  return finish(object);
}

std::string encode(const Reply& reply) {
  json::object object;
  if (!reply.error.empty()) object["error"] = reply.error;
  object["parameters"] = reply.parameters;
  if (reply.continues) object["continues"] = true;
  return finish(object);
}

}  // namespace vale::varlink
