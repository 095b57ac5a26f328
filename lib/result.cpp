// SPDX-License-Identifier: BSD-2-Clause
#include "lib/result.hpp"

namespace vale {
namespace {

class Category : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "vale"; }
  [[nodiscard]] std::string message(int value) const override {
    switch (static_cast<Errc>(value)) {
      case Errc::kNoSuchSwitch:
        return "no such switch";
      case Errc::kNoSuchPort:
        return "no such port";
      case Errc::kNoSuchAddress:
        return "no such address";
      case Errc::kNoDevice:
        return "no such network device";
      case Errc::kAlreadyExists:
        return "exists already";
      case Errc::kBusy:
        return "busy";
      case Errc::kNoMemory:
        return "no room";
      case Errc::kNotPermitted:
        return "not permitted";
      case Errc::kInvalidParameter:
        return "invalid parameter";
      case Errc::kInvalidValue:
        return "invalid value";
      case Errc::kNotSupported:
        return "not supported";
      case Errc::kKernelUnavailable:
        return "vale.ko is not there";
      case Errc::kDaemonUnavailable:
        return "valed does not answer";
      case Errc::kProtocol:
        return "protocol violated";
      case Errc::kLimitExceeded:
        return "limit exceeded";
      case Errc::kTooManyClients:
        return "too many clients";
      case Errc::kInvalidConfiguration:
        return "invalid configuration";
      case Errc::kKernel:
        return "the kernel refused";
    }
    return "unknown error";
  }
};

}  // namespace

const std::error_category& errc_category() {
  static const Category kCategory;
  return kCategory;
}

tl::unexpected<Error> fail_errno(int errnum, std::string object, const std::string& context) {
  const std::error_code code(errnum, std::generic_category());
  return tl::unexpected<Error>(Error{code, std::move(object), context + ": " + code.message()});
}

}  // namespace vale
