// SPDX-License-Identifier: BSD-2-Clause
// Calls into every method on a fake kernel, by root and by a stranger: always an answer, and a
// stranger changes nothing.
#include <spdlog/spdlog.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fake_kernel.hpp"
#include "fake_nic.hpp"
#include "lib/varlink.hpp"
#include "paths_below.hpp"
#include "temp_dir.hpp"
#include "valed/service.hpp"

namespace {

void check(bool good) {
  if (!good) std::abort();
}

std::chrono::steady_clock::time_point beginning() {
  return {};
}

struct World {
  vale::testing::FakeKernel kernel;
  valed::testing::FakeNic nics;
  valed::Engine engine;
  valed::EventHub hub{16};
  valed::Service service;

  explicit World(const std::filesystem::path& directory)
      : engine(kernel, nics, valed::testing::paths_below(directory), beginning),
        service(engine, hub, valed::Authority(0, 42), beginning) {
    kernel.add_port("vale0:a", VALE_PORT_EPHEMERAL);
  }
};

void drain(valed::Answer answer) {
  if (answer.parts) {
    while (answer.parts()) {
    }
  } else if (!answer.watcher) {
    (void)vale::varlink::encode(answer.reply);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const vale::testing::TempDir kDirectory;
  spdlog::set_level(spdlog::level::off);
  const auto call = vale::varlink::parse_call({reinterpret_cast<const char*>(data), size});
  if (!call) return 0;
  World world(kDirectory.path());
  const auto ports = world.kernel.port_table.size();
  drain(world.service.handle({1000, 1, {1000}}, *call));
  check(world.kernel.attached.empty() && world.kernel.port_table.size() == ports &&
        world.kernel.persistent.empty() && world.kernel.switch_table.size() == 1);
  drain(world.service.handle({0, 1, {0}}, *call));
  for (const auto& port : world.engine.preparer.prepared())
    (void)world.engine.preparer.restore(port);
  return 0;
}
