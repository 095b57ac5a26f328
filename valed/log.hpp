// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace valed {

/// To stderr: with the journal's level prefixes if it reads that, else with time stamps.
void set_up_log(bool plain, bool verbose);

}  // namespace valed
