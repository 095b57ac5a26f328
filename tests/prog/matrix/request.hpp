// SPDX-License-Identifier: BSD-2-Clause
// Requests, put together from the table's offsets.
#pragma once

#include <sys/ioctl.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "table.hpp"

namespace matrix {

template <size_t Bytes>
class Record {
 public:
  template <class F>
  void set(F field, auto value) {
    field.set(bytes_.data(), static_cast<typename F::Value>(value));
  }
  template <class F>
  auto get(F field) const {
    return field.get(bytes_.data());
  }
  template <class F>
  void set_text(F field, std::string_view text) {
    memcpy(field.at(bytes_.data()), text.data(), std::min(text.size(), F::size));
  }
  template <class F>
  const char* text(F field) const {
    return static_cast<const char*>(field.at(bytes_.data()));
  }
  void* data() { return bytes_.data(); }
  const void* data() const { return bytes_.data(); }

 private:
  alignas(8) std::array<char, Bytes> bytes_{};
};

using Header = Record<abi::nmreq_header::bytes>;
using Legacy = Record<abi::nmreq::bytes>;
using Register = Record<abi::nmreq_register::bytes>;
using PortInfo = Record<abi::nmreq_port_info_get::bytes>;
using PoolsInfo = Record<abi::nmreq_pools_info::bytes>;
using ValeList = Record<abi::nmreq_vale_list::bytes>;

// NIOCCTRL; 0 or an errno. The header is left with what the kernel wrote.
int control(int fd, Header& header, uint32_t request, std::string_view name, void* body);
int control(int fd, uint32_t request, std::string_view name, void* body);

// NIOCREGIF and NIOCGINFO.
Legacy legacy_request(std::string_view name);
int legacy(int fd, uint32_t call, Legacy& request);

}  // namespace matrix
