// SPDX-License-Identifier: BSD-2-Clause
#include "apps/pkt-gen/config.hpp"

#include <fmt/format.h>
#include <getopt.h>

#include <cmath>
#include <cstdio>

#include "apps/common/open_port.hpp"
#include "apps/common/text.hpp"

namespace pkt_gen {
namespace {

constexpr char kUsage[] =
    "pkt-gen -i PORT [-f tx|rx|ping|pong|txseq|rxseq] [OPTION]...\n"
    "  -i PORT   netmap:NAME, valeX:NAME, NAME; tap:NAME, pcap:NAME, null\n"
    "  -f WHAT   what to do (rx)            -n N      packets, 0 for ever (0)\n"
    "  -l N      bytes without CRC (60); twice: random between the two\n"
    "  -b N      packets a burst (512; ping, pong 1)   -R PPS  rate, with k M G\n"
    "  -d, -s    destination, source: ADDRESS[:PORT[-ADDRESS[:PORT]]]\n"
    "  -D, -S    destination, source MAC[-MAC]         -4 -6   kind of address\n"
    "  -z, -Z    random source, destination addresses\n"
    "  -p N      threads, a ring each (1)   -a CPU    first CPU   -c N  CPUs (1, 0 all)\n"
    "  -F N      fragments a packet (1)     -M N      bytes of a fragment\n"
    "  -H N      virtio-net header: 0, 10, 12          -I      indirect buffers\n"
    "  -P FILE   send this pcap file's first packet    -r      send buffers as they are\n"
    "  -T MS     between reports (1000)     -w S      wait for link (2; 0 on VALE)\n"
    "  -A        mean and deviation of the rate        -B      count framing in bit/s\n"
    "  -N        numbers without unit       -X        dump packets\n"
    "  -W        end if nothing is there    -v        say more\n"
    "  -o MASK   1 prefetch 2 access 4 copy 8 memcpy 16 timestamp 32 indirect 64 dump 256 rubbish\n"
    "            512, 1024 random source, destination 2048 stats 4096 update checksum\n"
    "  -C TXSLOTS[,RXSLOTS[,TXRINGS[,RXRINGS]]]  of the port (@conf in its name does the same)\n";

struct FunctionName {
  const char* name;
  Function function;
};

constexpr FunctionName kFunctions[] = {
    {"tx", Function::kTx},     {"rx", Function::kRx},       {"ping", Function::kPing},
    {"pong", Function::kPong}, {"txseq", Function::kTxSeq}, {"rxseq", Function::kRxSeq},
};

// What needs all options to be known before it can be understood.
struct Pending {
  std::string dst = "", src = "";
  int sizes = 0;
  bool burst = false, wait = false;
};

template <class T>
void set(T& field, const char* what, std::uint64_t min, std::uint64_t max) {
  field = static_cast<T>(apps::number(what, optarg, min, max));
}

Function function_of(const std::string& text) {
  for (const auto& [name, function] : kFunctions) {
    if (text == name) return function;
  }
  throw apps::UsageError("-f: no such function: " + text);
}

void set_rings(vale::netmap::PortOptions& port, const std::string& text) {
  const auto parts = vale::split(text, ',');
  if (parts.size() > 4) throw apps::UsageError("-C: want at most four numbers");
  const auto part = [&](std::size_t i, std::uint64_t max) {
    return parts.size() > i ? apps::number("-C", parts[i], 0, max) : 0;
  };
  port.tx_slots = port.rx_slots = static_cast<std::uint32_t>(part(0, 1 << 20));
  if (parts.size() > 1) port.rx_slots = static_cast<std::uint32_t>(part(1, 1 << 20));
  port.tx_rings = port.rx_rings = static_cast<std::uint16_t>(part(2, 4096));
  if (parts.size() > 3) port.rx_rings = static_cast<std::uint16_t>(part(3, 4096));
}

void take_size(Config& config, Pending& pending) {
  std::uint32_t& field = pending.sizes++ == 0 ? config.size : config.max_size;
  set(field, "-l", 14, 65535);
  if (pending.sizes == 1) config.max_size = config.size;
}

bool take_addressing(int letter, Config& config, Pending& pending) {
  switch (letter) {
    case '4':
      config.v6 = false;
      return true;
    case '6':
      config.v6 = true;
      return true;
    case 'd':
      pending.dst = optarg;
      return true;
    case 's':
      pending.src = optarg;
      return true;
    case 'D':
      config.flows.dst_mac = MacRange::parse(optarg);
      return true;
    case 'S':
      config.flows.src_mac = MacRange::parse(optarg);
      config.src_mac_given = true;
      return true;
    case 'z':
      config.options |= kRandomSrc;
      return true;
    case 'Z':
      config.options |= kRandomDst;
      return true;
    default:
      return false;
  }
}

bool take_packet(int letter, Config& config, Pending& pending) {
  switch (letter) {
    case 'l':
      take_size(config, pending);
      return true;
    case 'H':
      set(config.header, "-H", 0, 12);
      return true;
    case 'P':
      config.pcap = optarg;
      return true;
    case 'F':
      set(config.frags, "-F", 1, NETMAP_MAX_FRAGS - 1);
      return true;
    case 'M':
      set(config.frag_size, "-M", 1, 65535);
      return true;
    case 'I':
      config.options |= kIndirect;
      return true;
    case 'r':
      config.options |= kRubbish;
      return true;
    case 'X':
      config.options |= kDump;
      return true;
    case 'o':
      set(config.options, "-o", 0, 8191);
      return true;
    default:
      return false;
  }
}

bool take_pace(int letter, Config& config, Pending& pending) {
  switch (letter) {
    case 'n':
      config.count = static_cast<std::uint64_t>(apps::scaled("-n", optarg));
      return true;
    case 'b':
      set(config.burst, "-b", 1, 1 << 20);
      pending.burst = true;
      return true;
    case 'R':
      config.rate = apps::scaled("-R", optarg);
      return true;
    case 'T':
      set(config.report_ms, "-T", 1, 3'600'000);
      return true;
    case 'w':
      config.wait = apps::scaled("-w", optarg);
      pending.wait = true;
      return true;
    case 'W':
      config.exit_if_empty = true;
      return true;
    default:
      return false;
  }
}

bool take_rest(int letter, Config& config) {
  switch (letter) {
    case 'i':
      config.interface = optarg;
      return true;
    case 'f':
      config.function = function_of(optarg);
      return true;
    case 'a':
      set(config.affinity, "-a", 0, 4095);
      return true;
    case 'c':
      set(config.cpus, "-c", 0, 4096);
      return true;
    case 'p':
      set(config.threads, "-p", 1, 256);
      return true;
    case 'C':
      set_rings(config.port, optarg);
      return true;
    case 'A':
      config.options |= kStats;
      return true;
    case 'B':
      config.count_framing = true;
      return true;
    case 'N':
      config.plain_numbers = true;
      return true;
    case 'v':
      config.verbose = true;
      return true;
    default:
      return false;
  }
}

void finish_addressing(Config& config, const Pending& pending) {
  const auto endpoint = [&](const std::string& given, const char* v4, const char* v6) {
    const std::string standard = config.v6 ? v6 : v4;
    return EndpointRange::parse(given.empty() ? standard : given, config.v6);
  };
  config.flows.dst = endpoint(pending.dst, "10.1.0.1", "fd00::2");
  config.flows.src = endpoint(pending.src, "10.0.0.1", "fd00::1");
  config.flows.random_src = config.has(kRandomSrc);
  config.flows.random_dst = config.has(kRandomDst);
}

void finish(Config& config, const Pending& pending) {
  if (config.interface.empty()) throw apps::UsageError("-i: which port?");
  const bool talks = config.function == Function::kPing || config.function == Function::kPong;
  if (talks && !pending.burst) config.burst = 1;
  if (!pending.wait && apps::full_spec(config.interface).starts_with(NM_BDG_NAME)) config.wait = 0;
  if (config.stamps() && config.threads > 1) {
    throw apps::UsageError("-p: one thread only for ping, pong, txseq and rxseq");
  }
  if (config.header != -1 && config.header != 0 && config.header != 10 && config.header != 12) {
    throw apps::UsageError("-H: want 0, 10 or 12");
  }
  finish_addressing(config, pending);
}

}  // namespace

bool parse_arguments(int argc, char** argv, Config& config) {
  Pending pending;
  config.flows.dst_mac = MacRange{0xffffffffffff, 0xffffffffffff};
  opterr = 0;
  optind = 1;
  for (int letter = 0;
       (letter = getopt(argc, argv, ":46hi:f:n:l:b:d:s:D:S:a:c:p:T:w:R:XH:P:zZNF:M:IWvrABC:o:")) !=
       -1;) {
    if (letter == 'h') {
      std::fputs(kUsage, stdout);
      return false;
    }
    if (letter == ':') throw apps::UsageError(fmt::format("-{} wants a value", char(optopt)));
    if (letter == '?')
      throw apps::UsageError(fmt::format("no such option: -{} (-h for help)", char(optopt)));
    if (!take_addressing(letter, config, pending) && !take_packet(letter, config, pending) &&
        !take_pace(letter, config, pending)) {
      take_rest(letter, config);
    }
  }
  if (optind < argc) throw apps::UsageError(fmt::format("unexpected: {}", argv[optind]));
  finish(config, pending);
  return true;
}

}  // namespace pkt_gen
