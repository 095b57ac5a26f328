// SPDX-License-Identifier: BSD-2-Clause
// A kernel in memory: NICs, switches, ports, addresses; refuses with the errors the real one
// explains to.
#pragma once

#include <fcntl.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lib/control.hpp"
#include "lib/port_name.hpp"

namespace vale::testing {

class FakeKernel : public Kernel {
 public:
  std::set<std::string> nics{"eth0", "eth1"};
  std::map<std::string, SwitchInfo> switch_table;
  std::vector<PortInfo> port_table;
  std::vector<FdbEntry> fdb_table;
  std::vector<AttachRequest> attached;  // as requested
  std::optional<Error> broken;          // what every call answers, if set
  std::set<std::string> persistent;
  std::set<std::string> open_ports;    // devices that a program uses
  unsigned handed_out = 0;             // descriptors
  std::function<void()> after_attach;  // called when a port has been attached, if set

  Result<AttachResult> attach(const AttachRequest& request) override {
    if (broken) return tl::unexpected(*broken);
    attached.push_back(request);
    const auto name = parse_port_name(request.name);
    if (!name) return tl::unexpected(name.error());
    if (!nics.contains(name->port) && !persistent.contains(name->port)) {
      return fail(Errc::kNoDevice, request.name, "no device " + name->port);
    }
    if (find_port(request.name) != nullptr) {
      return fail(Errc::kBusy, request.name, request.name + " is busy");
    }
    const auto kind = persistent.contains(name->port) ? VALE_PORT_PERSISTENT : VALE_PORT_NIC;
    const auto index = add_port(request.name, kind);
    if (request.host) add_port(request.name + "^", VALE_PORT_HOST);
    if (after_attach) after_attach();
    return AttachResult{index, {}};
  }

  Result<std::uint32_t> detach(const std::string& name) override {
    if (broken) return tl::unexpected(*broken);
    const auto* port = find_port(name);
    if (port == nullptr) return fail(Errc::kNoSuchPort, name, "no port " + name);
    const auto index = port->index;
    std::erase_if(port_table,
                  [&](const PortInfo& p) { return p.name == name || p.name == name + "^"; });
    return index;
  }

  Result<PortPlace> find(const std::string& name) override {
    const auto* port = find_port(name);
    if (port == nullptr) return fail(Errc::kNoSuchPort, name, "no port " + name);
    return PortPlace{name, 0, port->index};
  }

  Result<std::vector<PortPlace>> places() override {
    if (broken) return tl::unexpected(*broken);
    std::vector<PortPlace> all;
    for (const auto& p : port_table) all.push_back({p.name, 0, p.index});
    return all;
  }

  Result<PortGeometry> geometry(const std::string& name) override {
    if (!nics.contains(name) && !persistent.contains(name) && find_port(name) == nullptr) {
      return fail(Errc::kNoDevice, name, "no device " + name);
    }
    PortGeometry g;
    g.tx_rings = 2;
    g.rx_rings = 4;
    g.mem_id = 7;
    return g;
  }

  Result<PortGeometry> create_port(const NewPort& request) override {
    if (broken) return tl::unexpected(*broken);
    if (!persistent.insert(request.name).second) {
      return fail(Errc::kAlreadyExists, request.name, request.name + " exists");
    }
    PortGeometry g;
    g.tx_slots = request.tx_slots == 0 ? 1024 : request.tx_slots;
    g.rx_slots = request.rx_slots == 0 ? 1024 : request.rx_slots;
    g.tx_rings = std::max<std::uint32_t>(request.tx_rings, 1);
    g.rx_rings = std::max<std::uint32_t>(request.rx_rings, 1);
    g.mem_id = request.mem_id == 0 ? 9 : request.mem_id;
    return g;
  }

  Result<void> delete_port(const std::string& name) override {
    const bool attached_somewhere =
        std::any_of(port_table.begin(), port_table.end(), [&](const PortInfo& p) {
          return p.kind == VALE_PORT_PERSISTENT && p.name.ends_with(":" + name);
        });
    if (attached_somewhere || open_ports.contains(name)) {
      return fail(Errc::kBusy, name, name + " is in use");
    }
    if (persistent.erase(name) == 0) return fail(Errc::kNoDevice, name, "no device " + name);
    return {};
  }

