// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

namespace valed {

/// The texts of the .varlink files, as GetInterfaceDescription returns them.
extern const std::string_view kSwitchInterface;
extern const std::string_view kServiceInterface;

}  // namespace valed
