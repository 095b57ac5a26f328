// SPDX-License-Identifier: BSD-2-Clause
#include "port.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <utility>

#include "facts.hpp"

namespace matrix {

uint32_t Ring::next(uint32_t index) const {
  return index + 1 == get(abi::netmap_ring::num_slots) ? 0 : index + 1;
}

void Ring::release(uint32_t index) {
  abi::netmap_ring::cur.set(base_, index);
  abi::netmap_ring::head.set(base_, index);
}

void* Ring::slot(uint32_t index) const {
  return base_ + abi::netmap_ring::slot + index * abi::netmap_slot::bytes;
}

char* Ring::buffer(uint32_t index) const {
  return base_ + static_cast<int64_t>(get(abi::netmap_ring::buf_ofs)) +
         abi::netmap_slot::buf_idx.get(slot(index)) * get(abi::netmap_ring::nr_buf_size);
}

Port Port::opened(const std::string& name, Register ask) {
  Port port(name, open_device());
  errno = control(port.fd_, abi::NETMAP_REQ_REGISTER, name, ask.data());
  if (errno != 0) give_up("REGISTER " + name);
  port.owner_ = "nmreq_register";
  port.answer_.assign(static_cast<char*>(ask.data()),
                      static_cast<char*>(ask.data()) + abi::nmreq_register::bytes);
  port.map(ask.get(abi::nmreq_register::nr_offset), ask.get(abi::nmreq_register::nr_memsize));
  return port;
}

Port Port::opened_legacy(const std::string& name, Legacy ask) {
  Port port(name, open_device());
  errno = legacy(port.fd_, abi::NIOCREGIF, ask);
  if (errno != 0) give_up("NIOCREGIF " + name);
  port.owner_ = "nmreq";
  port.answer_.assign(static_cast<char*>(ask.data()),
                      static_cast<char*>(ask.data()) + abi::nmreq::bytes);
  port.map(ask.get(abi::nmreq::nr_offset), ask.get(abi::nmreq::nr_memsize));
  return port;
}

Port::Port(Port&& other) noexcept
    : name_(std::move(other.name_)),
      fd_(std::exchange(other.fd_, -1)),
      memory_(std::exchange(other.memory_, nullptr)),
      bytes_(other.bytes_),
      nifp_(other.nifp_),
      owner_(other.owner_),
      answer_(std::move(other.answer_)) {}

Port::~Port() {
  if (memory_) munmap(memory_, bytes_);
  if (fd_ >= 0) close(fd_);
}

void Port::map(uint64_t offset, uint64_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
  if (memory == MAP_FAILED) give_up("mmap of " + name_);
  memory_ = static_cast<char*>(memory);
  bytes_ = bytes;
  nifp_ = memory_ + offset;
}

uint64_t Port::ring_distance(uint32_t index) const {
  int64_t distance = 0;
  memcpy(&distance, static_cast<char*>(nifp_) + abi::netmap_if::ring_ofs + index * sizeof(distance),
         sizeof(distance));
  return static_cast<uint64_t>(distance);
}

Ring Port::ring(uint32_t index) const {
  return Ring(static_cast<char*>(nifp_) + ring_distance(index));
}

// After the NIC and the host TX rings.
Ring Port::rx() const {
  return ring(abi::netmap_if::ni_tx_rings.get(nifp_) + abi::netmap_if::ni_host_tx_rings.get(nifp_));
}

uint64_t Port::offset_of_ring(const Ring& ring) const {
  return static_cast<uint64_t>(static_cast<char*>(ring.base()) - memory_);
}

void Port::show_answer() const {
  fields((name_ + " answer").c_str(), owner_, answer_.data());
}

void Port::show_memory() const {
  const char* text = static_cast<const char*>(abi::netmap_if::ni_name.at(nifp_));
  fact("%s: ni_name = %.16s", name_.c_str(), text);
  fields(name_.c_str(), "netmap_if", nifp_);
  for (const auto& [what, ring] : {std::pair{"tx", tx()}, std::pair{"rx", rx()}}) {
    const std::string title = name_ + " " + what;
    fact("%s: offset = %llu", title.c_str(), static_cast<unsigned long long>(offset_of_ring(ring)));
    fields(title.c_str(), "netmap_ring", ring.base());
    fields((title + " slot 0").c_str(), "netmap_slot", ring.slot(0));
  }
}

int open_device() {
  const int fd = open(abi::NETMAP_DEVICE_NAME, O_RDWR | O_CLOEXEC);
  if (fd < 0) give_up(abi::NETMAP_DEVICE_NAME);
  return fd;
}

}  // namespace matrix
