// SPDX-License-Identifier: BSD-2-Clause
// What a row of abi-errno is made of: a request, and its answer as text.
#pragma once

#include <net/netmap.h>
#include <net/netmap_user.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace abi {

// Answers are texts like "EINVAL" or "0 mem_id=1". Where several are right, want lists them with
// " | " between. "SKIP why" counts as neither right nor wrong.
struct Case {
  const char* name;
  const char* want;
  std::string (*run)();
};

using Table = std::span<const Case>;

Table device_table();    // node, mmap, poll, sync
Table envelope_table();  // NIOCCTRL header and body
Table option_table();    // option lists
Table name_table();      // port names
Table register_table();  // REGISTER
Table layout_table();    // what REGISTER lays out in the region
Table info_table();      // PORT_INFO_GET, POOLS_INFO_GET, memory ids
Table vale_table();      // ATTACH, DETACH, LIST
Table newif_table();     // NEWIF, DELIF
Table legacy_table();    // struct nmreq
Table null_table();      // null ports
Table pipe_table();      // pipes
Table monitor_table();   // monitors
Table offsets_table();   // the option OFFSETS
Table extmem_table();    // the option EXTMEM
Table header_table();    // PORT_HDR_SET, PORT_HDR_GET
Table csb_table();       // CSB mode, sync loop
Table polling_table();   // VALE_POLLING_ENABLE, _DISABLE
Table confine_table();   // VALE_IOC_CONFINE
Table limit_table();     // slow: how many ports and switches

// "0" or "EINVAL".
std::string error_name(int err);

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() { reset(); }
  void reset();
  int get() const { return fd_; }

 private:
  int fd_;
};

Fd open_device();

// Of one REGISTER. Zero is the port's own choice.
struct Ask {
  const char* name = "";
  uint32_t mode = NR_REG_ALL_NIC;
  uint64_t flags = 0;
  uint16_t ringid = 0;
  uint16_t mem_id = 0;
  uint32_t tx_slots = 0;
  uint32_t rx_slots = 0;
  uint16_t tx_rings = 0;
  uint16_t rx_rings = 0;
  uint16_t host_rings = 0;
  uint32_t extra_bufs = 0;
  nmreq_option* option = nullptr;
};

nmreq_register body_of(const Ask& ask);

// A registered and mapped port; err says why not.
class Port {
 public:
  explicit Port(const Ask& ask) : Port(open_device(), ask) {}
  Port(Fd fd, const Ask& ask);
  Port(Port&& other) noexcept
      : err(other.err),
        reg(other.reg),
        fd_(std::move(other.fd_)),
        mem_(std::exchange(other.mem_, nullptr)) {}
  ~Port();

  int fd() const { return fd_.get(); }
  void close_fd() { fd_.reset(); }
  char* mem() const { return mem_; }
  netmap_if& nifp() const { return *NETMAP_IF(mem_, reg.nr_offset); }
  netmap_ring& tx(uint32_t i = 0) const { return *NETMAP_TXRING(&nifp(), i); }
  netmap_ring& rx(uint32_t i = 0) const { return *NETMAP_RXRING(&nifp(), i); }
  // "0 tx=1x1024 rx=1x1024 host=0,0 mem=private extra=0" or the error.
  std::string describe() const;
  // Sends one frame of 60 bytes to everybody.
  void send_broadcast() const;
  // events of a poll that does not wait, as poll reports them.
  int poll_now(int events) const;

  int err = 0;
  nmreq_register reg{};

 private:
  Fd fd_;
  char* mem_ = nullptr;
};

// Broadcasts of 60 bytes that carry their numbers, first and up; put_frame leaves the sync to
// others.
void put_frame(netmap_ring& ring, uint8_t number, uint16_t flags = 0);
void send(const Port& from, int count, uint8_t first = 1, uint16_t flags = 0);
// The numbers of what waits in RX ring 0, which is given back: "1 2 ", with a t if it shows what
// was sent, and a + for a space if the packet goes on.
std::string receive(const Port& to, uint32_t most = ~0u);

// REGISTER on a fresh descriptor, closed at once: the error's name.
std::string try_register(const Ask& ask);

// A legacy call: "0" or the error's name.
std::string legacy_call(const Fd& fd, unsigned long number, nmreq& req);

// One NIOCCTRL on fd: 0 or the errno.
int request(int fd, uint16_t type, const char* name, void* body);
// The same on a fresh descriptor, as a name.
std::string try_request(uint16_t type, const char* name, void* body);
int control(int fd, nmreq_header& header);

nmreq_header header_of(uint16_t type, const char* name, void* body);

// "private" for a region of its own, else the number.
std::string memory_name(uint16_t mem_id);

std::string text(const char* format, ...) __attribute__((format(printf, 1, 2)));

// True if the shell command succeeds; its output is thrown away.
bool shell(const char* command);

// A netdev to be taken apart: a dummy, or one end of a veth pair where there are none.
bool make_netdev(const char* name);

// False if it cannot be opened or does not take the value.
bool write_file(const char* path, const char* value);
// Writes a module parameter, false if there is none.
bool set_parameter(const char* name, const char* value);

// While it lives new ports have their buffers where the reference has them, and as many.
struct AsReference {
  AsReference() { set_parameter("priv_buf_colour", "0"); }
  ~AsReference() { set_parameter("priv_buf_colour", "1"); }
};

// Two pages of which the second is not there; the address of the second.
char* missing_page();
// A page that can only be read, filled with the bytes.
void* read_only_page(const void* bytes, size_t size);

}  // namespace abi
