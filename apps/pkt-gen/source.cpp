// SPDX-License-Identifier: BSD-2-Clause
#include "apps/pkt-gen/source.hpp"

#include <pcap/pcap.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "apps/common/process.hpp"
#include "apps/common/text.hpp"

namespace pkt_gen {
namespace {

Frame make_frame(const Config& config, std::uint32_t header) {
  const Frame::Shape shape{header, config.v6};
  if (!config.pcap.empty()) return Frame(shape, first_packet(config.pcap));
  const auto least = static_cast<std::uint32_t>(Frame::min_size(config.v6, config.stamps()));
  return Frame(shape, std::max(least, std::max(config.size, config.max_size)));
}

}  // namespace

std::vector<std::uint8_t> first_packet(const std::string& path) {
  char error[PCAP_ERRBUF_SIZE] = "";
  const std::unique_ptr<pcap_t, decltype(&pcap_close)> file(pcap_open_offline(path.c_str(), error),
                                                            pcap_close);
  if (!file) throw std::runtime_error(apps::about_file(path, error));
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  if (pcap_next_ex(file.get(), &header, &bytes) != 1) {
    throw std::runtime_error(path + ": no packet in it");
  }
  return {bytes, bytes + header->caplen};
}

PacketSource::PacketSource(const Config& config, std::uint32_t header, std::uint32_t thread)
    : config_(config),
      frame_(make_frame(config, header)),
      walk_(config.flows),
      random_(0x9e3779b97f4a7c15ULL + thread) {
  frame_.set_size(pick_size());
  frame_.set_flow(walk_.flow());
  constant_ = !walk_.next() && config.size == config.max_size && !config.stamps() &&
              !config.has(kTimestamp);
  walk_ = FlowWalk(config.flows);
}

std::uint32_t PacketSource::pick_size() {
  const auto least = static_cast<std::uint32_t>(Frame::min_size(config_.v6, config_.stamps()));
  const std::uint32_t low = std::min(config_.size, config_.max_size);
  const std::uint32_t width = std::max(config_.size, config_.max_size) - low + 1;
  random_ = random_ * 6364136223846793005ULL + 1442695040888963407ULL;
  return std::max(least, low + static_cast<std::uint32_t>((random_ >> 33) % width));
}

std::span<const std::uint8_t> PacketSource::next() {
  if (constant_) return frame_.bytes();
  if (config_.size != config_.max_size) frame_.set_size(pick_size());
  if (sequence_ != 0 && walk_.next()) frame_.set_flow(walk_.flow());
  if (config_.stamps() || config_.has(kTimestamp)) {
    frame_.set_stamp({sequence_, apps::now_ns()});
  }
  sequence_++;
  return frame_.bytes();
}

}  // namespace pkt_gen
