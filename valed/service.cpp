// SPDX-License-Identifier: BSD-2-Clause
// The table of methods, who may call them, and what valed does on its own.
#include "valed/service.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "lib/varlink_errors.hpp"
#include "valed/about.hpp"
#include "valed/answers.hpp"
#include "valed/interfaces.hpp"
#include "valed/params.hpp"

namespace valed {
namespace json = boost::json;
namespace {

constexpr std::string_view kService = "org.varlink.service";
constexpr std::string_view kSwitch = "io.vale.Switch";
constexpr std::size_t kRememberedErrors = 8;
constexpr std::size_t kLoggedParameters = 200;  // bytes: a whole configuration is too much

Answer service_error(std::string_view name, json::object parameters) {
  return failure({std::move(parameters), fmt::format("{}.{}", kService, name), false});
}

std::string text_of(const json::object& parameters, std::string_view name) {
  const auto* value = parameters.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

/// The same whether it exists or not, and whoever owns it.
vale::Error not_yours(const Peer& peer, const std::string& port) {
  return {
      vale::Errc::kNotPermitted, "open ports",
      fmt::format("{} may not open {}: that is for its owner (`vale-ctl port create --owner`, or "
                  "owner in valed.toml(5)) and for whoever may create ports of that switch",
                  user_name(peer.uid), port)};
}

}  // namespace

Service::Service(Engine& engine, EventHub& hub, Authority authority, Clock clock)
    : engine_(engine),
      kernel_(engine.kernel),
      hub_(hub),
      authority_(std::move(authority)),
      clock_(std::move(clock)),
      started_(clock_()) {}

const Service::Method* Service::find_method(std::string_view name) {
  using enum Right;
  static constexpr std::array kMethods = {
      Method{"org.varlink.service.GetInfo", kNone, "", false, &Service::get_info, ""},
      Method{"org.varlink.service.GetInterfaceDescription", kNone, "", false,
             &Service::get_interface, ""},
      Method{"io.vale.Switch.Attach", kNics, "name", false, &Service::attach, "attach ports"},
      Method{"io.vale.Switch.Detach", kNics, "name", false, &Service::detach, "detach ports"},
      Method{"io.vale.Switch.List", kRead, "", false, &Service::list, "list ports"},
      Method{"io.vale.Switch.Show", kRead, "", false, &Service::show, "look at ports"},
      Method{"io.vale.Switch.Places", kRead, "", false, &Service::places, "list ports"},
      Method{"io.vale.Switch.Geometry", kRead, "", false, &Service::geometry, "look at ports"},
      Method{"io.vale.Switch.CreatePort", kPorts, "name", false, &Service::create_port,
             "create ports"},
      Method{"io.vale.Switch.DeletePort", kPorts, "name", false, &Service::delete_port,
             "delete ports"},
      Method{"io.vale.Switch.OpenPort", kOpen, "name", false, &Service::open_port, "open ports"},
      Method{"io.vale.Switch.ListSwitches", kRead, "", false, &Service::list_switches,
             "list switches"},
      Method{"io.vale.Switch.SwitchCreate", kSwitches, "name", false, &Service::switch_create,
             "create switches"},
      Method{"io.vale.Switch.SwitchSet", kSwitches, "name", false, &Service::switch_set,
             "change switches"},
      Method{"io.vale.Switch.SwitchDelete", kSwitches, "name", false, &Service::switch_delete,
             "delete switches"},
      Method{"io.vale.Switch.FdbList", kRead, "", false, &Service::fdb_list, "list addresses"},
      Method{"io.vale.Switch.FdbAdd", kPorts, "switch", false, &Service::fdb_add, "add addresses"},
      Method{"io.vale.Switch.FdbDelete", kPorts, "switch", false, &Service::fdb_delete,
             "delete addresses"},
      Method{"io.vale.Switch.FdbFlush", kPorts, "name", false, &Service::fdb_flush,
             "flush addresses"},
      Method{"io.vale.Switch.Stats", kRead, "", false, &Service::stats, "read counters"},
      Method{"io.vale.Switch.Watch", kRead, "", true, &Service::watch, "watch events"},
      Method{"io.vale.Switch.Status", kRead, "", false, &Service::status, "ask for the status"},
      Method{"io.vale.Switch.GetTopology", kRead, "", false, &Service::get_topology,
             "look at the topology"},
      Method{"io.vale.Switch.Diff", kRead, "", false, &Service::diff, "compare topologies"},
      Method{"io.vale.Switch.Apply", kAll, "", false, &Service::apply, "apply a topology"},
      Method{"io.vale.Switch.Reload", kAll, "", false, &Service::reload_files, "reload the files"},
  };
  const auto* at = std::find_if(kMethods.begin(), kMethods.end(),
                                [&](const Method& m) { return m.name == name; });
  return at == kMethods.end() ? nullptr : at;
}

Answer Service::handle(const Peer& peer, const vale::varlink::Call& call) {
  ++calls_;
  auto answer = dispatch(peer, call);
  if (!answer) {
    note_error(answer.error().context);
    return failure(vale::varlink::error_reply(answer.error()));
  }
  return std::move(*answer);
}

vale::Result<void> Service::authorise(const Method& method, const Peer& peer,
                                      const json::object& parameters) const {
  auto right = method.right;
  const std::string target = text_of(parameters, method.target);
  const auto colon = target.find(':');
  const auto switch_name =
      colon == std::string::npos && !target.starts_with("vale") ? "" : target.substr(0, colon);
  if (right == Right::kNics && colon != std::string::npos) {
    const auto& wanted = engine_.reconciler.wanted().ports;
    const auto at = wanted.find(target.substr(colon + 1));
    if (at != wanted.end() && at->second.type == vale::PortType::kPersistent) {
      right = Right::kPorts;
    }
  }
  if (right == Right::kOpen) {
    if (owns(peer, target)) return {};
    right = Right::kPorts;
  }
  if (authority_.may(peer, right, switch_name)) return {};
  if (method.right == Right::kOpen) return tl::unexpected(not_yours(peer, target));
  return tl::unexpected(authority_.refusal(peer, std::string(method.what), switch_name));
}

vale::Result<Answer> Service::dispatch(const Peer& peer, const vale::varlink::Call& call) {
  const auto* method = find_method(call.method);
  if (method == nullptr) {
    const auto dot = call.method.rfind('.');
    const std::string interface = call.method.substr(0, dot);
    if (dot == std::string::npos || (interface != kSwitch && interface != kService)) {
      return service_error("InterfaceNotFound", {{"interface", interface}});
    }
    return service_error("MethodNotFound", {{"method", call.method}});
  }
  if (method->streams && !call.more) return service_error("ExpectedMore", {});
  if (const auto allowed = authorise(*method, peer, call.parameters); !allowed) {
    return tl::unexpected(allowed.error());
  }
  auto answer = (this->*method->handler)(Context{peer, call.parameters, call.more});
  if (method->right > Right::kRead && answer) {
    log_about(about(text_of(call.parameters, method->target)), spdlog::level::info,
              "{} by uid {} pid {}: {}", method->name.substr(kSwitch.size() + 1), peer.uid,
              peer.pid, json::serialize(call.parameters).substr(0, kLoggedParameters));
  }
  return answer;
}

void Service::note_error(const std::string& text) {
  ++errors_;
  spdlog::debug("error: {}", text);
  last_errors_.push_back(text);
  if (last_errors_.size() > kRememberedErrors) last_errors_.pop_front();
}

vale::Result<Answer> Service::get_info(const Context& c) {
  Params params(c.parameters);
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  return success({{"vendor", "VALE"},
                  {"product", "valed"},
                  {"version", VALE_VERSION},
                  {"url", ""},
                  {"interfaces", json::array{kService, kSwitch}}});
}

vale::Result<Answer> Service::get_interface(const Context& c) {
  Params params(c.parameters);
  const auto name = params.text("interface");
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  if (name == kSwitch) return success({{"description", kSwitchInterface}});
  if (name == kService) return success({{"description", kServiceInterface}});
  return service_error("InterfaceNotFound", {{"interface", name}});
}

vale::Result<Answer> Service::status(const Context& c) {
  Params params(c.parameters);
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  const auto up = std::chrono::duration_cast<std::chrono::seconds>(clock_() - started_).count();
  json::object object{{"version", VALE_VERSION},
                      {"uptime", up},
                      {"clients", clients_},
                      {"watchers", hub_.watchers()},
                      {"calls", calls_},
                      {"errors", errors_},
                      {"switches", 0},
                      {"ports", 0},
                      {"prepared", json_texts(engine_.preparer.prepared())},
                      {"last_errors", json_texts({last_errors_.begin(), last_errors_.end()})}};
  if (!config_problem_.empty()) object["configuration_problem"] = config_problem_;
  if (const auto module = kernel_.module_version()) object["module"] = *module;
  if (const auto switches = kernel_.switches()) {
    std::uint64_t ports = 0;
    for (const auto& info : *switches) ports += info.ports;
    object["switches"] = switches->size();
    object["ports"] = ports;
  }
  return success(std::move(object));
}

void Service::on_event(const vale::Event& event) {
  if (event.type == vale::kEventNames[VALE_EVENT_PORT_DEL]) {
    engine_.ports.port_gone(event.port);
    engine_.reconciler.port_gone(event.port);
  }
  hub_.publish(event);
}

vale::Result<void> Service::adopt() {
  const auto switches = kernel_.switches();
  if (!switches) return tl::unexpected(switches.error());
  const auto ports = kernel_.ports("");
  if (!ports) return tl::unexpected(ports.error());
  adopted_switches_ = switches->size();
  adopted_ports_ = ports->size();
  engine_.ports.restore_others(*ports);
  spdlog::info("adopted {}", summary());
  return engine_.reconciler.reconcile_all().map([](const auto&) {});
}

std::string Service::summary() const {
  return fmt::format("{} switches, {} ports", adopted_switches_, adopted_ports_);
}

}  // namespace valed
