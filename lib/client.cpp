// SPDX-License-Identifier: BSD-2-Clause
#include "lib/client.hpp"

#include "lib/daemon_control.hpp"
#include "lib/varlink_client.hpp"

namespace vale {

Result<std::unique_ptr<Client>> Client::connect(const std::string& socket, bool permanent) {
  auto connection = varlink::Client::connect(socket);
  if (!connection) return tl::unexpected(connection.error());
  return std::make_unique<DaemonControl>(std::make_unique<varlink::Client>(std::move(*connection)),
                                         permanent);
}

}  // namespace vale
