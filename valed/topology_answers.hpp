// SPDX-License-Identifier: BSD-2-Clause
// Steps, standings and problems as io.vale.Switch has them.
#pragma once

#include "valed/answers.hpp"

namespace valed {

boost::json::object to_json(const Standings& standing, std::chrono::steady_clock::time_point now);
boost::json::array steps_json(const std::vector<vale::Step>& steps);
/// The typed error with every problem and its place.
Answer invalid_configuration(const std::vector<vale::Problem>& problems);

}  // namespace valed
