// SPDX-License-Identifier: BSD-2-Clause
// Sends a pcap file through a netmap port, over a modelled link. The command line is the historical
// one, hence getopt.
#include <fmt/format.h>
#include <getopt.h>
#include <pcap/pcap.h>
#include <poll.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/common/delay_line.hpp"
#include "apps/common/link_model.hpp"
#include "apps/common/open_port.hpp"
#include "apps/common/process.hpp"
#include "apps/common/text.hpp"

namespace {

using vale::netmap::Port;

constexpr char kUsage[] =
    "nmreplay -f FILE -i PORT [-B [constant,]BPS|ether,BPS|real[,SPEEDUP]]\n"
    "         [-D T|constant,T|uniform,MIN,MAX|exp,MIN,AVG] [-L P|plr,P|ber,P] [-b BATCH] [-w S] "
    "[-C CPU] [-v]\n"
    "  sends the packets of a pcap file once, by default at the pace they were recorded\n";

struct Config {
  std::string file, port;
  apps::LinkSettings link;
  std::uint32_t batch = 1024;
  double wait = 2;
  std::vector<int> cpus;
  bool verbose = false;
};

std::optional<Config> parse_arguments(int argc, char** argv) {
  Config config;
  config.link.bandwidth = apps::Bandwidth::parse("real", true);
  for (int letter = 0; (letter = getopt(argc, argv, "hf:i:B:D:L:b:w:C:v")) != -1;) {
    switch (letter) {
      case 'f':
        config.file = optarg;
        break;
      case 'i':
        config.port = optarg;
        break;
      case 'B':
        config.link.bandwidth = apps::Bandwidth::parse(optarg, true);
        break;
      case 'D':
        config.link.delay = apps::Delay::parse(optarg);
        break;
      case 'L':
        config.link.loss = apps::Loss::parse(optarg);
        break;
      case 'b':
        config.batch = static_cast<std::uint32_t>(apps::number("-b", optarg, 1, 8192));
        break;
      case 'w':
        config.wait = apps::scaled("-w", optarg);
        break;
      case 'C':
        config.cpus = apps::cpu_list(optarg);
        break;
      case 'v':
        config.verbose = true;
        break;
      case 'h':
        std::fputs(kUsage, stdout);
        return std::nullopt;
      default:
        throw apps::UsageError("see nmreplay -h");
    }
  }
  if (optind < argc || config.file.empty() || config.port.empty())
    throw apps::UsageError("want -f FILE and -i PORT");
  return config;
}

/// A pcap file, packet by packet.
class Recording {
 public:
  explicit Recording(const std::string& path) {
    char error[PCAP_ERRBUF_SIZE] = "";
    file_.reset(
        pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, error));
    if (!file_) throw std::runtime_error(apps::about_file(path, error));
  }

  /// False at the end of the file.
  bool next() {
    const int got = pcap_next_ex(file_.get(), &header_, &bytes_);
    if (got == PCAP_ERROR) throw std::runtime_error(pcap_geterr(file_.get()));
    if (got != 1) return false;
    const std::uint64_t stamp = static_cast<std::uint64_t>(header_->ts.tv_sec) * 1'000'000'000 +
                                static_cast<std::uint64_t>(header_->ts.tv_usec);
    if (!first_) first_ = stamp;
    since_first_ = stamp > *first_ ? stamp - *first_ : 0;
    return true;
  }
  [[nodiscard]] std::span<const std::uint8_t> packet() const { return {bytes_, header_->caplen}; }
  /// Nanoseconds after the first packet.
  [[nodiscard]] std::uint64_t since_first() const { return since_first_; }

 private:
  struct Closer {
    void operator()(pcap_t* file) const { pcap_close(file); }
  };
  std::unique_ptr<pcap_t, Closer> file_;
  pcap_pkthdr* header_ = nullptr;
  const u_char* bytes_ = nullptr;
  std::optional<std::uint64_t> first_;
  std::uint64_t since_first_ = 0;
};

class Player {
 public:
  Player(const Config& config, const Port& port)
      : config_(config),
        port_(port),
        recording_(config.file),
        link_(config.link, std::random_device{}()) {}

  void play() {
    start_ = apps::now_ns();
    more_ = recording_.next();
    while (!apps::stop && (more_ || !line_.empty())) {
      read_ahead();
      if (!line_.empty()) send_due();
    }
    flush();
  }

  void report() const {
    const double seconds = static_cast<double>(apps::now_ns() - start_) / 1e9;
    fmt::print("Sent {} packets {} bytes in {:.2f} seconds, {} lost on the link\n", packets_,
               bytes_, seconds, link_.lost());
  }

 private:
  // When the recorded packet begins to be sent: by its stamp, or as soon as the link can take it.
  [[nodiscard]] std::uint64_t starts_at() const {
    if (config_.link.bandwidth.kind != apps::Bandwidth::Kind::kReal) return start_;
    const double since =
        static_cast<double>(recording_.since_first()) / config_.link.bandwidth.speedup;
    return start_ + static_cast<std::uint64_t>(since);
  }

  // Far enough that a later packet with a shorter delay is not missed by much.
  void read_ahead() {
    while (more_ && line_.size() < std::size_t{4} * config_.batch) {
      const auto packet = recording_.packet();
      if (const auto when = link_.arrival(starts_at(), packet.size())) {
        std::copy(packet.begin(), packet.end(), line_.push(*when, packet.size()).begin());
      }
      more_ = recording_.next();
    }
  }

  void send_due() {
    apps::sleep_until_ns(line_.due());
    const std::uint64_t now = apps::now_ns();
    for (std::uint32_t n = 0; n < config_.batch && !line_.empty() && line_.due() <= now; n++) {
      if (!port_.inject(line_.front())) {
        port_.wait(POLLOUT, 500);
        return;
      }
      packets_++;
      bytes_ += line_.front().size();
      line_.pop();
    }
    port_.txsync();
  }

  void flush() const {
    while (!apps::stop && port_.tx_pending()) {
      port_.txsync();
      apps::sleep_until_ns(apps::now_ns() + 1'000'000);
    }
  }

  const Config& config_;
  const Port& port_;
  Recording recording_;
  apps::Link link_;
  apps::DelayLine line_;
  std::uint64_t start_ = 0, packets_ = 0, bytes_ = 0;
  bool more_ = false;
};

int run(int argc, char** argv) {
  const auto config = parse_arguments(argc, argv);
  if (!config) return apps::kOk;
  apps::catch_signals();
  if (!config->cpus.empty()) apps::pin_to_cpus({config->cpus.front()});
  const Port port = apps::open_port(config->port);
  Player player(*config, port);
  apps::pause_for(config->wait);
  player.play();
  player.report();
  return apps::kOk;
}

}  // namespace

int main(int argc, char** argv) {
  return apps::run_tool("nmreplay", run, argc, argv);
}
