// SPDX-License-Identifier: BSD-2-Clause
#include "apps/tlem/config.hpp"

#include <fmt/format.h>
#include <getopt.h>

#include <algorithm>
#include <cstdio>
#include <tuple>

#include "apps/common/process.hpp"
#include "apps/common/text.hpp"
#include "lib/text.hpp"

namespace tlem {
namespace {

constexpr char kUsage[] =
    "tlem -i A -i B [-B [constant,]BPS|ether,BPS]... [-D "
    "T|constant,T|uniform,MIN,MAX|exp,MIN,AVG]...\n"
    "     [-L P|plr,P|ber,P]... [-R const,P,T]... [-Q BYTES]... [-b BATCH] [-w S] [-C CPUS]\n"
    "     [-r [--address ADDRESS/LENGTH]... [-G GATEWAY]...] [-s SOCKET [-M BPS,T,T]]\n"
    "     [-O T] [-d T] [-P] [-H] [-v] [-q]\n"
    "tlem -s SOCKET [-B ...] [-D ...] [-L ...] [-R ...] [-Q ...] | tlem -s SOCKET -a\n"
    "  a link between two ports; -B, -D, -L, -R, -Q once for both directions, twice for A to B and "
    "for B to A\n"
    "  -r  route IPv4 between the networks of the two ports, whose addresses are those of the\n"
    "      network devices or given in their order; -G  the gateway of one of the networks\n"
    "  -s  let clients show and change the settings; without -i: be one; -a  end the server\n"
    "  -M  what clients may ask for at most: bandwidth, delay, time of -R\n"
    "  -O  packets leave that much earlier than emulated; -d  what is late (1ms); -P  drop it\n"
    "  -C  one CPU: one thread; two: a thread for each direction; four: two CPUs for each of them\n"
    "  -H  packets wait in huge pages     -c  accepted: packets are always copied\n"
    "  -v  reports every second, -q not even at the end\n";

constexpr int kAddress = 1;
constexpr option kLong[] = {{"address", required_argument, nullptr, kAddress},
                            {"help", no_argument, nullptr, 'h'},
                            {nullptr, 0, nullptr, 0}};

void parse_value(Config& config, int letter) {
  switch (letter) {
    case 'i':
      config.ports.emplace_back(optarg);
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
    case 'G':
      config.gateways.push_back(parse_address("-G", optarg));
      break;
    case kAddress:
      config.addresses.push_back(parse_subnet("--address", optarg));
      break;
    case 's':
      config.session = optarg;
      break;
    case 'M':
      config.maxima = Maxima::parse(optarg);
      break;
    case 'O':
      config.punctuality.offset_ns = static_cast<std::uint64_t>(apps::parse_time("-O", optarg));
      break;
    case 'd':
      config.punctuality.lag_ns = static_cast<std::uint64_t>(apps::parse_time("-d", optarg));
      break;
    default:
      throw apps::UsageError("see tlem -h");
  }
}

// True if it was one.
bool parse_flag(Config& config, int letter) {
  switch (letter) {
    case 'r':
      config.route = true;
      return true;
    case 'a':
      config.stop_server = true;
      return true;
    case 'P':
      config.punctuality.drop_late = true;
      return true;
    case 'H':
      config.huge_pages = true;
      return true;
    case 'q':
      config.quiet = true;
      return true;
    case 'v':
      config.verbose = true;
      return true;
    case 'c':
      return true;
    default:
      return false;
  }
}

void check_server(const Config& config) {
  if (config.ports.size() != 2) throw apps::UsageError("want two ports: -i A -i B");
  if (config.stop_server) throw apps::UsageError("-a is for clients: -s SOCKET without -i");
  if (config.cpus.size() == 3) throw apps::UsageError("-C: want one, two or four CPUs");
  if (config.maxima && config.session.empty()) throw apps::UsageError("-M needs -s");
  if (config.maxima) config.maxima->check(config.link);
  if (!config.route && !(config.gateways.empty() && config.addresses.empty()))
    throw apps::UsageError("-G and --address are for route mode: -r");
  if (config.addresses.size() > 2) throw apps::UsageError("--address: once for each port at most");
}

void check_client(const Config& config) {
  if (config.route || config.maxima)
    throw apps::UsageError("-r and -M are for the server, which has ports: -i A -i B");
  if (config.stop_server && !config.link.empty())
    throw apps::UsageError("either -a or new settings");
}

}  // namespace

void LinkOptions::add(char letter, const std::string& value) {
  auto& values = given_[kLetters.find(letter)];
  if (values.size() == 2) throw apps::UsageError(fmt::format("-{}: twice at most", letter));
  values.push_back(value);
  std::ignore = settings(values.size() - 1);
}

void LinkOptions::merge(const LinkOptions& other) {
  for (std::size_t i = 0; i < given_.size(); i++) {
    if (!other.given_[i].empty()) given_[i] = other.given_[i];
  }
}

bool LinkOptions::empty() const {
  return std::all_of(given_.begin(), given_.end(),
                     [](const auto& values) { return values.empty(); });
}

apps::LinkSettings LinkOptions::settings(std::size_t direction) const {
  apps::LinkSettings settings;
  const auto value = [&](char letter) -> std::optional<std::string> {
    const auto& values = given_[kLetters.find(letter)];
    if (values.empty()) return std::nullopt;
    return values[std::min(direction, values.size() - 1)];
  };
  if (const auto text = value('B')) settings.bandwidth = apps::Bandwidth::parse(*text);
  if (const auto text = value('D')) settings.delay = apps::Delay::parse(*text);
  if (const auto text = value('L')) settings.loss = apps::Loss::parse(*text);
  if (const auto text = value('R')) settings.reorder = apps::Reorder::parse(*text);
  if (const auto text = value('Q')) settings.queue = apps::parse_bytes("-Q", *text);
  return settings;
}

std::string LinkOptions::text() const {
  std::string result;
  for (std::size_t i = 0; i < given_.size(); i++) {
    if (given_[i].empty()) continue;
    result +=
        fmt::format("{}{} {}", result.empty() ? "" : " ", kLetters[i], fmt::join(given_[i], " "));
  }
  return result.empty() ? "none" : result;
}

std::string LinkOptions::lines() const {
  std::string result;
  for (std::size_t i = 0; i < given_.size(); i++) {
    for (const std::string& value : given_[i]) result += fmt::format("{} {}\n", kLetters[i], value);
  }
  return result;
}

Maxima Maxima::parse(const std::string& text) {
  const auto part = vale::split(text, ',');
  if (part.size() != 3) throw apps::UsageError("-M: want BPS,DELAY,HOLD, not '" + text + "'");
  return {apps::scaled("-M", part[0]),
          static_cast<std::uint64_t>(apps::parse_time("-M", std::string(part[1]))),
          static_cast<std::uint64_t>(apps::parse_time("-M", std::string(part[2])))};
}

void Maxima::check(const LinkOptions& options) const {
  for (const std::size_t direction : {std::size_t{0}, std::size_t{1}}) {
    const apps::LinkSettings settings = options.settings(direction);
    const double bandwidth = settings.bandwidth.bits_per_second;
    if (bandwidth == 0 || bandwidth > bits_per_second)
      throw apps::UsageError(
          fmt::format("-B: at most {} bit/s here, and not without limit", bits_per_second));
    if (std::max(settings.delay.low, settings.delay.high) > static_cast<double>(delay_ns))
      throw apps::UsageError(fmt::format("-D: at most {} ns here", delay_ns));
    if (settings.reorder.extra > hold_ns)
      throw apps::UsageError(fmt::format("-R: at most {} ns here", hold_ns));
  }
}

std::optional<Config> parse_arguments(int argc, char** argv) {
  constexpr char kShort[] = "hi:B:D:L:R:Q:b:w:C:G:s:M:O:d:raPHcvq";
  Config config;
  for (int letter = 0; (letter = getopt_long(argc, argv, kShort, kLong, nullptr)) != -1;) {
    if (letter == 'h') {
      std::fputs(kUsage, stdout);
      return std::nullopt;
    }
    if (LinkOptions::knows(static_cast<char>(letter)))
      config.link.add(static_cast<char>(letter), optarg);
    else if (!parse_flag(config, letter))
      parse_value(config, letter);
  }
  if (optind < argc) throw apps::UsageError(fmt::format("'{}' is not an option", argv[optind]));
  if (config.client())
    check_client(config);
  else
    check_server(config);
  return config;
}

}  // namespace tlem
