// SPDX-License-Identifier: BSD-2-Clause
#include "valed/port_manager.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "lib/port_name.hpp"
#include "valed/about.hpp"

namespace valed {

vale::Result<vale::AttachResult> PortManager::attach(const vale::AttachRequest& request) {
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
    if (!prepared.empty()) restore(request.name);
    return attached;
  }
  const auto port = kernel_.port(request.name);
  if (port && port->kind == VALE_PORT_PERSISTENT) {
    restore(request.name);
    prepared.clear();
  }
  attached->prepared = std::move(prepared);
  return attached;
}

vale::Result<std::uint32_t> PortManager::detach(const std::string& name) {
  auto index = kernel_.detach(name);
  if (index) restore(name);
  return index;
}

void PortManager::restore(const std::string& name) {
  const auto restored = preparer_.restore(name);
  if (!restored) {
    log_about(about(name), spdlog::level::warn, "{}: settings of the NIC are not all back: {}",
              name, restored.error().context);
  }
}

void PortManager::port_gone(const std::string& name) {
  if (!kernel_.port(name)) restore(name);
}

void PortManager::restore_others(const std::vector<vale::PortInfo>& ports) {
  for (const auto& name : preparer_.prepared()) {
    const bool there = std::any_of(ports.begin(), ports.end(),
                                   [&](const vale::PortInfo& p) { return p.name == name; });
    if (there) continue;
    log_about(about(name), spdlog::level::info,
              "{} went while valed was away: its NIC gets its settings back", name);
    restore(name);
  }
}

}  // namespace valed
