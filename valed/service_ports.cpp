// SPDX-License-Identifier: BSD-2-Clause
// Methods about ports: attach, detach, list, show, create, delete, open, stats.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "lib/port_name.hpp"
#include "valed/answers.hpp"
#include "valed/params.hpp"
#include "valed/service.hpp"

namespace valed {
namespace json = boost::json;
namespace {

vale::Result<std::optional<vale::RingSet>> rings(const std::optional<std::string>& text) {
  if (!text) return std::optional<vale::RingSet>();
  return vale::RingSet::parse(*text).map(
      [](const vale::RingSet& set) { return std::optional(set); });
}

struct AttachCall {
  vale::AttachRequest request;
  bool permanent = false;
};

vale::Result<AttachCall> read_attach(const json::object& parameters) {
  Params params(parameters);
  AttachCall call;
  auto& request = call.request;
  call.permanent = params.flag("permanent", false);
  request.name = params.text("name");
  request.host = params.flag("host", false);
  request.prepare = params.flag("prepare", true);
  const auto rx = params.optional_text("rx_rings");
  const auto tx = params.optional_text("tx_rings");
  request.mem_id = params.number_or_zero<std::uint16_t>("mem_id");
  request.tx_slots = params.number_or_zero<std::uint32_t>("tx_slots");
  request.rx_slots = params.number_or_zero<std::uint32_t>("rx_slots");
  request.tx_ring_count = params.number_or_zero<std::uint16_t>("tx_ring_count");
  request.rx_ring_count = params.number_or_zero<std::uint16_t>("rx_ring_count");
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  const auto rx_set = rings(rx);
  if (!rx_set) return tl::unexpected(rx_set.error());
  const auto tx_set = rings(tx);
  if (!tx_set) return tl::unexpected(tx_set.error());
  request.rx_rings = *rx_set;
  request.tx_rings = *tx_set;
  return call;
}

struct NameCall {
  std::string name;
  bool permanent = false;
};

vale::Result<NameCall> read_name(const json::object& parameters) {
  Params params(parameters);
  NameCall call{params.text("name"), params.flag("permanent", false)};
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  return call;
}

/// Wanted and not there: what is to be detached is only the wish.
bool is_pending(const vale::Topology& wanted, const vale::PortName& name,
                const vale::Error& error) {
  const auto at = wanted.ports.find(name.port);
  return error.code == vale::Errc::kNoSuchPort && at != wanted.ports.end() &&
         at->second.switch_name == name.switch_name;
}

vale::Result<std::string> read_one(const json::object& parameters, const char* key) {
  Params params(parameters);
  auto value = params.text(key);
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  return value;
}

vale::Result<std::string> read_optional(const json::object& parameters, const char* key) {
  Params params(parameters);
  auto value = params.optional_text(key);
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  return value.value_or("");
}

/// Whoever has a port open sees all that is in its memory.
vale::Result<void> check_owner(const vale::NewPort& request) {
  if (request.owner.empty()) return {};
  if (!user_id(request.owner)) {
    return vale::fail(vale::Errc::kInvalidValue, request.owner,
                      "there is no user " + request.owner + " to own " + request.name);
  }
  if (request.mem_id == 0) return {};
  return vale::fail(vale::Errc::kInvalidValue, request.name,
                    request.name +
                        " cannot have an owner and be in the memory of others: leave "
                        "out either --owner or --mem-id");
}

/// Another port in the memory of @p port, or empty.
std::string shares_memory(const std::vector<vale::PortInfo>& all, const vale::PortInfo& port) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const vale::PortInfo& other) {
    return other.mem_id == port.mem_id && other.name != port.name;
  });
  return at == all.end() ? "" : at->name;
}

}  // namespace

vale::Result<Answer> Service::attach(const Context& c) {
  const auto call = read_attach(c.parameters);
  if (!call) return tl::unexpected(call.error());
  const auto& request = call->request;
  const auto attached = engine_.ports.attach(request);
  if (!attached) return tl::unexpected(attached.error());
  const auto name = vale::parse_port_name(request.name);
  const auto recorded = record(name->port, call->permanent, [&](vale::Topology& topology) {
    auto& spec = topology.ports[name->port];
    spec.switch_name = name->switch_name;
    if (spec.type == vale::PortType::kPersistent) return;
    spec.host = request.host;
    spec.prepare = request.prepare;
    spec.rx_rings = request.rx_rings;
    spec.tx_rings = request.tx_rings;
  });
  if (!recorded) return tl::unexpected(recorded.error());
  return success({{"index", attached->index}, {"prepared", json_texts(attached->prepared)}});
}

vale::Result<Answer> Service::detach(const Context& c) {
  const auto call = read_name(c.parameters);
  if (!call) return tl::unexpected(call.error());
  const auto name = vale::parse_port_name(call->name);
  const auto index = engine_.ports.detach(call->name);
  if (!index && !(name && is_pending(engine_.reconciler.wanted(), *name, index.error()))) {
    return tl::unexpected(index.error());
  }
  if (name) {
    const auto recorded = record(name->port, call->permanent, [&](vale::Topology& topology) {
      const auto at = topology.ports.find(name->port);
      if (at == topology.ports.end()) return;
      at->second.switch_name.clear();
      if (at->second.type == vale::PortType::kNic) topology.ports.erase(at);
    });
    if (!recorded) return tl::unexpected(recorded.error());
  }
  return index ? success({{"index", *index}}) : success();
}

vale::Result<Answer> Service::list(const Context& c) {
  const auto name = read_optional(c.parameters, "switch");
  if (!name) return tl::unexpected(name.error());
  auto ports = kernel_.ports(*name);
  if (!ports) return tl::unexpected(ports.error());
  for (auto& port : *ports) port.owner = owner_of(port.name);
  return success({{"ports", json_list(*ports)}});
}

