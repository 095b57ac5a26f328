// SPDX-License-Identifier: BSD-2-Clause
// A /dev/netmap of our own, in the process: open(2) and ioctl(2) of the test program end up here
// (linked with --wrap). A registered port has real rings in a mapping; a sync sends what is in TX
// ring i to RX ring i of the same port.
#pragma once

#include <net/netmap.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

class FakeDevice {
 public:
  FakeDevice();
  ~FakeDevice();
  FakeDevice(const FakeDevice&) = delete;
  FakeDevice& operator=(const FakeDevice&) = delete;

  // What ports look like from now on.
  std::uint16_t tx_rings = 2, rx_rings = 2, host_rings = 1, mem_id = 7;
  std::uint32_t slots = 8, buf_size = 256;
  int fail = 0;          // errno of the next registrations
  int option_error = 0;  // nro_status of every option

  // What was asked.
  std::vector<nmreq> legacy;
  std::vector<nmreq_header> headers;
  std::vector<nmreq_register> registers;
  std::vector<nmreq_port_info_get> infos;
  std::vector<std::uint32_t> options;  // types, in list order, of the last request
  nmreq_opt_offsets offsets{};
  nmreq_opt_extmem extmem{};

  int open();
  bool owns(int fd) const { return ports_.count(fd) != 0; }
  int ioctl(int fd, unsigned long request, void* argument);

 private:
  struct Port {
    char* mem = nullptr;
    std::size_t size = 0;
    std::uint32_t tx_rings = 0, rx_rings = 0;
  };
  struct Binding {
    std::uint32_t mode, ring;
    std::uint64_t flags;
    std::uint32_t extra_bufs = 0;
  };

  int register_legacy(int fd, nmreq& req);
  int control(int fd, nmreq_header& header);
  void see_options(nmreq_header& header);
  void build(int fd, const Binding& binding);
  static void link_extra(netmap_if& nifp, netmap_ring& ring, std::uint32_t first,
                         std::uint32_t count);
  void build_ring(Port& port, std::uint32_t index, bool tx, bool bound);
  static void loop(const Port& port);

  std::map<int, Port> ports_;
};
