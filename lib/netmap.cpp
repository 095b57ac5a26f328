// SPDX-License-Identifier: BSD-2-Clause
#include "lib/netmap.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/vale.h>
#include <net/netmap.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cstring>

#include "lib/port_name.hpp"

namespace vale {
namespace {

constexpr std::uint32_t kNoPort = 255;

int system_ioctl(int fd, unsigned long request, void* argument) {
  return ::ioctl(fd, request, argument) == 0 ? 0 : errno;
}

std::uint64_t address(const void* p) {
  return reinterpret_cast<std::uintptr_t>(p);
}

}  // namespace

struct Netmap::Exchange {
  std::uint16_t type;
  std::string name;
  void* body = nullptr;
  void* option = nullptr;
};

Result<Netmap> Netmap::open() {
  UniqueFd fd(::open(NETMAP_DEVICE_NAME, O_RDWR | O_CLOEXEC));
  if (fd) return Netmap(std::move(fd), system_ioctl);
  switch (errno) {
    case ENOENT:
    case ENXIO:
    case ENODEV:
      return fail(Errc::kKernelUnavailable, NETMAP_DEVICE_NAME,
                  "there is no " NETMAP_DEVICE_NAME ": load the module with `modprobe vale`");
    case EACCES:
    case EPERM:
      return fail(Errc::kNotPermitted, NETMAP_DEVICE_NAME,
                  "you may not open " NETMAP_DEVICE_NAME
                  ": be root, or start valed (`systemctl start valed`) and be in group vale");
    default:
      return fail_errno(errno, NETMAP_DEVICE_NAME, "cannot open " NETMAP_DEVICE_NAME);
  }
}

Result<void> Netmap::call(Exchange& exchange) {
  nmreq_header header{};
  header.nr_version = NETMAP_API;
  header.nr_reqtype = exchange.type;
  header.nr_body = address(exchange.body);
  header.nr_options = address(exchange.option);
  if (exchange.name.size() >= sizeof(header.nr_name)) {
    return fail_errno(ENAMETOOLONG, exchange.name, exchange.name);
  }
  std::memcpy(header.nr_name, exchange.name.data(), exchange.name.size());
  if (const int err = ioctl_(fd_.get(), NIOCCTRL, &header); err != 0) {
    return fail_errno(err, exchange.name, exchange.name);
  }
  exchange.name = std::string(header.nr_name, ::strnlen(header.nr_name, sizeof(header.nr_name)));
  return {};
}

Result<void> Netmap::fill_rings(const AttachRequest& request, vale_opt_rings& option) {
  const RingSet rx = request.rx_rings.value_or(RingSet::none());
  const RingSet tx = request.tx_rings.value_or(RingSet::none());
  PortGeometry nic;
  if (rx.is_all() || tx.is_all()) {
    const auto name = parse_port_name(request.name);
    if (!name) return tl::unexpected(name.error());
    const auto info = port_info(name->port);
    if (!info) return tl::unexpected(info.error());
    nic = *info;
  }
  const auto rx_words = rx.words(nic.rx_rings);
  const auto tx_words = tx.words(nic.tx_rings);
  option.nro_reqtype = VALE_REQ_OPT_RINGS;
  option.nro_size = sizeof(option);
  std::copy(rx_words.begin(), rx_words.end(), option.rx);
  std::copy(tx_words.begin(), tx_words.end(), option.tx);
  return {};
}

Result<std::uint32_t> Netmap::attach(const AttachRequest& request) {
  nmreq_vale_attach body{};
  vale_opt_rings rings{};
  body.reg.nr_mode = request.host ? NR_REG_NIC_SW : NR_REG_ALL_NIC;
  body.reg.nr_mem_id = request.mem_id;
  body.reg.nr_tx_slots = request.tx_slots;
  body.reg.nr_rx_slots = request.rx_slots;
  body.reg.nr_tx_rings = request.tx_ring_count;
  body.reg.nr_rx_rings = request.rx_ring_count;
  Exchange exchange{NETMAP_REQ_VALE_ATTACH, request.name, &body, nullptr};
  const bool partial = request.rx_rings.has_value() || request.tx_rings.has_value();
  if (partial) {
    if (const auto filled = fill_rings(request, rings); !filled) {
      return tl::unexpected(filled.error());
    }
    exchange.option = &rings;
  }
  if (const auto done = call(exchange); !done) return tl::unexpected(done.error());
  if (partial && rings.nro_status != 0) {
    // A module that does not know the option has attached every ring: undo, it is not what was
    // asked for.
    const auto undone = detach(request.name);
    return fail_errno(static_cast<int>(rings.nro_status), request.name,
                      undone ? "ring sets" : "ring sets (and detaching again failed)");
  }
  return body.port_index;
}

Result<std::uint32_t> Netmap::detach(const std::string& name) {
  nmreq_vale_detach body{};
  Exchange exchange{NETMAP_REQ_VALE_DETACH, name, &body};
  if (const auto done = call(exchange); !done) return tl::unexpected(done.error());
  return body.port_index;
}

Result<PortPlace> Netmap::find(const std::string& name) {
  nmreq_vale_list body{};
  Exchange exchange{NETMAP_REQ_VALE_LIST, name, &body};
  if (const auto done = call(exchange); !done) return tl::unexpected(done.error());
  if (body.nr_port_idx == kNoPort) return fail_errno(ENXIO, name, name);
  return PortPlace{name, body.nr_bridge_idx, body.nr_port_idx};
}

Result<std::vector<PortPlace>> Netmap::list() {
  std::vector<PortPlace> places;
  nmreq_vale_list body{};
  for (;;) {
    Exchange exchange{NETMAP_REQ_VALE_LIST, "", &body};
    if (const auto done = call(exchange); !done) {
      if (done.error().errnum() == ENOENT) return places;
      return tl::unexpected(done.error());
    }
    places.push_back(PortPlace{exchange.name, body.nr_bridge_idx, body.nr_port_idx});
    ++body.nr_port_idx;
  }
}

Result<PortGeometry> Netmap::port_info(const std::string& name) {
  nmreq_port_info_get body{};
  Exchange exchange{NETMAP_REQ_PORT_INFO_GET, name, &body};
  if (const auto done = call(exchange); !done) return tl::unexpected(done.error());
  return PortGeometry{body.nr_memsize,       body.nr_tx_slots, body.nr_rx_slots,
                      body.nr_tx_rings,      body.nr_rx_rings, body.nr_host_tx_rings,
                      body.nr_host_rx_rings, body.nr_mem_id};
}

Result<PortGeometry> Netmap::new_port(const NewPort& request) {
  nmreq_vale_newif body{};
  body.nr_tx_slots = request.tx_slots;
  body.nr_rx_slots = request.rx_slots;
  body.nr_tx_rings = request.tx_rings;
  body.nr_rx_rings = request.rx_rings;
  body.nr_mem_id = request.mem_id;
  Exchange exchange{NETMAP_REQ_VALE_NEWIF, request.name, &body};
  if (const auto done = call(exchange); !done) return tl::unexpected(done.error());
  PortGeometry made;
  made.tx_slots = body.nr_tx_slots;
  made.rx_slots = body.nr_rx_slots;
  made.tx_rings = body.nr_tx_rings;
  made.rx_rings = body.nr_rx_rings;
  made.mem_id = body.nr_mem_id;
  return made;
}

Result<void> Netmap::delete_port(const std::string& name) {
  Exchange exchange{NETMAP_REQ_VALE_DELIF, name};
  return call(exchange);
}

Result<void> Netmap::start_polling(const std::string& name, const Polling& polling) {
  nmreq_vale_polling body{};
  body.nr_mode =
      polling.cpu_per_ring ? NETMAP_POLLING_MODE_MULTI_CPU : NETMAP_POLLING_MODE_SINGLE_CPU;
  body.nr_first_cpu_id = polling.first_cpu;
  body.nr_num_polling_cpus = polling.cpus;
  Exchange exchange{NETMAP_REQ_VALE_POLLING_ENABLE, name, &body};
  return call(exchange);
}

Result<void> Netmap::stop_polling(const std::string& name) {
  nmreq_vale_polling body{};
  Exchange exchange{NETMAP_REQ_VALE_POLLING_DISABLE, name, &body};
  return call(exchange);
}

Result<UniqueFd> Netmap::confine(const std::string& name) && {
  vale_confine to{};
  if (name.size() >= sizeof(to.name)) return fail_errno(ENAMETOOLONG, name, name);
  std::memcpy(to.name, name.data(), name.size());
  if (const int err = ioctl_(fd_.get(), VALE_IOC_CONFINE, &to); err != 0) {
    return fail_errno(err, name, name);
  }
  return std::move(fd_);
}

}  // namespace vale