vale::Result<Answer> Service::show(const Context& c) {
  const auto name = read_one(c.parameters, "name");
  if (!name) return tl::unexpected(name.error());
  auto port = kernel_.port(*name);
  if (!port) return tl::unexpected(port.error());
  port->owner = owner_of(port->name);
  return success({{"port", vale::to_json(*port)}});
}

vale::Result<Answer> Service::places(const Context& c) {
  const auto name = read_optional(c.parameters, "name");
  if (!name) return tl::unexpected(name.error());
  if (name->empty()) return kernel_.places().map(answer_with_list("places"));
  return kernel_.find(*name).map([](const vale::PortPlace& place) {
    return success({{"places", json::array{vale::to_json(place)}}});
  });
}

vale::Result<Answer> Service::geometry(const Context& c) {
  const auto name = read_one(c.parameters, "name");
  if (!name) return tl::unexpected(name.error());
  return kernel_.geometry(*name).map(answer_with("geometry"));
}

vale::Result<Answer> Service::create_port(const Context& c) {
  Params params(c.parameters);
  vale::NewPort request;
  request.name = params.text("name");
  request.tx_slots = params.number_or_zero<std::uint32_t>("tx_slots");
  request.rx_slots = params.number_or_zero<std::uint32_t>("rx_slots");
  request.tx_rings = params.number_or_zero<std::uint16_t>("tx_rings");
  request.rx_rings = params.number_or_zero<std::uint16_t>("rx_rings");
  request.mem_id = params.number_or_zero<std::uint16_t>("mem_id");
  request.owner = params.optional_text("owner").value_or("");
  const bool permanent = params.flag("permanent", false);
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  if (const auto good = check_owner(request); !good) return tl::unexpected(good.error());
  auto made = vale::create_and_attach(kernel_, request);
  if (!made) return tl::unexpected(made.error());
  const auto name = vale::parse_port_name(request.name);
  const auto device = name ? name->port : request.name;
  const auto recorded = record(device, permanent, [&](vale::Topology& topology) {
    vale::PortSpec spec;
    spec.type = vale::PortType::kPersistent;
    if (name) spec.switch_name = name->switch_name;
    spec.tx_slots = request.tx_slots;
    spec.rx_slots = request.rx_slots;
    spec.tx_ring_count = request.tx_rings;
    spec.rx_ring_count = request.rx_rings;
    spec.owner = request.owner;
    topology.ports[device] = spec;
  });
  if (!recorded) return tl::unexpected(recorded.error());
  return success({{"geometry", vale::to_json(*made)}});
}

vale::Result<Answer> Service::delete_port(const Context& c) {
  const auto call = read_name(c.parameters);
  if (!call) return tl::unexpected(call.error());
  const auto deleted = vale::detach_and_delete(kernel_, call->name);
  if (!deleted) return tl::unexpected(deleted.error());
  const auto name = vale::parse_port_name(call->name);
  const auto device = name ? name->port : call->name;
  return record(device, call->permanent,
                [&](vale::Topology& topology) { topology.ports.erase(device); })
      .map([] { return success(); });
}

std::string Service::owner_of(const std::string& port) const {
  const auto name = vale::parse_port_name(port);
  if (!name) return "";
  const auto& wanted = engine_.reconciler.wanted().ports;
  const auto at = wanted.find(name->port);
  const bool it = at != wanted.end() && vale::port_name_of(at->first, at->second) == port;
  return it ? at->second.owner : "";
}

bool Service::owns(const Peer& peer, const std::string& port) const {
  const auto owner = owner_of(port);
  return !owner.empty() && user_id(owner) == peer.uid;
}

vale::Result<Answer> Service::open_port(const Context& c) {
  const auto name = read_one(c.parameters, "name");
  if (!name) return tl::unexpected(name.error());
  const auto port = kernel_.port(*name);
  if (!port) return tl::unexpected(port.error());
  if (port->kind != VALE_PORT_PERSISTENT) {
    return vale::fail(vale::Errc::kNotSupported, *name,
                      *name + " is no persistent port: only those are handed out");
  }
  const auto all = kernel_.ports("");
  if (!all) return tl::unexpected(all.error());
  if (const auto other = shares_memory(*all, *port); !other.empty()) {
    return vale::fail(vale::Errc::kNotSupported, *name,
                      "cannot hand " + *name + " out: its memory is that of " + other +
                          " too: make it again without --mem-id");
  }
  auto descriptor = kernel_.open_port(*name);
  if (!descriptor) return tl::unexpected(descriptor.error());
  auto answer = success({{"descriptor", 0}});
  answer.descriptor = std::move(*descriptor);
  return answer;
}

vale::Result<Answer> Service::stats(const Context& c) {
  Params params(c.parameters);
  const auto switch_name = params.optional_text("switch");
  const auto port = params.optional_text("port");
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  std::vector<vale::PortInfo> ports;
  if (port) {
    const auto one = kernel_.port(*port);
    if (!one) return tl::unexpected(one.error());
    ports.push_back(*one);
  } else {
    auto all = kernel_.ports(switch_name.value_or(""));
    if (!all) return tl::unexpected(all.error());
    ports = std::move(*all);
  }
  json::array list;
  for (const auto& info : ports) {
    list.push_back({{"switch", info.switch_name},
                    {"name", info.name},
                    {"counters", vale::counters_json(info)},
                    {"drops", vale::drops_json(info)}});
  }
  return success({{"stats", std::move(list)}});
}

}  // namespace valed
