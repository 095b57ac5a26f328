// SPDX-License-Identifier: BSD-2-Clause
#include <exception>
#include <iostream>

#include "vale-ctl/commands.hpp"

int main(int argc, char** argv) try {
  auto context = vale_ctl::system_context(std::cout, std::cerr);
  return vale_ctl::run(context, {argv + 1, argv + argc});
} catch (const std::exception& e) {
  std::cerr << "vale-ctl: " << e.what() << '\n';
  return vale_ctl::kFailed;
}
