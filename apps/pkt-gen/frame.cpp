// SPDX-License-Identifier: BSD-2-Clause
#include "apps/pkt-gen/frame.hpp"

#include <endian.h>

#include <algorithm>
#include <cstring>

namespace pkt_gen {
namespace {

constexpr std::size_t kEthernet = 14;
constexpr std::size_t kUdp = 8;
constexpr std::uint8_t kProtocolUdp = 17;

template <class T>
void put(std::uint8_t* to, T value) {
  for (std::size_t i = sizeof(T); i-- > 0; value = static_cast<T>(value >> 8)) {
    to[i] = static_cast<std::uint8_t>(value);
  }
}

template <class T>
T get(const std::uint8_t* from) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); i++) value = static_cast<T>(value << 8 | from[i]);
  return value;
}

// Ones' complement sum of big-endian 16-bit words, unfolded; the bytes begin at an even distance.
std::uint64_t sum(std::span<const std::uint8_t> bytes) {
  std::uint64_t total = 0;
  std::size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2)
    total += static_cast<std::uint64_t>(bytes[i] << 8 | bytes[i + 1]);
  if (i < bytes.size()) total += static_cast<std::uint64_t>(bytes[i] << 8);
  return total;
}

std::uint16_t fold(std::uint64_t total) {
  while (total >> 16 != 0) total = (total & 0xffff) + (total >> 16);
  return static_cast<std::uint16_t>(~total);
}

}  // namespace

std::size_t Frame::min_size(bool v6, bool stamp) {
  return kEthernet + (v6 ? 40 : 20) + kUdp + (stamp ? kStampSize : 0);
}

Frame::Frame(Shape shape, std::size_t max_size) : shape_(shape), bytes_(shape.header + max_size) {
  for (std::size_t i = payload_at(); i < bytes_.size(); i++) {
    bytes_[i] = static_cast<std::uint8_t>('a' + (i - payload_at()) % 26);
  }
  std::uint8_t* ip = &bytes_[ip_at()];
  put<std::uint16_t>(ip - 2, shape.v6 ? 0x86dd : 0x0800);
  if (shape.v6) {
    ip[0] = 0x60;
    ip[6] = kProtocolUdp;
    ip[7] = 64;
  } else {
    ip[0] = 0x45;
    ip[8] = 64;
    ip[9] = kProtocolUdp;
  }
  set_size(max_size);
}

Frame::Frame(Shape shape, std::vector<std::uint8_t> bytes)
    : shape_(shape), foreign_(true), size_(bytes.size()), bytes_(std::move(bytes)) {
  bytes_.insert(bytes_.begin(), shape.header, 0);
}

void Frame::set_size(std::size_t size) {
  if (foreign_) return;
  size_ = size;
  const std::size_t rest = std::min(payload_at() + kStampSize, end());
  payload_sum_ = sum({&bytes_[rest], end() - rest});
  write_lengths();
  write_checksums();
}

void Frame::write_lengths() {
  const auto udp_length = static_cast<std::uint16_t>(end() - udp_at());
  put(&bytes_[udp_at() + 4], udp_length);
  if (shape_.v6) {
    put(&bytes_[ip_at() + 4], udp_length);
  } else {
    put(&bytes_[ip_at() + 2], static_cast<std::uint16_t>(end() - ip_at()));
  }
}

void Frame::set_flow(const Flow& flow) {
  if (foreign_) return;
  const auto dst = MacRange::unpack(flow.dst_mac), src = MacRange::unpack(flow.src_mac);
  std::copy(dst.begin(), dst.end(), &bytes_[shape_.header]);
  std::copy(src.begin(), src.end(), &bytes_[shape_.header + 6]);
  std::uint8_t* ip = &bytes_[ip_at()];
  if (shape_.v6) {
    put(ip + 8, flow.src.high);
    put(ip + 16, flow.src.low);
    put(ip + 24, flow.dst.high);
    put(ip + 32, flow.dst.low);
  } else {
    put(ip + 12, static_cast<std::uint32_t>(flow.src.low));
    put(ip + 16, static_cast<std::uint32_t>(flow.dst.low));
  }
  put(&bytes_[udp_at()], flow.src_port);
  put(&bytes_[udp_at() + 2], flow.dst_port);
  write_checksums();
}

void Frame::set_stamp(const Stamp& stamp) {
  if (foreign_) return;
  put(&bytes_[payload_at()], stamp.sequence);
  put(&bytes_[payload_at() + 4], stamp.time);
  write_checksums();
}

// Only headers and stamp are summed here: the rest of the payload stays as it is.
void Frame::write_checksums() {
  std::uint8_t* ip = &bytes_[ip_at()];
  std::uint8_t* udp = &bytes_[udp_at()];
  const std::size_t addresses = shape_.v6 ? 32 : 8;
  if (!shape_.v6) {
    put<std::uint16_t>(ip + 10, 0);
    put(ip + 10, fold(sum({ip, 20})));
  }
  put<std::uint16_t>(udp + 6, 0);
  const std::size_t length = end() - udp_at();
  const std::uint64_t pseudo = sum({udp - addresses, addresses}) + kProtocolUdp + length;
  const std::uint64_t head = sum({udp, std::min(length, kUdp + kStampSize)});
  const std::uint16_t checksum = fold(pseudo + head + payload_sum_);
  put<std::uint16_t>(udp + 6, checksum == 0 ? 0xffff : checksum);
}

std::optional<Stamp> find_stamp(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kEthernet) return std::nullopt;
  const auto type = get<std::uint16_t>(&bytes[12]);
  const bool v6 = type == 0x86dd;
  if ((!v6 && type != 0x0800) || bytes.size() < Frame::min_size(v6, true)) return std::nullopt;
  if (bytes[kEthernet + (v6 ? 6 : 9)] != kProtocolUdp) return std::nullopt;
  const std::uint8_t* payload = &bytes[Frame::min_size(v6, false)];
  return Stamp{get<std::uint32_t>(payload), get<std::uint64_t>(payload + 4)};
}

}  // namespace pkt_gen
