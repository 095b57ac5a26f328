// SPDX-License-Identifier: BSD-2-Clause
// The table of methods, who may call them, and what valed does on its own.
#include "valed/service.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "lib/varlink_errors.hpp"
#include "valed/answers.hpp"
#include "valed/interfaces.hpp"
#include "valed/params.hpp"

namespace valed {
namespace json = boost::json;
namespace {

constexpr std::string_view kService = "org.varlink.service";
constexpr std::string_view kSwitch = "io.vale.Switch";
constexpr std::size_t kRememberedErrors = 8;

Answer service_error(std::string_view name, json::object parameters) {
  return failure({std::move(parameters), fmt::format("{}.{}", kService, name), false});
}

}  // namespace

Service::Service(Engine& engine, EventHub& hub, Authority authority, Clock clock)
    : engine_(engine),
      kernel_(engine.kernel),
      hub_(hub),
      authority_(authority),
      clock_(std::move(clock)),
      started_(clock_()) {}

const Service::Method* Service::find_method(std::string_view name) {
  static constexpr std::array kMethods = {
      Method{"org.varlink.service.GetInfo", false, false, &Service::get_info, ""},
      Method{"org.varlink.service.GetInterfaceDescription", false, false, &Service::get_interface,
             ""},
      Method{"io.vale.Switch.Attach", true, false, &Service::attach, "attach ports"},
      Method{"io.vale.Switch.Detach", true, false, &Service::detach, "detach ports"},
      Method{"io.vale.Switch.List", false, false, &Service::list, ""},
      Method{"io.vale.Switch.Show", false, false, &Service::show, ""},
      Method{"io.vale.Switch.Places", false, false, &Service::places, ""},
      Method{"io.vale.Switch.Geometry", false, false, &Service::geometry, ""},
      Method{"io.vale.Switch.CreatePort", true, false, &Service::create_port, "create ports"},
      Method{"io.vale.Switch.DeletePort", true, false, &Service::delete_port, "delete ports"},
      Method{"io.vale.Switch.ListSwitches", false, false, &Service::list_switches, ""},
      Method{"io.vale.Switch.SwitchCreate", true, false, &Service::switch_create,
             "create switches"},
      Method{"io.vale.Switch.SwitchSet", true, false, &Service::switch_set, "change switches"},
      Method{"io.vale.Switch.SwitchDelete", true, false, &Service::switch_delete,
             "delete switches"},
      Method{"io.vale.Switch.FdbList", false, false, &Service::fdb_list, ""},
      Method{"io.vale.Switch.FdbAdd", true, false, &Service::fdb_add, "add addresses"},
      Method{"io.vale.Switch.FdbDelete", true, false, &Service::fdb_delete, "delete addresses"},
      Method{"io.vale.Switch.FdbFlush", true, false, &Service::fdb_flush, "flush addresses"},
      Method{"io.vale.Switch.Stats", false, false, &Service::stats, ""},
      Method{"io.vale.Switch.Watch", false, true, &Service::watch, ""},
      Method{"io.vale.Switch.Status", false, false, &Service::status, ""},
      Method{"io.vale.Switch.GetTopology", false, false, &Service::get_topology, ""},
      Method{"io.vale.Switch.Diff", false, false, &Service::diff, ""},
      Method{"io.vale.Switch.Apply", true, false, &Service::apply, "apply a topology"},
      Method{"io.vale.Switch.Reload", true, false, &Service::reload_files, "reload the files"},
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
  if (method->changes && !authority_.may_change(peer)) {
    return tl::unexpected(authority_.refusal(peer, std::string(method->what)));
  }
  auto answer = (this->*method->handler)(Context{peer, call.parameters, call.more});
  if (method->changes && answer) {
    spdlog::info("{} by uid {} pid {}: {}", method->name.substr(kSwitch.size() + 1), peer.uid,
                 peer.pid, json::serialize(call.parameters));
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
    engine_.ports.restore(event.port);
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
