// SPDX-License-Identifier: BSD-2-Clause
// A registered port, mapped, and its first ring in each direction.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "request.hpp"

namespace matrix {

class Ring {
 public:
  Ring() = default;
  explicit Ring(void* base) : base_(static_cast<char*>(base)) {}

  template <class F>
  uint64_t get(F field) const {
    return field.get(base_);
  }
  void* base() const { return base_; }
  uint32_t head() const { return abi::netmap_ring::head.get(base_); }
  uint32_t tail() const { return abi::netmap_ring::tail.get(base_); }
  uint32_t next(uint32_t index) const;
  // Gives the slots before the index to the kernel.
  void release(uint32_t index);
  void* slot(uint32_t index) const;
  char* buffer(uint32_t index) const;

 private:
  char* base_ = nullptr;
};

class Port {
 public:
  // REGISTER, and the older NIOCREGIF; flags are ORed in.
  static Port opened(const std::string& name, Register ask);
  static Port opened_legacy(const std::string& name, Legacy ask);
  Port(Port&& other) noexcept;
  Port& operator=(Port&&) = delete;
  ~Port();

  int fd() const { return fd_; }
  const std::string& name() const { return name_; }
  void* nifp() const { return nifp_; }
  Ring tx() const { return ring(0); }
  Ring rx() const;
  // What REGISTER answered, in the terms of nmreq_register or nmreq.
  void show_answer() const;
  void show_memory() const;
  uint64_t offset_of_ring(const Ring& ring) const;

 private:
  Port(const std::string& name, int fd) : name_(name), fd_(fd) {}
  void map(uint64_t offset, uint64_t bytes);
  Ring ring(uint32_t index) const;
  uint64_t ring_distance(uint32_t index) const;

  std::string name_;
  int fd_;
  char* memory_ = nullptr;
  uint64_t bytes_ = 0;
  void* nifp_ = nullptr;
  const char* owner_ = "";
  std::vector<char> answer_;
};

int open_device();

}  // namespace matrix
