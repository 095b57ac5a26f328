// SPDX-License-Identifier: BSD-2-Clause
// Methods about ports: attach, detach, list, show, create, delete, stats.
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

vale::Result<vale::AttachRequest> read_attach(const json::object& parameters) {
  Params params(parameters);
  vale::AttachRequest request;
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
  return request;
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

}  // namespace

vale::Result<vale::AttachResult> Service::attach_prepared(const vale::AttachRequest& request) {
  const auto name = vale::parse_port_name(request.name);
  if (!name) return tl::unexpected(name.error());
  std::vector<std::string> prepared;
  if (request.prepare) {
    auto done = preparer_.prepare(name->port, request.name);
    if (!done) return tl::unexpected(done.error());
    prepared = std::move(*done);
  }
  auto attached = kernel_.attach(request);
  if (!attached) {
    // Only what this call changed: the NIC may be on a switch already, prepared by an earlier call.
    if (!prepared.empty()) restore_nic(request.name);
    return attached;
  }
  const auto port = kernel_.port(request.name);
  if (port && port->kind == VALE_PORT_PERSISTENT) {
    restore_nic(request.name);
    prepared.clear();
  }
  attached->prepared = std::move(prepared);
  return attached;
}

vale::Result<Answer> Service::attach(const Context& c) {
  const auto request = read_attach(c.parameters);
  if (!request) return tl::unexpected(request.error());
  return attach_prepared(*request).map([](const vale::AttachResult& result) {
    return success({{"index", result.index}, {"prepared", json_texts(result.prepared)}});
  });
}

vale::Result<Answer> Service::detach(const Context& c) {
  const auto name = read_one(c.parameters, "name");
  if (!name) return tl::unexpected(name.error());
  const auto index = kernel_.detach(*name);
  if (!index) return tl::unexpected(index.error());
  restore_nic(*name);
  return success({{"index", *index}});
}

vale::Result<Answer> Service::list(const Context& c) {
  const auto name = read_optional(c.parameters, "switch");
  if (!name) return tl::unexpected(name.error());
  return kernel_.ports(*name).map(answer_with_list("ports"));
}

vale::Result<Answer> Service::show(const Context& c) {
  const auto name = read_one(c.parameters, "name");
  if (!name) return tl::unexpected(name.error());
  return kernel_.port(*name).map(answer_with("port"));
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
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  return vale::create_and_attach(kernel_, request).map(answer_with("geometry"));
}

vale::Result<Answer> Service::delete_port(const Context& c) {
  const auto name = read_one(c.parameters, "name");
  if (!name) return tl::unexpected(name.error());
  return vale::detach_and_delete(kernel_, *name).map([] { return success(); });
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
