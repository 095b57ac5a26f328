// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "lib/varlink.hpp"

namespace vale::varlink {

/// The typed error of io.vale.Switch (or org.varlink.service) for an Error, and back.
Reply error_reply(const Error& error);
Error error_from_reply(const Reply& reply);

}  // namespace vale::varlink
