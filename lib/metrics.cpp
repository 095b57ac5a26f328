// SPDX-License-Identifier: BSD-2-Clause
#include "lib/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

namespace vale::metrics {
namespace {

struct CounterMetric {
  vale_counter counter;
  std::string_view name;
  std::string_view help;
};

// As seen from the switch: what a port receives comes from the program or wire behind it.
constexpr std::array kCounterMetrics = {
    CounterMetric{VALE_CNT_IN_PACKETS, "vale_port_rx_packets_total",
                  "Packets that entered the switch from the port."},
    CounterMetric{VALE_CNT_IN_BYTES, "vale_port_rx_bytes_total",
                  "Bytes that entered the switch from the port."},
    CounterMetric{VALE_CNT_OUT_PACKETS, "vale_port_tx_packets_total",
                  "Packets that left the switch through the port."},
    CounterMetric{VALE_CNT_OUT_BYTES, "vale_port_tx_bytes_total",
                  "Bytes that left the switch through the port."},
    CounterMetric{VALE_CNT_FLOODED, "vale_port_flooded_packets_total",
                  "Unicast packets from the port that went to every other port."},
    CounterMetric{VALE_CNT_MULTICAST, "vale_port_multicast_packets_total",
                  "Multicast and broadcast packets from the port."},
};

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

using Ports = std::span<const PortInfo>;

std::vector<Label> labels_of(const PortInfo& port) {
  return {{"switch", port.switch_name}, {"port", port.name}};
}

void put_drops(Text& text, Ports ports) {
  text.begin("vale_port_dropped_packets_total", "counter", "Packets dropped, by reason.");
  for (const auto& port : ports) {
    for (std::size_t i = 0; i < kDropCount; ++i) {
      auto labels = labels_of(port);
      labels.push_back({"reason", kDropNames[i]});
      text.sample(labels, port.drops[i]);
    }
  }
}

void put_gauges(Text& text, Ports ports) {
  text.begin("vale_port_up", "gauge", "1 while the port has link.");
  for (const auto& port : ports) text.sample(labels_of(port), port.link ? 1 : 0);
  text.begin("vale_port_users", "gauge", "Programs that have the port open.");
  for (const auto& port : ports) text.sample(labels_of(port), port.users);
}

}  // namespace

void Text::begin(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  fmt::format_to(std::back_inserter(out_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void Text::sample(const std::vector<Label>& labels, std::uint64_t value) {
  out_ += name_;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    fmt::format_to(std::back_inserter(out_), "{}{}=\"{}\"", i == 0 ? "{" : ",", labels[i].name,
                   escaped(labels[i].value));
  }
  fmt::format_to(std::back_inserter(out_), "{} {}\n", labels.empty() ? "" : "}", value);
}

void Text::single(std::string_view name, std::string_view type, std::string_view help,
                  std::uint64_t value) {
  begin(name, type, help);
  sample({}, value);
}

void put_switches(Text& text, const std::vector<SwitchInfo>& switches) {
  struct Metric {
    std::string_view name;
    std::string_view type;
    std::string_view help;
    std::uint64_t (*value)(const SwitchInfo&);
  };
  constexpr std::array kMetrics = {
      Metric{"vale_switch_ports", "gauge", "Ports on the switch.",
             [](const SwitchInfo& s) -> std::uint64_t { return s.ports; }},
      Metric{"vale_switch_fdb_entries", "gauge", "Addresses in the forwarding table.",
             [](const SwitchInfo& s) -> std::uint64_t { return s.fdb_used; }},
      Metric{"vale_switch_fdb_size", "gauge", "Addresses the forwarding table has room for.",
             [](const SwitchInfo& s) -> std::uint64_t { return s.fdb_size; }},
      Metric{"vale_switch_fdb_not_learned_total", "counter",
             "Addresses not learned because the forwarding table was full.",
             [](const SwitchInfo& s) { return s.fdb_full; }},
  };
  for (const auto& metric : kMetrics) {
    text.begin(metric.name, metric.type, metric.help);
    for (const auto& info : switches) text.sample({{"switch", info.name}}, metric.value(info));
  }
}

void put_ports(Text& text, const std::vector<PortInfo>& ports) {
  const auto shown = Ports(ports).first(std::min(ports.size(), kMaxPorts));
  for (const auto& metric : kCounterMetrics) {
    text.begin(metric.name, "counter", metric.help);
    for (const auto& port : shown) text.sample(labels_of(port), port.counters[metric.counter]);
  }
  put_drops(text, shown);
  put_gauges(text, shown);
  text.single("vale_ports_left_out", "gauge", "Ports that these metrics leave out.",
              ports.size() - shown.size());
}

}  // namespace vale::metrics
