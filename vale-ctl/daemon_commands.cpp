// SPDX-License-Identifier: BSD-2-Clause
// status, watch, version.
#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <ostream>

#include "lib/system_kernel.hpp"
#include "vale-ctl/commands.hpp"
#include "vale-ctl/output.hpp"

namespace vale_ctl {
namespace {

namespace json = boost::json;

struct WatchOptions {
  std::string switch_name;
  std::vector<std::string> events;
};

std::string plain(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_int64()) return std::to_string(value.as_int64());
  if (value.is_uint64()) return std::to_string(value.as_uint64());
  return "";
}

vale::Result<void> status(Context& context) {
  auto client = context.client(context.socket);
  if (!client) return tl::unexpected(client.error());
  const auto reply = (*client)->call("io.vale.Switch.Status", {});
  if (!reply) return tl::unexpected(reply.error());
  if (context.json) {
    print_json(context, *reply);
    return {};
  }
  for (const auto& item : *reply) {
    if (!item.value().is_array()) {
      context.out << fmt::format("{:<12} {}\n", std::string(item.key()), plain(item.value()));
      continue;
    }
    for (const auto& line : item.value().as_array()) {
      context.out << fmt::format("{:<12} {}\n", std::string(item.key()), plain(line));
    }
  }
  return {};
}

vale::Result<void> watch(Context& context, const WatchOptions& options) {
  auto client = context.client(context.socket);
  if (!client) return tl::unexpected(client.error());
  json::object parameters;
  if (!options.switch_name.empty()) parameters["switch"] = options.switch_name;
  if (!options.events.empty()) {
    json::array events;
    for (const auto& event : options.events) events.emplace_back(event);
    parameters["events"] = std::move(events);
  }
  return (*client)->stream("io.vale.Switch.Watch", std::move(parameters),
                           [&](const json::object& reply) {
                             const auto* event = reply.if_contains("event");
                             if (event != nullptr && event->is_object()) {
                               print_event(context, vale::event_from_json(event->as_object()));
                             }
                             return context.out.good();
                           });
}

vale::Result<void> version(Context& context) {
  json::object versions{{"vale-ctl", VALE_VERSION}};
  if (auto client = context.client(context.socket)) {
    const auto reply = (*client)->call("org.varlink.service.GetInfo", {});
    if (reply && reply->contains("version")) versions["valed"] = reply->at("version");
  }
  vale::SystemKernel kernel;
  if (const auto module = kernel.module_version()) versions["vale.ko"] = *module;
  if (context.json) {
    print_json(context, versions);
    return {};
  }
  for (const char* part : {"vale-ctl", "valed", "vale.ko"}) {
    const auto* found = versions.if_contains(part);
    context.out << fmt::format("{:<9} {}\n", part,
                               found != nullptr ? plain(*found) : "not running");
  }
  return {};
}

/// The same commands at the top and under "daemon".
void add_all(const Registry& r, CLI::App& parent) {
  r.add(parent, "status", "how valed is", status);
  r.add(parent, "version", "versions of vale-ctl, valed and module", version);
  add_report_command(r, parent);
}

}  // namespace

void add_daemon_commands(const Registry& r) {
  add_all(r, r.app);
  auto* noun = r.app.add_subcommand("daemon", "valed itself");
  noun->require_subcommand(1);
  noun->fallthrough();
  add_all(r, *noun);
  r.add<WatchOptions>(
      r.app, "watch", "print events as they happen, until interrupted",
      [](CLI::App& c, WatchOptions& o) {
        c.add_option("SWITCH", o.switch_name, "only of this switch");
        c.add_option("--event", o.events, "only these, for example port_add; repeatable");
      },
      watch);
}

}  // namespace vale_ctl
