// SPDX-License-Identifier: BSD-2-Clause
// Names for nm_open: what is accepted stays within the request's limits.
#define NETMAP_WITH_LIBS
#include <net/netmap_user.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void check(bool good) {
  if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const char* why = nullptr;
  nmreq req{};
  if (text.rfind("netmap:", 0) != 0 && text.rfind(NM_BDG_NAME, 0) != 0) return 0;
  if (nm_spec_parse_(text.c_str(), &req, &why) != 0) {
    check(why != nullptr);
    return 0;
  }
  const std::uint32_t known = NR_REG_MASK | NR_MONITOR_TX | NR_MONITOR_RX | NR_ZCOPY_MON |
                              NR_EXCLUSIVE | NR_RX_RINGS_ONLY | NR_TX_RINGS_ONLY;
  check(req.nr_name[0] != 0 && std::string(req.nr_name).size() < sizeof(req.nr_name));
  check(text.find(req.nr_name) != std::string::npos);
  check((req.nr_flags & ~known) == 0 && (req.nr_flags & NR_REG_MASK) <= NR_REG_PIPE_SLAVE);
  check((req.nr_flags & NR_REG_MASK) != 0 && req.nr_ringid <= NM_SPEC_MAX_RING_);
  return 0;
}
