// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/output.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <ostream>

#include "vale-ctl/table.hpp"

namespace vale_ctl {
namespace {

using Align = Table::Align;

std::string kind_text(std::uint32_t kind) {
  return kind < vale::kKindNames.size() ? std::string(vale::kKindNames[kind]) : "unknown";
}

std::string adapter_text(std::uint32_t adapter) {
  return adapter < vale::kAdapterNames.size() ? std::string(vale::kAdapterNames[adapter])
                                              : "unknown";
}

std::string ageing_text(std::uint32_t seconds) {
  return seconds == 0 ? "never" : fmt::format("{} s", seconds);
}

template <std::size_t N>
void print_nonzero(const Context& context, const char* title,
                   const std::array<std::uint64_t, N>& values,
                   const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < N; ++i) {
    if (values[i] != 0) context.out << fmt::format("  {} {:<13} {}\n", title, names[i], values[i]);
  }
}

}  // namespace

void print_json(const Context& context, const boost::json::object& object) {
  context.out << boost::json::serialize(object) << '\n';
}

void print_ports(const Context& context, const std::vector<vale::PortInfo>& ports) {
  if (context.json) return print_json_list(context, "ports", ports);
  Table table({{"PORT"},
               {"INDEX", Align::kRight},
               {"KIND"},
               {"LINK"},
               {"RX-RINGS", Align::kRight},
               {"TX-RINGS", Align::kRight},
               {"USERS", Align::kRight},
               {"IN-PACKETS", Align::kRight},
               {"OUT-PACKETS", Align::kRight},
               {"DROPS", Align::kRight}});
  for (const auto& p : ports) {
    table.add({p.name, number(p.index), kind_text(p.kind), p.link ? "up" : "down",
               number(p.rx_rings), number(p.tx_rings), number(p.users),
               number(p.counters[VALE_CNT_IN_PACKETS]), number(p.counters[VALE_CNT_OUT_PACKETS]),
               number(p.dropped())});
  }
  context.out << table.text();
}

void print_port(const Context& context, const vale::PortInfo& p) {
  if (context.json) return print_json(context, {{"port", vale::to_json(p)}});
  const auto line = [&](const char* what, const std::string& value) {
    context.out << fmt::format("  {:<8} {}\n", what, value);
  };
  context.out << p.name << '\n';
  line("switch", p.switch_name);
  line("index", number(p.index));
  line("kind", kind_text(p.kind));
  line("link", p.link ? "up" : "down");
  if (p.ifindex) line("ifindex", number(*p.ifindex));
  if (p.adapter) line("adapter", adapter_text(*p.adapter));
  line("rx", fmt::format("{} rings of {} slots", p.rx_rings, p.rx_slots));
  line("tx", fmt::format("{} rings of {} slots", p.tx_rings, p.tx_slots));
  if (p.mem_id != 0) line("memory", fmt::format("region {}", p.mem_id));
  line("users", number(p.users));
  if (!p.owner.empty()) line("owner", p.owner);
  if (p.poll_cpu) {
    const std::uint32_t last = *p.poll_cpu + p.poll_cpus - 1;
    line("polled", p.poll_cpus == 1 ? fmt::format("by a thread on CPU {}", last)
                                    : fmt::format("by threads on CPUs {}-{}", *p.poll_cpu, last));
  }
  line("in", fmt::format("{} packets, {} bytes", p.counters[VALE_CNT_IN_PACKETS],
                         p.counters[VALE_CNT_IN_BYTES]));
  line("out", fmt::format("{} packets, {} bytes", p.counters[VALE_CNT_OUT_PACKETS],
                          p.counters[VALE_CNT_OUT_BYTES]));
  line("flooded", fmt::format("{} unicast, {} multicast", p.counters[VALE_CNT_FLOODED],
                              p.counters[VALE_CNT_MULTICAST]));
  line("dropped", number(p.dropped()));
  print_nonzero(context, "  ", p.drops, vale::kDropNames);
}

