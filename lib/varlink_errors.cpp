// SPDX-License-Identifier: BSD-2-Clause
#include "lib/varlink_errors.hpp"

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>

namespace vale::varlink {
namespace json = boost::json;
namespace {

struct Row {
  Errc code;
  std::string_view error;
  std::string_view object_key;  // what Error::object is called in the error's parameters
};

constexpr std::array kRows = {
    Row{Errc::kNoSuchSwitch, "io.vale.Switch.NoSuchSwitch", "name"},
    Row{Errc::kNoSuchPort, "io.vale.Switch.NoSuchPort", "name"},
    Row{Errc::kNoSuchAddress, "io.vale.Switch.NoSuchAddress", "mac"},
    Row{Errc::kNoDevice, "io.vale.Switch.NoDevice", "name"},
    Row{Errc::kAlreadyExists, "io.vale.Switch.AlreadyExists", "name"},
    Row{Errc::kBusy, "io.vale.Switch.Busy", "name"},
    Row{Errc::kNoMemory, "io.vale.Switch.NoMemory", "name"},
    Row{Errc::kNotPermitted, "io.vale.Switch.NotPermitted", "operation"},
    Row{Errc::kInvalidValue, "io.vale.Switch.InvalidValue", "value"},
    Row{Errc::kNotSupported, "io.vale.Switch.NotSupported", "name"},
    Row{Errc::kKernelUnavailable, "io.vale.Switch.KernelUnavailable", "name"},
    Row{Errc::kTooManyClients, "io.vale.Switch.TooManyClients", "name"},
    Row{Errc::kLimitExceeded, "io.vale.Switch.LimitExceeded", "limit"},
    Row{Errc::kInvalidConfiguration, "io.vale.Switch.InvalidConfiguration", "file"},
    Row{Errc::kInvalidParameter, "org.varlink.service.InvalidParameter", "parameter"},
    Row{Errc::kKernel, "io.vale.Switch.KernelError", "name"},  // also for whatever has no row
};

std::string member(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

}  // namespace

Reply error_reply(const Error& error) {
  const auto* row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return error.code == r.code; });
  if (row == kRows.end()) row = &kRows.back();
  Reply reply;
  reply.error = row->error;
  reply.parameters[row->object_key] = error.object;
  reply.parameters["message"] = error.context;
  return reply;
}

Error error_from_reply(const Reply& reply) {
  const auto* row = std::find_if(kRows.begin(), kRows.end(),
                                 [&](const Row& r) { return reply.error == r.error; });
  const std::string message = member(reply.parameters, "message");
  if (row != kRows.end()) {
    const std::string object = member(reply.parameters, row->object_key);
    return Error{row->code, object, message.empty() ? reply.error + ": " + object : message};
  }
  return Error{Errc::kProtocol, reply.error,
               "valed answers " + reply.error + (message.empty() ? "" : ": " + message)};
}

}  // namespace vale::varlink
