// SPDX-License-Identifier: BSD-2-Clause
#include "request.hpp"

namespace matrix {

int control(int fd, Header& header, uint32_t request, std::string_view name, void* body) {
  header = Header();
  header.set(abi::nmreq_header::nr_version, abi::NETMAP_API);
  header.set(abi::nmreq_header::nr_reqtype, request);
  header.set_text(abi::nmreq_header::nr_name, name);
  header.set(abi::nmreq_header::nr_body, reinterpret_cast<uintptr_t>(body));
  return ioctl(fd, abi::NIOCCTRL, header.data()) == 0 ? 0 : errno;
}

int control(int fd, uint32_t request, std::string_view name, void* body) {
  Header header;
  return control(fd, header, request, name, body);
}

Legacy legacy_request(std::string_view name) {
  Legacy request;
  request.set_text(abi::nmreq::nr_name, name);
  request.set(abi::nmreq::nr_version, abi::NETMAP_API);
  return request;
}

int legacy(int fd, uint32_t call, Legacy& request) {
  return ioctl(fd, call, request.data()) == 0 ? 0 : errno;
}

}  // namespace matrix
