// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstdio>
#include <random>

#include "apps/common/open_port.hpp"
#include "apps/common/process.hpp"
#include "apps/common/text.hpp"
#include "apps/pkt-gen/report.hpp"
#include "apps/pkt-gen/worker.hpp"
#include "lib/unique_fd.hpp"

namespace pkt_gen {
namespace {

// Of the netdev if it is one, else one of our own.
std::uint64_t own_mac(const std::string& name) {
  const vale::UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  name.copy(request.ifr_name, sizeof(request.ifr_name) - 1);
  if (::ioctl(fd.get(), SIOCGIFHWADDR, &request) == 0 &&
      request.ifr_hwaddr.sa_family == ARPHRD_ETHER) {
    vale::MacAddress mac;
    std::copy_n(request.ifr_hwaddr.sa_data, mac.size(), mac.begin());
    return MacRange::pack(mac);
  }
  std::random_device random;
  return 0x020000000000 | std::uint64_t{random() & 0xffffff};
}

// The header the port has, or shall have.
std::uint32_t header_of(const vale::netmap::Port& port, int wanted) {
  if (wanted >= 0) {
    const auto length = static_cast<std::uint32_t>(wanted);
    if (const auto has = port.header_length(); has && *has == length) return length;
    if (const auto done = port.set_header_length(length); !done) {
      throw std::runtime_error("-H: " + done.error().context);
    }
    return length;
  }
  return port.header_length().value_or(0);
}

void run_function(Worker& worker) {
  switch (worker.config.function) {
    case Function::kTx:
    case Function::kTxSeq:
      return send_packets(worker);
    case Function::kRx:
    case Function::kRxSeq:
      return receive_packets(worker);
    case Function::kPing:
      return ping(worker);
    case Function::kPong:
      return pong(worker);
  }
}

void run_thread(Worker& worker) {
  try {
    if (worker.config.affinity >= 0) {
      const int cpus = worker.config.cpus == 0 ? apps::cpu_count() : worker.config.cpus;
      apps::pin_to_cpus({worker.config.affinity + static_cast<int>(worker.index) % cpus});
    }
    if (worker.port) {
      run_function(worker);
    } else {
      use_plain_device(worker);
    }
  } catch (const std::exception& e) {
    worker.error = e.what();
    apps::stop = true;
  }
  worker.done = true;
}

Workers make_workers(const Config& config) {
  Workers workers;
  for (std::uint32_t i = 0; i < config.threads; i++) {
    workers.push_back(std::make_unique<Worker>(config, i));
    workers.back()->count =
        config.count / config.threads + (i < config.count % config.threads ? 1 : 0);
  }
  // no packets at all would mean: for ever
  if (config.count != 0 && config.count < config.threads)
    throw apps::UsageError("-n: fewer packets than threads");
  return workers;
}

// One thread has all the rings of the port, each of several has a pair.
void open_ports(Workers& workers, Config& config) {
  if (is_plain_device(config.interface)) return;
  config.port.flags |= NR_ACCEPT_VNET_HDR;
  if (config.threads > 1 && config.port.tx_rings == 0) {
    config.port.tx_rings = config.port.rx_rings = static_cast<std::uint16_t>(config.threads);
  }
  auto first = apps::open_port(config.interface, config.port);
  const std::uint32_t header = header_of(first, config.header);
  if (!config.src_mac_given) {
    const std::uint64_t mac = own_mac(first.name());
    config.flows.src_mac = {mac, mac};
  }
  fmt::print("{}: {} tx {} rx rings, {} tx {} rx slots, memory {}\n", first.name(),
             first.request().nr_tx_rings, first.request().nr_rx_rings, first.request().nr_tx_slots,
             first.request().nr_rx_slots, first.mem_id());
  for (auto& worker : workers) {
    worker->header = header;
    if (workers.size() > 1) {
      worker->port =
          apps::value_or_throw(first.open_ring(static_cast<std::uint16_t>(worker->index)));
    }
  }
  if (workers.size() == 1) workers[0]->port = std::move(first);
}

// What the threads are about to do. Scripts look for the first line.
void announce(const Config& config, const Workers& workers) {
  const bool sends = config.sends() || config.function == Function::kPing;
  const auto& port = workers[0]->port;
  const std::size_t queues = !port ? 1 : (sends ? port->tx() : port->rx()).size() * workers.size();
  fmt::print("{} {}: {} queues, {} threads and {} cpus.\n", sends ? "Sending on" : "Receiving from",
             port ? apps::full_spec(config.interface) : config.interface, queues, workers.size(),
             config.cpus);
  if (sends) fmt::print("{}\n", config.flows.text(config.v6));
}

int run(int argc, char** argv) {
  Config config;
  if (!parse_arguments(argc, argv, config)) return apps::kOk;
  apps::catch_signals();
  Workers workers = make_workers(config);
  open_ports(workers, config);
  announce(config, workers);
  apps::pause_for(config.wait);
  std::fflush(stdout);
  std::vector<std::thread> threads;
  for (auto& worker : workers) threads.emplace_back(run_thread, std::ref(*worker));
  Reporter reporter(config);
  reporter.watch(workers);
  for (auto& thread : threads) thread.join();
  reporter.finish(workers);
  for (const auto& worker : workers) {
    if (!worker->error.empty()) throw std::runtime_error(worker->error);
  }
  return apps::kOk;
}

}  // namespace
}  // namespace pkt_gen

int main(int argc, char** argv) {
  return apps::run_tool("pkt-gen", pkt_gen::run, argc, argv);
}
