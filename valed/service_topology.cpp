// SPDX-License-Identifier: BSD-2-Clause
// Methods about the wanted topology, and what valed does about it on its own.
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "valed/answers.hpp"
#include "valed/params.hpp"
#include "valed/service.hpp"
#include "valed/topology_answers.hpp"

namespace valed {
namespace json = boost::json;
namespace {

struct ConfigCall {
  vale::ConfigText text;
  bool permanent = false;
};

vale::Result<ConfigCall> read_config_call(const json::object& parameters, bool may_be_permanent) {
  Params params(parameters);
  ConfigCall call;
  call.text.text = params.text("configuration");
  call.text.file = params.optional_text("file").value_or("configuration");
  if (may_be_permanent) call.permanent = params.flag("permanent", false);
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  return call;
}

}  // namespace

void Service::start() {
  if (const auto loaded = engine_.reconciler.load(); !loaded) {
    spdlog::warn("{}: what was changed at run time is forgotten", loaded.error().context);
  }
  const auto config = engine_.config.load();
  config_problem_ = config ? "" : config.error().context;
  if (config) {
    take(*config);
  } else {
    spdlog::error("the configuration is not taken:\n{}", config_problem_);
  }
}

vale::Result<std::vector<vale::Step>> Service::reload() {
  const auto config = engine_.config.load();
  config_problem_ = config ? "" : config.error().context;
  if (!config) {
    spdlog::error("the configuration is not taken, everything stays as it is:\n{}",
                  config_problem_);
    return tl::unexpected(config.error());
  }
  take(*config);
  return engine_.reconciler.reconcile_all();
}

void Service::take(const vale::Config& config) {
  engine_.reconciler.configure(config.topology);
  for (const auto& who : authority_.set_rules(config.access)) {
    spdlog::warn("there is no {}: what [[access]] allows them is left out", who);
  }
  for (const auto& [device, spec] : config.topology.ports) {
    if (!spec.owner.empty() && !user_id(spec.owner)) {
      spdlog::warn("there is no user {}: {} has no owner until there is", spec.owner, device);
    }
  }
}

void Service::devices_came(const std::set<std::string>& devices) {
  const auto done = engine_.reconciler.devices_came(devices);
  if (!done) spdlog::debug("{} came: {}", fmt::join(devices, ", "), done.error().context);
}

void Service::retry() {
  if (const auto done = engine_.reconciler.reconcile(); !done) {
    spdlog::debug("not now: {}", done.error().context);
  }
}

vale::Result<void> Service::make_permanent(const vale::Topology& topology) {
  auto made = engine_.config.make_permanent(topology);
  if (!made) {
    made.error().context = "done, but it will not outlast a reboot: " + made.error().context;
    return made;
  }
  engine_.reconciler.configure(topology);
  return {};
}

vale::Result<void> Service::record(const std::string& key, bool permanent, const Change& change) {
  engine_.reconciler.done(key, change);
  if (!permanent) return {};
  vale::Topology topology = engine_.reconciler.configured();
  change(topology);
  return make_permanent(topology);
}

json::array Service::standings_json() {
  json::array list;
  const auto standings = engine_.reconciler.standings();
  if (!standings) return list;
  for (const auto& standing : *standings) list.push_back(to_json(standing, clock_()));
  return list;
}

vale::Result<Answer> Service::get_topology(const Context& c) {
  Params params(c.parameters);
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  const auto& wanted = engine_.reconciler.wanted();
  return success({{"configuration", vale::config_text(wanted)},
                  {"permanent", wanted == engine_.reconciler.configured()},
                  {"standings", standings_json()}});
}

vale::Result<Answer> Service::diff(const Context& c) {
  const auto call = read_config_call(c.parameters, false);
  if (!call) return tl::unexpected(call.error());
  const auto config = vale::parse_config({call->text});
  if (!config) return invalid_configuration(config.error());
  return engine_.reconciler.preview(config->topology).map([](const auto& steps) {
    return success({{"steps", steps_json(steps)}});
  });
}

vale::Result<Answer> Service::apply(const Context& c) {
  const auto call = read_config_call(c.parameters, true);
  if (!call) return tl::unexpected(call.error());
  const auto config = vale::parse_config({call->text});
  if (!config) return invalid_configuration(config.error());
  engine_.reconciler.want(config->topology);
  const auto steps = engine_.reconciler.reconcile_all();
  if (!steps) return tl::unexpected(steps.error());
  if (call->permanent) {
    const auto made = make_permanent(config->topology);
    if (!made) return tl::unexpected(made.error());
  }
  return success({{"steps", steps_json(*steps)}, {"standings", standings_json()}});
}

vale::Result<Answer> Service::reload_files(const Context& c) {
  Params params(c.parameters);
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  return reload().map([this](const auto& steps) {
    return success({{"steps", steps_json(steps)}, {"standings", standings_json()}});
  });
}

}  // namespace valed
