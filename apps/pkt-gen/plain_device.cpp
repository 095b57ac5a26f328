// SPDX-License-Identifier: BSD-2-Clause
// tx and rx without netmap, to compare: a TAP device, whatever libpcap opens, or nothing at all.
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>

#include "apps/common/process.hpp"
#include "apps/pkt-gen/pace.hpp"
#include "apps/pkt-gen/source.hpp"
#include "apps/pkt-gen/worker.hpp"
#include "lib/unique_fd.hpp"

namespace pkt_gen {
namespace {

// One packet at a time: false if it could not be sent, a length or nothing if none came.
struct Device {
  std::function<bool(std::span<const std::uint8_t>)> send;
  std::function<std::size_t()> receive;
};

// A queue that is full for the moment: the packet is tried again.
bool is_full(int err) {
  return err == EAGAIN || err == EINTR || err == ENOBUFS;
}

bool write_to_tap(int fd, const std::string& name, std::span<const std::uint8_t> packet) {
  if (::write(fd, packet.data(), packet.size()) >= 0) return true;
  if (is_full(errno)) return false;
  throw std::runtime_error("tap:" + name + ": " + std::strerror(errno) +
                           (errno == EIO ? " (is it up?)" : ""));
}

bool inject(pcap_t* handle, const std::string& name, std::span<const std::uint8_t> packet) {
  if (pcap_inject(handle, packet.data(), packet.size()) >= 0) return true;
  if (is_full(errno)) return false;
  throw std::runtime_error("pcap:" + name + ": " + pcap_geterr(handle));
}

vale::UniqueFd open_tap(const std::string& name) {
  vale::UniqueFd fd(::open("/dev/net/tun", O_RDWR | O_CLOEXEC));
  ifreq request{};
  if (name.size() >= sizeof(request.ifr_name)) {
    throw std::runtime_error("tap:" + name + ": longer than a netdev's name can be");
  }
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  name.copy(request.ifr_name, name.size());
  if (!fd || ::ioctl(fd.get(), TUNSETIFF, &request) != 0) {
    throw std::runtime_error("tap:" + name + ": " + std::strerror(errno));
  }
  return fd;
}

Device tap_device(const std::string& name) {
  const auto fd = std::make_shared<vale::UniqueFd>(open_tap(name));
  return {[fd, name](std::span<const std::uint8_t> packet) {
            return write_to_tap(fd->get(), name, packet);
          },
          [fd]() -> std::size_t {
            std::array<char, 65536> buffer;
            pollfd item{fd->get(), POLLIN, 0};
            if (::poll(&item, 1, 200) <= 0) return 0;
            const ssize_t n = ::read(fd->get(), buffer.data(), buffer.size());
            return n > 0 ? static_cast<std::size_t>(n) : 0;
          }};
}

Device pcap_device(const std::string& name) {
  char error[PCAP_ERRBUF_SIZE] = "";
  const std::shared_ptr<pcap_t> handle(pcap_open_live(name.c_str(), 65535, 1, 200, error),
                                       [](pcap_t* p) {
                                         if (p != nullptr) pcap_close(p);
                                       });
  if (!handle) throw std::runtime_error("pcap:" + name + ": " + error);
  return {[handle, name](std::span<const std::uint8_t> packet) {
            return inject(handle.get(), name, packet);
          },
          [handle]() -> std::size_t {
            pcap_pkthdr* header = nullptr;
            const u_char* bytes = nullptr;
            return pcap_next_ex(handle.get(), &header, &bytes) == 1 ? header->len : 0;
          }};
}

Device null_device() {
  return {[](std::span<const std::uint8_t>) { return true; },
          []() -> std::size_t {
            apps::pause_for(0.2);
            return 0;
          }};
}

Device open_device(const std::string& name) {
  if (name.starts_with("tap:")) return tap_device(name.substr(4));
  if (name.starts_with("pcap:")) return pcap_device(name.substr(5));
  return null_device();
}

void send_on(Worker& worker, const Device& device) {
  PacketSource source(worker.config, worker.header, worker.index);
  const Pace pace(worker.config.rate / worker.config.threads, worker.started_ns);
  std::uint64_t sent = 0;
  while (!apps::stop && (worker.count == 0 || sent < worker.count)) {
    pace.allowance(sent, 1);
    const auto packet = source.next();
    if (!device.send(packet)) continue;
    worker.counters.add(1, packet.size());
    sent++;
  }
}

void receive_on(Worker& worker, const Device& device) {
  while (!apps::stop && (worker.count == 0 || worker.counters.packets() < worker.count)) {
    if (const std::size_t size = device.receive(); size != 0) worker.counters.add(1, size);
  }
}

}  // namespace

bool is_plain_device(const std::string& name) {
  return name.starts_with("tap:") || name.starts_with("pcap:") || name == "null";
}

void use_plain_device(Worker& worker) {
  const Device device = open_device(worker.config.interface);
  worker.started_ns = apps::now_ns();
  switch (worker.config.function) {
    case Function::kTx:
    case Function::kTxSeq:
      send_on(worker, device);
      break;
    case Function::kRx:
      receive_on(worker, device);
      break;
    default:
      throw std::runtime_error("only tx, txseq and rx work without netmap");
  }
  worker.ended_ns = apps::now_ns();
}

}  // namespace pkt_gen