  Result<UniqueFd> open_port(const std::string& name) override {  // some open file
    if (broken) return tl::unexpected(*broken);
    if (find_port(name) == nullptr) return fail(Errc::kNoSuchPort, name, "no port " + name);
    ++handed_out;
    return UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC));
  }

  Result<std::vector<SwitchInfo>> switches() override {
    if (broken) return tl::unexpected(*broken);
    std::vector<SwitchInfo> all;
    for (const auto& [name, info] : switch_table) all.push_back(info);
    return all;
  }

  Result<void> set_switch(const SwitchSettings& settings) override {
    if (!settings.create && !switch_table.contains(settings.name)) {
      return fail(Errc::kNoSuchSwitch, settings.name, "no switch " + settings.name);
    }
    auto& info = switch_table[settings.name];
    info.name = settings.name;
    info.fdb_size = settings.fdb_size.value_or(info.fdb_size == 0 ? 8192 : info.fdb_size);
    info.fdb_ageing = settings.fdb_ageing.value_or(info.fdb_ageing);
    info.exchange = settings.exchange.value_or(info.exchange);
    return {};
  }

  Result<void> delete_switch(const std::string& name) override {
    if (switch_table.erase(name) == 0) return fail(Errc::kNoSuchSwitch, name, "no switch " + name);
    return {};
  }

  Result<std::vector<PortInfo>> ports(const std::string& name) override {
    if (broken) return tl::unexpected(*broken);
    if (!name.empty() && !switch_table.contains(name)) {
      return fail(Errc::kNoSuchSwitch, name, "no switch " + name);
    }
    std::vector<PortInfo> all;
    for (const auto& p : port_table) {
      if (name.empty() || p.switch_name == name) all.push_back(p);
    }
    return all;
  }

  Result<PortInfo> port(const std::string& name) override {
    const auto* port = find_port(name);
    if (port == nullptr) return fail(Errc::kNoSuchPort, name, "no port " + name);
    return *port;
  }

  Result<std::vector<FdbEntry>> fdb(const std::string& name) override {
    std::vector<FdbEntry> all;
    for (const auto& e : fdb_table) {
      if (name.empty() || e.switch_name == name) all.push_back(e);
    }
    return all;
  }

  Result<void> fdb_add(const FdbEntry& entry) override {
    if (find_port(entry.port) == nullptr) {
      return fail(Errc::kNoSuchPort, entry.port, "no port " + entry.port);
    }
    fdb_table.push_back(entry);
    return {};
  }

  Result<void> fdb_delete(const std::string& name, const MacAddress& mac) override {
    const auto gone = std::erase_if(
        fdb_table, [&](const FdbEntry& e) { return e.switch_name == name && e.mac == mac; });
    if (gone == 0) return fail(Errc::kNoSuchAddress, format_mac(mac), "no such address");
    return {};
  }

  Result<void> fdb_flush(const std::string& name) override {
    std::erase_if(fdb_table, [&](const FdbEntry& e) {
      return !e.is_static && (e.switch_name == name || e.port == name);
    });
    return {};
  }

  Result<std::unique_ptr<EventSource>> subscribe() override {
    return fail(Errc::kKernelUnavailable, "vale", "no events here");
  }

  Result<std::string> module_version() override {
    if (broken) return tl::unexpected(*broken);
    return std::string("fake");
  }

  PortInfo* find_port(const std::string& name) {
    const auto at = std::find_if(port_table.begin(), port_table.end(),
                                 [&](const PortInfo& p) { return p.name == name; });
    return at == port_table.end() ? nullptr : &*at;
  }

  std::uint32_t add_port(const std::string& name, vale_port_kind kind) {
    PortInfo info;
    info.name = name;
    info.switch_name = name.substr(0, name.find(':'));
    info.kind = kind;
    info.index = static_cast<std::uint32_t>(port_table.size());
    info.link = true;
    switch_table[info.switch_name].name = info.switch_name;
    port_table.push_back(info);
    return info.index;
  }
};

}  // namespace vale::testing
