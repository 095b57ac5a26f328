// SPDX-License-Identifier: BSD-2-Clause
// Attributes of the family "vale", as hostile as can be: no read outside the message.
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include <cstdint>
#include <cstring>
#include <vector>

#include "lib/genl_codec.hpp"
#include "lib/model_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 60'000) return 0;
  std::vector<std::uint32_t> space((sizeof(nlmsghdr) + sizeof(genlmsghdr) + size + 3) / 4);
  // Exactly as long as the message says, so that a sanitizer sees one byte too far.
  auto* message = reinterpret_cast<nlmsghdr*>(space.data());
  message->nlmsg_len = static_cast<std::uint32_t>(sizeof(nlmsghdr) + sizeof(genlmsghdr) + size);
  if (size > 0) {
    std::memcpy(reinterpret_cast<char*>(message) + sizeof(nlmsghdr) + sizeof(genlmsghdr), data,
                size);
  }
  (void)vale::to_json(vale::genl_codec::read_switch(message));
  (void)vale::to_json(vale::genl_codec::read_port(message));
  (void)vale::to_json(vale::genl_codec::read_fdb_entry(message));
  if (const auto event = vale::genl_codec::read_event(message)) (void)vale::to_json(*event);
  return 0;
}
