// SPDX-License-Identifier: BSD-2-Clause
// Many clients of valed at once: some call and check what they get, some misbehave. Prints one line
// of JSON (latencies.hpp). Exit status: 0 if every well-behaved client got every answer.
#include <CLI/CLI.hpp>
#include <atomic>
#include <barrier>
#include <cstdio>
#include <thread>

#include "lib/daemon_control.hpp"
#include "tests/control/latencies.hpp"
#include "tests/control/misbehaviour.hpp"

namespace {

struct Options {
  std::string socket = vale::kDefaultSocket;
  std::size_t clients = 1;
  std::size_t calls = 1;
  std::size_t bad = 0;
  std::vector<std::string> methods{"List", "Status", "ListSwitches"};
};

/// Calls as often as the options say, beginning when all others do.
vlload::Record behave(const Options& options, std::barrier<>& start) {
  vlload::Record record;
  auto client = vale::varlink::Client::connect(options.socket);
  start.arrive_and_wait();
  if (!client) {
    record.error = client.error().context;
    return record;
  }
  for (std::size_t i = 0; i < options.calls; ++i) {
    const auto before = std::chrono::steady_clock::now();
    const auto answer =
        client->call("io.vale.Switch." + options.methods[i % options.methods.size()], {});
    if (!answer) {
      record.error = answer.error().context;
      return record;
    }
    record.calls.push_back(std::chrono::steady_clock::now() - before);
  }
  return record;
}

std::vector<vlload::Record> load(const Options& options) {
  std::vector<vlload::Record> records(options.clients);
  std::barrier start(static_cast<std::ptrdiff_t>(options.clients));
  std::vector<std::jthread> threads;
  for (auto& record : records) {
    threads.emplace_back([&options, &start, &record] { record = behave(options, start); });
  }
  threads.clear();
  return records;
}

bool run(const Options& options) {
  std::atomic<bool> done = false;
  std::vector<std::jthread> bad;
  for (std::size_t kind = 0; kind < options.bad; ++kind) {
    bad.emplace_back([&options, &done, kind] { vlload::misbehave(options.socket, kind, done); });
  }
  const auto records = load(options);
  done = true;
  bad.clear();
  std::puts(vlload::summary(records).c_str());
  return std::ranges::all_of(records, [](const auto& record) { return record.error.empty(); });
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Many clients of valed at once"};
  app.add_option("--socket", options.socket, "where valed listens")->capture_default_str();
  app.add_option("--clients", options.clients, "clients that behave")->check(CLI::Range(1, 1000));
  app.add_option("--calls", options.calls, "calls of each of them");
  app.add_option(
      "--bad", options.bad,
      "clients that misbehave, of " + std::to_string(vlload::misbehaviours()) + " kinds in turn");
  app.add_option("--methods", options.methods, "methods to call in turn, without parameters")
      ->delimiter(',');
  CLI11_PARSE(app, argc, argv);
  return run(options) ? 0 : 1;
}
