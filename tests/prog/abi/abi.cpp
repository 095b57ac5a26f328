// SPDX-License-Identifier: BSD-2-Clause
#include "abi.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace abi {

namespace {

constexpr size_t kPage = 4096;

// A busybox shell would take its own ip, which cannot make a veth pair.
const char* ip_program() {
  for (const char* path : {"/usr/bin/ip", "/usr/sbin/ip", "/sbin/ip", "/bin/ip"})
    if (access(path, X_OK) == 0) return path;
  return "ip";
}

}  // namespace

std::string error_name(int err) {
  if (err == 0) return "0";
  const char* name = strerrorname_np(err);
  return name != nullptr ? name : std::to_string(err);
}

std::string text(const char* format, ...) {
  char buffer[512];
  va_list args;
  va_start(args, format);
  vsnprintf(buffer, sizeof(buffer), format, args);
  va_end(args);
  return buffer;
}

void Fd::reset() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

Fd open_device() {
  const int fd = open(NETMAP_DEVICE_NAME, O_RDWR | O_CLOEXEC);
  if (fd >= 0) return Fd(fd);
  perror(NETMAP_DEVICE_NAME);
  exit(1);
}

nmreq_header header_of(uint16_t type, const char* name, void* body) {
  nmreq_header header{};
  header.nr_version = NETMAP_API;
  header.nr_reqtype = type;
  snprintf(header.nr_name, sizeof(header.nr_name), "%s", name);
  header.nr_body = reinterpret_cast<uintptr_t>(body);
  return header;
}

int control(int fd, nmreq_header& header) {
  return ioctl(fd, NIOCCTRL, &header) == 0 ? 0 : errno;
}

std::string legacy_call(const Fd& fd, unsigned long number, nmreq& req) {
  return ioctl(fd.get(), number, &req) == 0 ? "0" : error_name(errno);
}

int request(int fd, uint16_t type, const char* name, void* body) {
  nmreq_header header = header_of(type, name, body);
  return control(fd, header);
}

std::string try_request(uint16_t type, const char* name, void* body) {
  const Fd fd = open_device();
  return error_name(request(fd.get(), type, name, body));
}

nmreq_register body_of(const Ask& ask) {
  nmreq_register body{};
  body.nr_mode = ask.mode;
  body.nr_flags = ask.flags;
  body.nr_ringid = ask.ringid;
  body.nr_mem_id = ask.mem_id;
  body.nr_tx_slots = ask.tx_slots;
  body.nr_rx_slots = ask.rx_slots;
  body.nr_tx_rings = ask.tx_rings;
  body.nr_rx_rings = ask.rx_rings;
  body.nr_host_tx_rings = body.nr_host_rx_rings = ask.host_rings;
  body.nr_extra_bufs = ask.extra_bufs;
  return body;
}

Port::Port(Fd fd, const Ask& ask) : reg(body_of(ask)), fd_(std::move(fd)) {
  nmreq_header header = header_of(NETMAP_REQ_REGISTER, ask.name, &reg);
  header.nr_options = reinterpret_cast<uintptr_t>(ask.option);
  err = control(fd_.get(), header);
  if (err != 0) return;
  void* mem = mmap(nullptr, reg.nr_memsize, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
  if (mem == MAP_FAILED)
    err = errno;
  else
    mem_ = static_cast<char*>(mem);
}

Port::~Port() {
  if (mem_ != nullptr) munmap(mem_, reg.nr_memsize);
}

std::string memory_name(uint16_t mem_id) {
  return mem_id > 1 ? "private" : std::to_string(mem_id);
}

std::string Port::describe() const {
  if (err != 0) return error_name(err);
  return text("0 tx=%ux%u rx=%ux%u host=%u,%u mem=%s extra=%u", reg.nr_tx_rings, reg.nr_tx_slots,
              reg.nr_rx_rings, reg.nr_rx_slots, reg.nr_host_tx_rings, reg.nr_host_rx_rings,
              memory_name(reg.nr_mem_id).c_str(), reg.nr_extra_bufs);
}

void Port::send_broadcast() const {
  netmap_ring& ring = tx();
  netmap_slot& slot = ring.slot[ring.head];
  char* buf = NETMAP_BUF(&ring, slot.buf_idx);
  memset(buf, 0xff, 6);
  memcpy(buf + 6, "\x02\x61\x62\x69\x00\x01\x88\xb5", 8);
  slot.len = 60;
  slot.flags = 0;
  ring.head = ring.cur = nm_ring_next(&ring, ring.head);
}

int Port::poll_now(int events) const {
  pollfd item{.fd = fd(), .events = static_cast<short>(events), .revents = 0};
  return poll(&item, 1, 0) > 0 ? item.revents : 0;
}

std::string try_register(const Ask& ask) {
  return error_name(Port(ask).err);
}

bool shell(const char* command) {
  const std::string line =
      text("ip() { %s \"$@\"; }; { %s; } >/dev/null 2>&1", ip_program(), command);
  return system(line.c_str()) == 0;
}

bool make_netdev(const char* name) {
  return shell(text("ip link add %s type dummy", name).c_str()) ||
         shell(text("ip link add %s type veth peer name %s_p", name, name).c_str());
}

bool write_file(const char* path, const char* value) {
  const Fd fd(open(path, O_WRONLY | O_CLOEXEC));
  return fd.get() >= 0 && write(fd.get(), value, strlen(value)) > 0;
}

bool set_parameter(const char* name, const char* value) {
  for (const char* module : {"netmap", "vale"}) {
    const std::string path = text("/sys/module/%s/parameters/%s", module, name);
    if (access(path.c_str(), F_OK) == 0) return write_file(path.c_str(), value);
  }
  return false;
}

char* missing_page() {
  static char* const page = [] {
    void* pages =
        mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(static_cast<char*>(pages) + kPage, kPage, PROT_NONE);  // unmapped, it would be reused
    return static_cast<char*>(pages) + kPage;
  }();
  return page;
}

void* read_only_page(const void* bytes, size_t size) {
  void* page = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(page, bytes, size);
  mprotect(page, kPage, PROT_READ);
  return page;
}

}  // namespace abi
