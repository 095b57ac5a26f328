// SPDX-License-Identifier: BSD-2-Clause
#include "apps/lb/spare_buffers.hpp"

namespace lb {

SpareBuffers::SpareBuffers(const vale::netmap::Port& port)
    : interface_(&port.interface()), any_ring_(port.rx().at(0).raw()) {
  for (std::uint32_t buffer = interface_->ni_bufs_head; buffer != 0; buffer = *first_word(buffer)) {
    free_.push_back(buffer);
  }
  interface_->ni_bufs_head = 0;
}

std::uint32_t* SpareBuffers::first_word(std::uint32_t buffer) const {
  return NETMAP_AT_(std::uint32_t, NETMAP_BUF(any_ring_, buffer), 0);
}

std::uint32_t SpareBuffers::take() {
  const std::uint32_t buffer = free_.back();
  free_.pop_back();
  return buffer;
}

void SpareBuffers::put_back() {
  std::uint32_t head = interface_->ni_bufs_head;
  for (const std::uint32_t buffer : free_) {
    *first_word(buffer) = head;
    head = buffer;
  }
  interface_->ni_bufs_head = head;
  free_.clear();
}

}  // namespace lb
