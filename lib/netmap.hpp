// SPDX-License-Identifier: BSD-2-Clause
// Control requests on /dev/netmap. Errors carry the plain errno; explain.hpp puts them into words.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lib/model.hpp"
#include "lib/result.hpp"
#include "lib/unique_fd.hpp"

namespace vale {

/// Which CPUs poll the RX rings of a NIC on a switch: one all of them, or each the ring of its own
/// number.
struct Polling {
  bool cpu_per_ring = false;
  std::uint32_t first_cpu = 0;
  std::uint32_t cpus = 1;
};

class Netmap {
 public:
  /// ioctl(2), replaceable by tests: returns 0 or an errno.
  using Ioctl = std::function<int(int fd, unsigned long request, void* argument)>;

  static Result<Netmap> open();
  Netmap(UniqueFd fd, Ioctl ioctl) : fd_(std::move(fd)), ioctl_(std::move(ioctl)) {}

  Result<std::uint32_t> attach(const AttachRequest& request);
  Result<std::uint32_t> detach(const std::string& name);
  Result<PortPlace> find(const std::string& name);
  Result<std::vector<PortPlace>> list();
  Result<PortGeometry> port_info(const std::string& name);
  Result<PortGeometry> new_port(const NewPort& request);
  Result<void> delete_port(const std::string& name);
  Result<void> start_polling(const std::string& name, const Polling& polling);
  Result<void> stop_polling(const std::string& name);
  /// The descriptor, which from now on opens that port and nothing else.
  Result<UniqueFd> confine(const std::string& name) &&;

 private:
  struct Exchange;
  Result<void> call(Exchange& exchange);
  Result<void> fill_rings(const AttachRequest& request, struct ::vale_opt_rings& option);

  UniqueFd fd_;
  Ioctl ioctl_;
};

}  // namespace vale
