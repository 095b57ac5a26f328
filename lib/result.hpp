// SPDX-License-Identifier: BSD-2-Clause
// How expected failures travel: as values. An Error names the object it is about and carries a
// sentence for people.
#pragma once

#include <cerrno>
#include <string>
#include <system_error>
#include <tl/expected.hpp>
#include <utility>

namespace vale {

enum class Errc {
  kNoSuchSwitch = 1,
  kNoSuchPort,
  kNoSuchAddress,
  kNoDevice,
  kAlreadyExists,
  kBusy,
  kNoMemory,
  kNotPermitted,
  kInvalidParameter,  // a call's parameter is missing, unknown or of the wrong type
  kInvalidValue,
  kNotSupported,
  kKernelUnavailable,
  kDaemonUnavailable,
  kProtocol,
  kTooManyClients,
  kLimitExceeded,  // of what one client may ask for at a time
  kInvalidConfiguration,
  kKernel,  // an errno nobody could explain better
};

const std::error_category& errc_category();
inline std::error_code make_error_code(Errc e) {
  return {static_cast<int>(e), errc_category()};
}

}  // namespace vale

template <>
struct std::is_error_code_enum<vale::Errc> : std::true_type {};

namespace vale {

struct Error {
  std::error_code code;
  std::string object;   // "vale0:eth0", "/dev/netmap", a parameter's name
  std::string context;  // what, which, why, what next

  /// The errno behind it, 0 if it came from somewhere else.
  [[nodiscard]] int errnum() const {
    return code.category() == std::generic_category() ? code.value() : 0;
  }
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Errc code, std::string object, std::string context) {
  return tl::unexpected<Error>(Error{code, std::move(object), std::move(context)});
}

/// @p context is completed with the errno's text.
tl::unexpected<Error> fail_errno(int errnum, std::string object, const std::string& context);

}  // namespace vale
