// SPDX-License-Identifier: BSD-2-Clause
#define NETMAP_RO
#include "fake_device.hpp"

#include <fcntl.h>
#include <net/netmap_user.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstring>

namespace {

FakeDevice* device;
constexpr std::size_t kIfSize = 1024;

template <class T>
T* at(std::uint64_t address) {
  return reinterpret_cast<T*>(static_cast<std::uintptr_t>(address));
}

std::size_t ring_bytes(std::uint32_t slots) {
  const std::size_t bytes = sizeof(netmap_ring) + slots * sizeof(netmap_slot);
  return (bytes + NM_CACHE_ALIGN - 1) / NM_CACHE_ALIGN * NM_CACHE_ALIGN;
}

bool selected(std::uint32_t index, std::uint32_t rings, std::uint32_t mode, std::uint32_t ring) {
  const bool host = index >= rings;
  switch (mode) {
    case NR_REG_SW:
      return host;
    case NR_REG_NIC_SW:
      return true;
    case NR_REG_ONE_NIC:
      return index == ring;
    case NR_REG_ONE_SW:
      return index == rings + ring;
    default:
      return !host;
  }
}

}  // namespace

extern "C" {
int __real_open(const char* path, int flags, ...);
int __real_ioctl(int fd, unsigned long request, ...);

int __wrap_open(const char* path, int flags, ...) {
  va_list args;
  va_start(args, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(args, int) : 0;
  va_end(args);
  if (device != nullptr && std::strcmp(path, NETMAP_DEVICE_NAME) == 0) return device->open();
  return __real_open(path, flags, mode);
}

int __wrap_ioctl(int fd, unsigned long request, ...) {
  va_list args;
  va_start(args, request);
  void* argument = va_arg(args, void*);
  va_end(args);
  if (device == nullptr || !device->owns(fd)) return __real_ioctl(fd, request, argument);
  const int err = device->ioctl(fd, request, argument);
  if (err == 0) return 0;
  errno = err;
  return -1;
}
}

FakeDevice::FakeDevice() {
  device = this;
}

FakeDevice::~FakeDevice() {
  device = nullptr;
  for (auto& [fd, port] : ports_) {
    if (port.mem != nullptr) ::munmap(port.mem, port.size);
  }
}

int FakeDevice::open() {
  const int fd = ::memfd_create("netmap", MFD_CLOEXEC);
  auto& port = ports_[fd];
  if (port.mem != nullptr) ::munmap(port.mem, port.size);
  port = Port{};
  return fd;
}

int FakeDevice::ioctl(int fd, unsigned long request, void* argument) {
  switch (request) {
    case NIOCREGIF:
      return register_legacy(fd, *static_cast<nmreq*>(argument));
    case NIOCCTRL:
      return control(fd, *static_cast<nmreq_header*>(argument));
    case NIOCTXSYNC:
    case NIOCRXSYNC:
      if (ports_[fd].mem == nullptr) return ENXIO;
      loop(ports_[fd]);
      return 0;
    default:
      return EINVAL;
  }
}

int FakeDevice::register_legacy(int fd, nmreq& req) {
  legacy.push_back(req);
  if (fail != 0) return fail;
  build(fd, {req.nr_flags & NR_REG_MASK, req.nr_ringid & std::uint32_t{NETMAP_RING_MASK},
             req.nr_flags});
  req.nr_offset = 0;
  req.nr_memsize = static_cast<std::uint32_t>(ports_[fd].size);
  req.nr_tx_rings = tx_rings;
  req.nr_rx_rings = rx_rings;
  req.nr_tx_slots = req.nr_rx_slots = slots;
  if (req.nr_arg2 == 0) req.nr_arg2 = mem_id;
  return 0;
}

void FakeDevice::see_options(nmreq_header& header) {
  options.clear();
  for (auto next = header.nr_options; next != 0;) {
    auto* option = at<nmreq_option>(next);
    options.push_back(option->nro_reqtype);
    option->nro_status = static_cast<std::uint32_t>(option_error);
    if (option->nro_reqtype == NETMAP_REQ_OPT_OFFSETS) offsets = *at<nmreq_opt_offsets>(next);
    if (option->nro_reqtype == NETMAP_REQ_OPT_EXTMEM) extmem = *at<nmreq_opt_extmem>(next);
    next = option->nro_next;
  }
}

int FakeDevice::control(int fd, nmreq_header& header) {
  headers.push_back(header);
  see_options(header);
  if (fail != 0) return fail;
  if (option_error != 0 && !options.empty()) return option_error;
  if (header.nr_reqtype == NETMAP_REQ_PORT_INFO_GET) {
    auto& info = *at<nmreq_port_info_get>(header.nr_body);
    info.nr_mem_id = mem_id;
    infos.push_back(info);
    return 0;
  }
  if (header.nr_reqtype != NETMAP_REQ_REGISTER) return EINVAL;
  auto& reg = *at<nmreq_register>(header.nr_body);
  registers.push_back(reg);
  build(fd, {reg.nr_mode, reg.nr_ringid, reg.nr_flags, reg.nr_extra_bufs});
  reg.nr_offset = 0;
  reg.nr_memsize = ports_[fd].size;
  reg.nr_tx_rings = tx_rings;
  reg.nr_rx_rings = rx_rings;
  reg.nr_tx_slots = reg.nr_rx_slots = slots;
  if (reg.nr_mem_id == 0) reg.nr_mem_id = mem_id;
  return 0;
}

void FakeDevice::build(int fd, const Binding& binding) {
  Port& port = ports_[fd];
  const std::size_t rings = tx_rings + rx_rings + std::size_t{2} * host_rings;
  const std::size_t ring_size = ring_bytes(slots);
  const std::size_t bufs = 2 + rings * slots + binding.extra_bufs;
  port.size = (kIfSize + rings * ring_size + bufs * buf_size + 4095) & ~4095UL;
  port.tx_rings = tx_rings + host_rings;
  port.rx_rings = rx_rings + host_rings;
  if (::ftruncate(fd, static_cast<off_t>(port.size)) != 0) return;
  port.mem =
      static_cast<char*>(::mmap(nullptr, port.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  auto* nifp = NETMAP_IF(port.mem, 0);
  nifp->ni_tx_rings = tx_rings;
  nifp->ni_rx_rings = rx_rings;
  nifp->ni_host_tx_rings = nifp->ni_host_rx_rings = host_rings;
  for (std::uint32_t i = 0; i < port.tx_rings + port.rx_rings; i++) {
    const bool tx = i < port.tx_rings;
    const std::uint32_t index = tx ? i : i - port.tx_rings;
    const bool absent = (binding.flags & (tx ? NR_RX_RINGS_ONLY : NR_TX_RINGS_ONLY)) != 0;
    build_ring(port, i, tx,
               !absent && selected(index, tx ? tx_rings : rx_rings, binding.mode, binding.ring));
  }
  link_extra(*nifp, *NETMAP_AT_(netmap_ring, port.mem, kIfSize),
             static_cast<std::uint32_t>(2 + rings * slots), binding.extra_bufs);
}

void FakeDevice::link_extra(netmap_if& nifp, netmap_ring& ring, std::uint32_t first,
                            std::uint32_t count) {
  nifp.ni_bufs_head = count == 0 ? 0 : first;
  for (std::uint32_t i = 0; i < count; i++) {
    *NETMAP_AT_(std::uint32_t, NETMAP_BUF(&ring, first + i), 0) = i + 1 < count ? first + i + 1 : 0;
  }
}

void FakeDevice::build_ring(Port& port, std::uint32_t index, bool tx, bool bound) {
  const std::size_t ring_size = ring_bytes(slots);
  const std::size_t offset = kIfSize + index * ring_size;
  const std::size_t bufs = kIfSize + (port.tx_rings + port.rx_rings) * ring_size;
  auto* ring = NETMAP_AT_(netmap_ring, port.mem, offset);
  NETMAP_IF(port.mem, 0)->ring_ofs[index] = bound ? static_cast<ssize_t>(offset) : 0;
  ring->buf_ofs = static_cast<std::int64_t>(bufs - offset);
  ring->num_slots = slots;
  ring->nr_buf_size = buf_size;
  ring->dir = tx ? 1 : 0;
  ring->tail = tx ? slots - 1 : 0;
  for (std::uint32_t i = 0; i < slots; i++) ring->slot[i].buf_idx = 2 + index * slots + i;
}

// Everything up to head is sent; what does not fit is dropped, as VALE does.
void FakeDevice::loop(const Port& port) {
  auto* nifp = NETMAP_IF(port.mem, 0);
  for (std::uint32_t i = 0; i < std::min(nifp->ni_tx_rings, nifp->ni_rx_rings); i++) {
    if (nifp->ring_ofs[i] == 0 || nifp->ring_ofs[port.tx_rings + i] == 0) continue;
    auto* tx = NETMAP_TXRING(nifp, i);
    auto* rx = NETMAP_RXRING(nifp, i);
    for (auto from = nm_ring_next(tx, tx->tail); from != tx->head; from = nm_ring_next(tx, from)) {
      if (nm_ring_next(rx, rx->tail) == rx->head) continue;
      netmap_slot& slot = rx->slot[rx->tail];
      slot.len = tx->slot[from].len;
      slot.flags = tx->slot[from].flags;
      std::memcpy(NETMAP_BUF(rx, slot.buf_idx), NETMAP_BUF(tx, tx->slot[from].buf_idx), slot.len);
      rx->tail = nm_ring_next(rx, rx->tail);
    }
    tx->tail = tx->head == 0 ? tx->num_slots - 1 : tx->head - 1;
  }
}
