// SPDX-License-Identifier: BSD-2-Clause
// The codec: whatever is fed in whatever portions, messages come out as they would from the whole,
// and what parses survives being encoded and parsed again.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "lib/varlink.hpp"
#include "lib/varlink_errors.hpp"

namespace {

using namespace vale::varlink;

constexpr std::size_t kLimit = 512;

void check(bool good) {
  if (!good) std::abort();
}

std::vector<std::string> split(std::string_view bytes, std::size_t portion) {
  std::vector<std::string> messages;
  FrameReader reader(kLimit);
  while (!bytes.empty()) {
    const auto part = bytes.substr(0, portion);
    if (!reader.feed(part)) break;
    while (auto message = reader.next()) messages.push_back(std::move(*message));
    bytes.remove_prefix(part.size());
  }
  return messages;
}

std::string_view without_nul(const std::string& bytes) {
  check(!bytes.empty() && bytes.back() == '\0');
  return std::string_view(bytes).substr(0, bytes.size() - 1);
}

void check_message(const std::string& message) {
  check(message.size() <= kLimit);
  if (const auto call = parse_call(message)) {
    const auto again = parse_call(without_nul(encode(*call)));
    check(again && again->method == call->method && again->parameters == call->parameters);
  }
  if (const auto reply = parse_reply(message)) {
    const auto again = parse_reply(without_nul(encode(*reply)));
    check(again && again->error == reply->error && again->continues == reply->continues);
    (void)error_from_reply(*reply);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t portion = data[0] % 64 + 1U;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto messages = split(bytes, portion);
  check(messages == split(bytes, 1) || bytes.size() > kLimit);
  for (const auto& message : messages) check_message(message);
  return 0;
}
