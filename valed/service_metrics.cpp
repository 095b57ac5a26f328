// SPDX-License-Identifier: BSD-2-Clause
#include <array>

#include "lib/metrics.hpp"
#include "valed/service.hpp"

namespace valed {
namespace {

using vale::metrics::Text;

void put_standings(Text& text, const std::vector<Standings>& standings) {
  text.begin("vale_topology_objects", "gauge", "Wanted switches and ports, by how they stand.");
  for (const auto standing : {Standing::kActive, Standing::kWaiting, Standing::kFailed,
                              Standing::kDetached, Standing::kLeaving}) {
    std::uint64_t count = 0;
    for (const auto& one : standings) count += one.standing == standing ? 1 : 0;
    text.sample({{"standing", standing_name(standing)}}, count);
  }
}

}  // namespace

std::string Service::metrics() {
  Text text;
  const auto switches = kernel_.switches();
  const auto ports = switches ? kernel_.ports("") : tl::unexpected(switches.error());
  text.begin("valed_build_info", "gauge", "The running version.");
  text.sample({{"version", VALE_VERSION}}, 1);
  text.single("vale_up", "gauge", "1 while the kernel module answers.", ports ? 1 : 0);
  if (ports) {
    put_switches(text, *switches);
    put_ports(text, *ports);
  }
  if (const auto standings = engine_.reconciler.standings()) put_standings(text, *standings);
  const auto up = std::chrono::duration_cast<std::chrono::seconds>(clock_() - started_).count();
  text.single("valed_uptime_seconds", "gauge", "Since valed started.",
              static_cast<std::uint64_t>(up));
  text.single("valed_clients", "gauge", "Connected clients.", clients_);
  text.single("valed_calls_total", "counter", "Calls of clients.", calls_);
  text.single("valed_errors_total", "counter", "Calls that failed, and other errors.", errors_);
  text.single("valed_configuration_valid", "gauge", "1 if the files were taken as they are.",
              config_problem_.empty() ? 1 : 0);
  return text.written();
}

}  // namespace valed