void print_stats(const Context& context, const std::vector<vale::PortInfo>& ports) {
  if (context.json) {
    boost::json::array list;
    for (const auto& p : ports) {
      list.push_back({{"switch", p.switch_name},
                      {"name", p.name},
                      {"counters", vale::counters_json(p)},
                      {"drops", vale::drops_json(p)}});
    }
    return print_json(context, {{"stats", std::move(list)}});
  }
  Table table({{"PORT"},
               {"IN-PACKETS", Align::kRight},
               {"IN-BYTES", Align::kRight},
               {"OUT-PACKETS", Align::kRight},
               {"OUT-BYTES", Align::kRight},
               {"FLOODED", Align::kRight},
               {"MULTICAST", Align::kRight},
               {"DROPS"}});
  for (const auto& p : ports) {
    std::string drops;
    for (std::size_t i = 0; i < vale::kDropCount; ++i) {
      if (p.drops[i] == 0) continue;
      drops += fmt::format("{}{}={}", drops.empty() ? "" : " ", vale::kDropNames[i], p.drops[i]);
    }
    const auto& c = p.counters;
    table.add({p.name, number(c[VALE_CNT_IN_PACKETS]), number(c[VALE_CNT_IN_BYTES]),
               number(c[VALE_CNT_OUT_PACKETS]), number(c[VALE_CNT_OUT_BYTES]),
               number(c[VALE_CNT_FLOODED]), number(c[VALE_CNT_MULTICAST]),
               drops.empty() ? "0" : drops});
  }
  context.out << table.text();
}

void print_switches(const Context& context, const std::vector<vale::SwitchInfo>& switches) {
  if (context.json) return print_json_list(context, "switches", switches);
  Table table({{"SWITCH"},
               {"PORTS", Align::kRight},
               {"FDB-USED", Align::kRight},
               {"FDB-SIZE", Align::kRight},
               {"NOT-LEARNED", Align::kRight},
               {"AGEING", Align::kRight},
               {"EXCHANGE"}});
  for (const auto& s : switches) {
    table.add({s.name, number(s.ports), number(s.fdb_used), number(s.fdb_size), number(s.fdb_full),
               ageing_text(s.fdb_ageing), s.exchange ? "on" : "off"});
  }
  context.out << table.text();
}

void print_fdb(const Context& context, const std::vector<vale::FdbEntry>& entries) {
  if (context.json) return print_json_list(context, "entries", entries);
  Table table({{"SWITCH"}, {"MAC"}, {"PORT"}, {"AGE", Align::kRight}});
  for (const auto& e : entries) {
    table.add({e.switch_name, vale::format_mac(e.mac), e.port,
               e.is_static ? "static" : fmt::format("{} s", e.age)});
  }
  context.out << table.text();
}

void print_event(const Context& context, const vale::Event& event) {
  if (context.json) {
    print_json(context, vale::to_json(event));
  } else {
    std::string text = fmt::format("{:<12}", event.type);
    if (!event.switch_name.empty()) text += " switch " + event.switch_name;
    if (!event.port.empty()) text += " port " + event.port;
    if (event.index) text += fmt::format(" index {}", *event.index);
    if (event.old_index) text += fmt::format(" was {}", *event.old_index);
    if (event.kind) text += " " + kind_text(*event.kind);
    if (event.mac) text += " mac " + vale::format_mac(*event.mac);
    if (event.lost != 0) text += fmt::format(" ({} events lost before)", event.lost);
    text.erase(text.find_last_not_of(' ') + 1);
    context.out << text << '\n';
  }
  context.out.flush();
}

void print_open_device(const Context& context, const std::string& name, const vale::PortGeometry& g,
                       const vale::PortInfo& p) {
  if (context.json) {
    return print_json(context,
                      {{"port", vale::to_json(p)}, {"name", name}, {"geometry", vale::to_json(g)}});
  }
  print_geometry(context, name, g);
  context.out << fmt::format("open by {} programs, adapter {}\n", p.users,
                             p.adapter ? adapter_text(*p.adapter) : "unknown");
}

void print_geometry(const Context& context, const std::string& name, const vale::PortGeometry& g) {
  if (context.json) return print_json(context, {{"name", name}, {"geometry", vale::to_json(g)}});
  context.out << fmt::format("{}: {} TX rings of {} slots, {} RX rings of {} slots", name,
                             g.tx_rings, g.tx_slots, g.rx_rings, g.rx_slots);
  if (g.host_tx_rings + g.host_rx_rings != 0) {
    context.out << fmt::format(", {} host TX rings, {} host RX rings", g.host_tx_rings,
                               g.host_rx_rings);
  }
  context.out << fmt::format(", memory region {}", g.mem_id);
  // Not reported for a port just made: its region is sized when it is first opened.
  if (g.memsize != 0) context.out << fmt::format(", {} bytes", g.memsize);
  context.out << '\n';
}

}  // namespace vale_ctl
