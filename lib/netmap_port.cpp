// SPDX-License-Identifier: BSD-2-Clause
#include "lib/netmap_port.hpp"

#include <poll.h>
#include <sys/ioctl.h>

#include <cerrno>

namespace vale::netmap {
namespace {

thread_local std::string last_message;

// Messages become part of the Error; mappings are shared by all ports of the process.
nmctx* context() {
  static nmctx ours = [] {
    nmctx_set_threadsafe();
    nmctx copy = *nmctx_get();
    copy.error = [](nmctx*, const char* message) {
      if (last_message.empty()) last_message = message;
    };
    copy.mem_descs = nullptr;
    return copy;
  }();
  return &ours;
}

tl::unexpected<Error> failed(const std::string& spec) {
  const int err = errno;
  const std::string message = std::exchange(last_message, {});
  return tl::unexpected(Error{{err, std::generic_category()}, spec, message});
}

std::vector<Ring> rings(const netmap_if* nifp, std::uint32_t from, std::uint32_t count) {
  std::vector<Ring> found;
  for (std::uint32_t i = from; i < from + count; i++) {
    if (nifp->ring_ofs[i] != 0)
      found.emplace_back(NETMAP_AT_(netmap_ring, nifp, nifp->ring_ofs[i]));
  }
  return found;
}

Result<void> request_header(const nmport_d& port, std::uint16_t type, nmreq_port_hdr& body) {
  nmreq_header header;
  nmreq_header_init(&header, type, &body);
  std::copy(std::begin(port.hdr.nr_name), std::end(port.hdr.nr_name), header.nr_name);
  if (::ioctl(port.fd, NIOCCTRL, &header) == 0) return {};
  return fail_errno(errno, port.hdr.nr_name, std::string(port.hdr.nr_name) + ": header length");
}

}  // namespace

Port::Port(Owned port) : port_(std::move(port)) {
  const netmap_if* nifp = port_->nifp;
  const std::uint32_t tx = nifp->ni_tx_rings + nifp->ni_host_tx_rings;
  tx_ = rings(nifp, 0, tx);
  rx_ = rings(nifp, tx, nifp->ni_rx_rings + nifp->ni_host_rx_rings);
}

Result<Port> Port::finish(Owned port, const std::string& spec) {
  if (nmport_open_desc(port.get()) != 0) return failed(spec);
  return Port(std::move(port));
}

Result<Port> Port::open(const std::string& spec, const PortOptions& options) {
  last_message.clear();
  nmctx* old = nmctx_set_default(context());
  Owned port(nmport_prepare(spec.c_str()));
  nmctx_set_default(old);
  if (!port) return failed(spec);
  nmreq_register& request = port->reg;
  request.nr_extra_bufs = options.extra_bufs;
  request.nr_flags |= options.flags;
  if (options.tx_slots != 0) request.nr_tx_slots = options.tx_slots;
  if (options.rx_slots != 0) request.nr_rx_slots = options.rx_slots;
  if (options.tx_rings != 0) request.nr_tx_rings = options.tx_rings;
  if (options.rx_rings != 0) request.nr_rx_rings = options.rx_rings;
  return finish(std::move(port), spec);
}

Result<Port> Port::open_ring(std::uint16_t ring) const {
  last_message.clear();
  Owned port(nmport_clone(port_.get()));
  if (!port) return failed(name());
  port->reg.nr_mode = NR_REG_ONE_NIC;
  port->reg.nr_ringid = ring;
  port->reg.nr_extra_bufs = 0;
  return finish(std::move(port), name());
}

Result<std::uint32_t> Port::header_length() const {
  nmreq_port_hdr body{};
  if (const auto done = request_header(*port_, NETMAP_REQ_PORT_HDR_GET, body); !done) {
    return tl::unexpected(done.error());
  }
  return body.nr_hdr_len;
}

Result<void> Port::set_header_length(std::uint32_t length) const {
  nmreq_port_hdr body{};
  body.nr_hdr_len = length;
  return request_header(*port_, NETMAP_REQ_PORT_HDR_SET, body);
}

short Port::wait(short events, int timeout_ms) const {
  pollfd item{fd(), events, 0};
  return ::poll(&item, 1, timeout_ms) > 0 ? item.revents : short{0};
}

}  // namespace vale::netmap
