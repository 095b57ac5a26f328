// SPDX-License-Identifier: BSD-2-Clause
// Specs for libnetmap: what is accepted stays within the request's limits, and nothing leaks.
#include <libnetmap.h>
#include <net/netmap_spec.h>

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
  // these two look at the machine they run on
  if (text.find("@share") != std::string::npos || text.find("@extmem") != std::string::npos)
    return 0;
  nmctx_get()->verbose = 0;
  check(nmport_enable_option("offset") == 0);
  nmport_d* d = nmport_prepare(text.c_str());
  if (d == nullptr) {
    check(errno == EINVAL || errno == EOPNOTSUPP);
    return 0;
  }
  check(d->hdr.nr_name[0] != 0 && d->hdr.nr_name[NETMAP_REQ_IFNAMSIZ - 1] == 0);
  check(text.find(d->hdr.nr_name) != std::string::npos);
  check(d->reg.nr_mode >= NR_REG_ALL_NIC && d->reg.nr_mode <= NR_REG_ONE_SW);
  check(d->reg.nr_ringid <= NM_SPEC_MAX_RING_);
  nmport_undo_prepare(d);
  check(nmctx_get()->mem_descs == nullptr);
  return 0;
}
