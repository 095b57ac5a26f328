// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/context.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "lib/daemon_control.hpp"
#include "lib/system_kernel.hpp"
#include "lib/varlink_errors.hpp"

namespace vale_ctl {
namespace {

vale::Result<std::unique_ptr<vale::Control>> connect(const std::string& socket) {
  auto client = vale::varlink::Client::connect(socket);
  if (!client) return tl::unexpected(client.error());
  return std::unique_ptr<vale::Control>(std::make_unique<vale::DaemonControl>(std::move(*client)));
}

vale::Result<std::unique_ptr<vale::Control>> kernel() {
  return std::unique_ptr<vale::Control>(std::make_unique<vale::SystemKernel>());
}

}  // namespace

Context system_context(std::ostream& out, std::ostream& err) {
  return Context{out,     err,    vale::kDefaultSocket,          false, false,
                 connect, kernel, vale::varlink::Client::connect};
}

int report(const Context& context, const vale::Error& error) {
  if (context.json) {
    const auto reply = vale::varlink::error_reply(error);
    boost::json::object object{{"error", reply.error}, {"parameters", reply.parameters}};
    context.err << boost::json::serialize(object) << '\n';
  } else {
    context.err << "vale-ctl: " << error.context << '\n';
    if (error.code == vale::Errc::kDaemonUnavailable) {
      context.err << "vale-ctl: as root, `vale-ctl --direct ...` works without it\n";
    }
  }
  const bool denied = error.code == vale::Errc::kNotPermitted || error.errnum() == EPERM ||
                      error.errnum() == EACCES;
  return denied ? kNotPermitted : kFailed;
}

}  // namespace vale_ctl
