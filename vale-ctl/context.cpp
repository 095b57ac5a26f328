// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/context.hpp"

#include <unistd.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>
#include <thread>

#include "lib/client.hpp"
#include "lib/system_kernel.hpp"
#include "lib/varlink_errors.hpp"
#include "vale-ctl/terminal.hpp"

namespace vale_ctl {
namespace {

using vale::varlink::Caller;
using vale::varlink::Client;

vale::Result<std::unique_ptr<Caller>> connect(const std::string& socket) {
  auto client = Client::connect(socket);
  if (!client) return tl::unexpected(client.error());
  return std::make_unique<Client>(std::move(*client));
}

vale::Result<std::unique_ptr<vale::Control>> daemon(const std::string& socket, bool permanent) {
  auto client = vale::Client::connect(socket, permanent);
  if (!client) return tl::unexpected(client.error());
  return std::move(*client);
}

vale::Result<std::unique_ptr<vale::Control>> kernel() {
  return std::unique_ptr<vale::Control>(std::make_unique<vale::SystemKernel>());
}

}  // namespace

vale::Result<std::unique_ptr<vale::Control>> Context::control(bool permanent) const {
  if (!direct) return daemon(socket, permanent);
  if (!permanent) return kernel();
  return vale::fail(vale::Errc::kInvalidValue, "--permanent",
                    "--permanent needs valed: leave out --direct");
}

Time system_time() {
  return {std::chrono::steady_clock::now,
          [](std::chrono::steady_clock::time_point until) { std::this_thread::sleep_until(until); },
          std::chrono::system_clock::now};
}

Context system_context(std::ostream& out, std::ostream& err) {
  return Context{out,
                 err,
                 vale::kDefaultSocket,
                 false,
                 false,
                 daemon,
                 kernel,
                 connect,
                 system_time(),
                 Terminal::usable(STDIN_FILENO, STDOUT_FILENO)};
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
