// SPDX-License-Identifier: BSD-2-Clause
// Prints the ports of every switch, or of one, and their packets; with "--watch" the events after
// that.
//
//     c++ -std=c++20 main.cpp $(pkg-config --cflags --libs vale)
#include <vale/client.hpp>

#include <cstring>
#include <iostream>

namespace {

int complain(const vale::Error& error) {
  std::cerr << "vale-example: " << error.context << '\n';
  return 1;
}

bool print(const vale::Event& event) {
  std::cout << event.type << ' ' << event.switch_name << ' ' << event.port << std::endl;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const bool watching = argc > 1 && std::strcmp(argv[1], "--watch") == 0;
  const std::string name = argc > 1 && !watching ? argv[1] : "";
  const auto client = vale::Client::connect();
  if (!client) return complain(client.error());

  const auto ports = (*client)->ports(name);
  if (!ports) return complain(ports.error());
  for (const auto& port : *ports) {
    std::cout << port.name << ": " << port.counters[VALE_CNT_IN_PACKETS] << " packets in, "
              << port.counters[VALE_CNT_OUT_PACKETS] << " out, " << port.dropped() << " dropped\n";
  }
  if (!watching) return 0;
  const auto watched = (*client)->watch("", print);
  return watched ? 0 : complain(watched.error());
}
