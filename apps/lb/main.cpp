// SPDX-License-Identifier: BSD-2-Clause
// Balances the packets of a port over pipes, by flow. The command line is the historical one, hence
// getopt.
#include <fmt/format.h>
#include <getopt.h>
#include <poll.h>
#include <syslog.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "apps/common/open_port.hpp"
#include "apps/common/process.hpp"
#include "apps/common/text.hpp"
#include "apps/lb/balancer.hpp"
#include "apps/lb/report.hpp"

namespace {

using lb::Balancer;
using vale::netmap::Port;

constexpr char kUsage[] =
    "lb -i PORT [-p [NAME:]COUNT]... [-B BUFFERS] [-b BATCH] [-w S] [-W] [-s S] [-o S]\n"
    "  spreads PORT's packets over pipes NAME{0, NAME{1, ...: read them as NAME}0, NAME}1, ...\n"
    "  -p  a group of pipes, each group gets every packet (one group of 2, named as the port)\n"
    "  -B  extra buffers, for what pipes have no room for (0)   -b  slots at a time (2048)\n"
    "  -w  wait for link (2)   -W  never sleep   -s, -o  seconds between reports to syslog, "
    "stdout\n";

struct GroupName {
  std::string name;
  std::uint32_t count;
};

struct Config {
  std::string port;
  std::vector<GroupName> groups;
  std::uint32_t extra_bufs = 0, batch = 2048;
  double wait = 2;
  bool busy = false;
  std::uint64_t syslog_s = 0, stdout_s = 0;
};

GroupName parse_group(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const std::string count = colon == std::string::npos ? text : text.substr(colon + 1);
  const std::string name = colon == std::string::npos ? "" : text.substr(0, colon);
  return {name, static_cast<std::uint32_t>(apps::number("-p", count, 1, 64))};
}

template <class T>
void set(T& field, const char* what, std::uint64_t min, std::uint64_t max) {
  field = static_cast<T>(apps::number(what, optarg, min, max));
}

std::optional<Config> parse_arguments(int argc, char** argv) {
  Config config;
  for (int letter = 0; (letter = getopt(argc, argv, "hi:p:B:b:w:Ws:o:")) != -1;) {
    switch (letter) {
      case 'i':
        config.port = optarg;
        break;
      case 'p':
        config.groups.push_back(parse_group(optarg));
        break;
      case 'B':
        set(config.extra_bufs, "-B", 0, 1 << 24);
        break;
      case 'b':
        set(config.batch, "-b", 1, 1 << 20);
        break;
      case 'w':
        config.wait = apps::scaled("-w", optarg);
        break;
      case 'W':
        config.busy = true;
        break;
      case 's':
        set(config.syslog_s, "-s", 1, 86400);
        break;
      case 'o':
        set(config.stdout_s, "-o", 1, 86400);
        break;
      case 'h':
        std::fputs(kUsage, stdout);
        return std::nullopt;
      default:
        throw apps::UsageError("see lb -h");
    }
  }
  if (optind < argc || config.port.empty()) throw apps::UsageError("want -i PORT");
  if (config.groups.empty()) config.groups.push_back({"", 2});
  return config;
}

// A group that has no name, or only a bare one, hangs from the port or from that kind of name.
std::string pipe_spec(const Port& input, const GroupName& group, std::uint32_t i) {
  const std::string base = group.name.empty() ? input.name() : group.name;
  return fmt::format("{}{{{}/T@{}", apps::full_spec(base), i, input.mem_id());
}

std::vector<Balancer::Group> open_pipes(const Config& config, const Port& input) {
  std::vector<Balancer::Group> groups;
  for (const GroupName& wanted : config.groups) {
    Balancer::Group& group = groups.emplace_back();
    for (std::uint32_t i = 0; i < wanted.count; i++) {
      group.push_back({apps::open_port(pipe_spec(input, wanted, i))});
      if (group.back().port.mem_id() != input.mem_id()) {
        throw std::runtime_error(group.back().port.name() + " is in other memory than " +
                                 input.name());
      }
    }
  }
  return groups;
}

void print(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) fmt::print("{}\n", line);
  std::fflush(stdout);
}

void log(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) syslog(LOG_INFO, "%s", line.c_str());
}

/// Says when a report is due, every so many seconds.
class Ticker {
 public:
  explicit Ticker(std::uint64_t seconds)
      : every_(seconds * 1'000'000'000), next_(apps::now_ns() + every_) {}
  bool due(std::uint64_t now) {
    if (every_ == 0 || now < next_) return false;
    next_ = now + every_;
    return true;
  }

 private:
  std::uint64_t every_, next_;
};

bool anything_waits(const std::vector<Balancer::Group>& groups) {
  for (const auto& group : groups) {
    for (const lb::Pipe& pipe : group) {
      if (!pipe.waiting.empty()) return true;
    }
  }
  return false;
}

// While something waits for a pipe it looks every millisecond whether there is room.
void balance(const Config& config, const Port& input, std::vector<Balancer::Group>& groups,
             Balancer& balancer) {
  Ticker to_syslog(config.syslog_s), to_stdout(config.stdout_s);
  lb::Report logged(apps::full_spec(input.name()), apps::now_ns()), printed = logged;
  while (!apps::stop) {
    if (config.busy) {
      input.rxsync();
    } else if ((input.wait(POLLIN, anything_waits(groups) ? 1 : 200) & POLLERR) != 0) {
      throw std::runtime_error(input.name() + " reports an error");
    }
    balancer.step(config.batch);
    const std::uint64_t now = apps::now_ns();
    if (to_syslog.due(now)) log(logged.lines(balancer, groups, now));
    if (to_stdout.due(now)) print(printed.lines(balancer, groups, now));
  }
  print(printed.lines(balancer, groups, apps::now_ns()));
}

int run(int argc, char** argv) {
  const auto config = parse_arguments(argc, argv);
  if (!config) return apps::kOk;
  apps::catch_signals();
  if (config->syslog_s != 0) openlog("lb", LOG_PID, LOG_DAEMON);
  const Port input = apps::open_port(config->port, {.extra_bufs = config->extra_bufs});
  if (input.rx().empty()) throw std::runtime_error(input.name() + " has no receive ring");
  auto groups = open_pipes(*config, input);
  Balancer balancer(input, groups);
  apps::pause_for(config->wait);
  fmt::print("Ready to go, {}: {} extra buffers of {} wanted\n", input.name(), balancer.spare(),
             config->extra_bufs);
  std::fflush(stdout);
  balance(*config, input, groups, balancer);
  return apps::kOk;
}

}  // namespace

int main(int argc, char** argv) {
  return apps::run_tool("lb", run, argc, argv);
}
