// SPDX-License-Identifier: BSD-2-Clause
#include "lib/system_kernel.hpp"

#include <fmt/format.h>
#include <linux/netlink.h>

#include <fstream>

#include "lib/explain.hpp"
#include "lib/genl_codec.hpp"
#include "lib/kernel_events.hpp"
#include "lib/netmap.hpp"
#include "lib/port_name.hpp"

namespace vale {
namespace {

using Build = std::function<void(nlmsghdr*)>;
using Answer = std::function<void(const nlmsghdr*)>;

struct Query {
  vale_cmd command;
  std::string what;  // for error messages: "list the ports of vale0"
  std::string name;
};

Result<void> ask(const Query& query, Build build, Answer answer, std::uint16_t flags = NLM_F_ACK) {
  auto genl = Genl::open();
  if (!genl) return tl::unexpected(genl.error());
  const auto family = genl->family(VALE_GENL_NAME);
  if (!family) return tl::unexpected(family.error());
  Genl::Request request;
  request.family = family->id;
  request.command = static_cast<std::uint8_t>(query.command);
  request.flags = flags;
  request.build = std::move(build);
  request.answer = std::move(answer);
  return genl->call(request).map_error(
      [&](const Error& e) { return explain_netlink(e, query.what, query.name); });
}

Build switch_name(const std::string& name) {
  return [name](nlmsghdr* m) {
    if (!name.empty()) genl_codec::put_name(m, VALE_A_SWITCH_NAME, name);
  };
}

/// An empty dump is the answer for an empty switch and for none: ask for the switch itself.
Result<void> require_switch(const std::string& what, const std::string& name) {
  return ask({VALE_CMD_SWITCH_GET, what, name}, switch_name(name), nullptr);
}

/// Runs one request on a freshly opened device and puts a failure into words.
template <class Call, class Explain>
auto on_device(Call call, Explain explain) -> decltype(call(std::declval<Netmap&>())) {
  auto netmap = Netmap::open();
  if (!netmap) return tl::unexpected(netmap.error());
  return call(*netmap).map_error(explain);
}

}  // namespace

Result<AttachResult> SystemKernel::attach(const AttachRequest& request) {
  const auto index =
      on_device([&](Netmap& n) { return n.attach(request); },
                [&](const Error& e) {
                  const auto name = parse_port_name(request.name);
                  return explain_attach(e, request.name, look_at_netdev(name ? name->port : ""));
                });
  if (!index) return tl::unexpected(index.error());
  return AttachResult{*index, {}};
}

Result<std::uint32_t> SystemKernel::detach(const std::string& name) {
  return on_device([&](Netmap& n) { return n.detach(name); },
                   [&](const Error& e) { return explain_detach(e, name); });
}

Result<PortPlace> SystemKernel::find(const std::string& name) {
  return on_device([&](Netmap& n) { return n.find(name); },
                   [&](const Error& e) { return explain_lookup(e, name); });
}

Result<std::vector<PortPlace>> SystemKernel::places() {
  return on_device([](Netmap& n) { return n.list(); },
                   [](const Error& e) { return explain_lookup(e, ""); });
}

Result<PortGeometry> SystemKernel::geometry(const std::string& name) {
  return on_device([&](Netmap& n) { return n.port_info(name); },
                   [&](const Error& e) { return explain_geometry(e, name); });
}

Result<PortGeometry> SystemKernel::create_port(const NewPort& request) {
  return on_device([&](Netmap& n) { return n.new_port(request); },
                   [&](const Error& e) { return explain_create(e, request.name); });
}

Result<void> SystemKernel::delete_port(const std::string& name) {
  return on_device([&](Netmap& n) { return n.delete_port(name); },
                   [&](const Error& e) { return explain_delete(e, name); });
}

Result<UniqueFd> SystemKernel::open_port(const std::string& name) {
  auto netmap = Netmap::open();
  if (!netmap) return tl::unexpected(netmap.error());
  return std::move(*netmap).confine(name).map_error(
      [&](const Error& e) { return explain_open(e, name); });
}

Result<std::vector<SwitchInfo>> SystemKernel::switches() {
  std::vector<SwitchInfo> all;
  const auto done = ask(
      {VALE_CMD_SWITCH_GET, "list switches", ""}, nullptr,
      [&](const nlmsghdr* m) { all.push_back(genl_codec::read_switch(m)); }, NLM_F_DUMP);
  if (!done) return tl::unexpected(done.error());
  return all;
}

Result<void> SystemKernel::set_switch(const SwitchSettings& settings) {
  return ask(
      {VALE_CMD_SWITCH_SET, "set up switch " + settings.name, settings.name},
      [&](nlmsghdr* m) { genl_codec::put_switch_settings(m, settings); }, nullptr);
}

Result<void> SystemKernel::delete_switch(const std::string& name) {
  return ask({VALE_CMD_SWITCH_DEL, "delete switch " + name, name}, switch_name(name), nullptr);
}

Result<std::vector<PortInfo>> SystemKernel::ports(const std::string& name) {
  std::vector<PortInfo> all;
  const auto done = ask(
      {VALE_CMD_PORT_GET, "list the ports of " + name, name}, switch_name(name),
      [&](const nlmsghdr* m) { all.push_back(genl_codec::read_port(m)); }, NLM_F_DUMP);
  if (!done) return tl::unexpected(done.error());
  if (all.empty() && !name.empty()) {
    const auto there = require_switch("list the ports of " + name, name);
    if (!there) return tl::unexpected(there.error());
  }
  return all;
}

Result<PortInfo> SystemKernel::port(const std::string& name) {
  std::optional<PortInfo> found;
  const auto done = ask(
      {VALE_CMD_PORT_GET, "show " + name, name},
      [&](nlmsghdr* m) { genl_codec::put_name(m, VALE_A_PORT_NAME, name); },
      [&](const nlmsghdr* m) { found = genl_codec::read_port(m); });
  if (!done) return tl::unexpected(done.error());
  if (!found) {
    return fail(Errc::kProtocol, name, fmt::format("the kernel did not describe {}", name));
  }
  return *found;
}

Result<std::vector<FdbEntry>> SystemKernel::fdb(const std::string& name) {
  std::vector<FdbEntry> all;
  const auto done = ask(
      {VALE_CMD_FDB_GET, "list the addresses of " + name, name}, switch_name(name),
      [&](const nlmsghdr* m) { all.push_back(genl_codec::read_fdb_entry(m)); }, NLM_F_DUMP);
  if (!done) return tl::unexpected(done.error());
  if (all.empty() && !name.empty()) {
    const auto there = require_switch("list the addresses of " + name, name);
    if (!there) return tl::unexpected(there.error());
  }
  return all;
}

Result<void> SystemKernel::fdb_add(const FdbEntry& entry) {
  return ask(
      {VALE_CMD_FDB_ADD, "add " + format_mac(entry.mac) + " to " + entry.port, entry.port},
      [&](nlmsghdr* m) { genl_codec::put_fdb_entry(m, entry); }, nullptr);
}

Result<void> SystemKernel::fdb_delete(const std::string& name, const MacAddress& mac) {
  const std::string text = format_mac(mac);
  const std::string what = "delete " + text + " from " + name;
  if (auto there = require_switch(what, name); !there) return there;
  return ask(
             {VALE_CMD_FDB_DEL, what, name},
             [&](nlmsghdr* m) {
               genl_codec::put_name(m, VALE_A_SWITCH_NAME, name);
               genl_codec::put_mac(m, mac);
             },
             nullptr)
      .map_error([&](const Error& e) {
        if (e.code != Errc::kNoSuchSwitch) return e;
        return Error{Errc::kNoSuchAddress, text,
                     "cannot " + what + ": there is no such address: see `vale-ctl fdb list`"};
      });
}

Result<void> SystemKernel::fdb_flush(const std::string& name) {
  const auto attr = looks_like_switch_port(name) ? VALE_A_PORT_NAME : VALE_A_SWITCH_NAME;
  return ask(
      {VALE_CMD_FDB_FLUSH, "flush the addresses of " + name, name},
      [&](nlmsghdr* m) { genl_codec::put_name(m, attr, name); }, nullptr);
}

Result<std::unique_ptr<EventSource>> SystemKernel::subscribe() {
  return KernelEvents::open();
}

Result<std::string> SystemKernel::module_version() {
  std::string version;
  std::ifstream file("/sys/module/vale/version");
  if (std::getline(file, version)) return version;
  std::ifstream state("/sys/module/vale/initstate");
  std::ifstream source("/sys/module/vale/srcversion");
  if (std::getline(source, version)) return "source " + version;
  if (state) return std::string("unknown");
  // Built in, or /sys hidden: the family tells.
  auto genl = Genl::open();
  if (!genl) return tl::unexpected(genl.error());
  const auto family = genl->family(VALE_GENL_NAME);
  if (!family) return tl::unexpected(family.error());
  return std::string("unknown");
}

}  // namespace vale
