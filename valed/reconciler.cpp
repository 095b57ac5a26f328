// SPDX-License-Identifier: BSD-2-Clause
#include "valed/reconciler.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "lib/port_name.hpp"
#include "valed/about.hpp"

namespace valed {
namespace {

using vale::Action;

bool takes_away(Action action) {
  return action == Action::kDetach || action == Action::kDeletePort ||
         action == Action::kDeleteSwitch;
}

}  // namespace

std::string_view standing_name(Standing standing) {
  constexpr std::string_view kNames[] = {"active", "waiting", "failed", "detached", "leaving"};
  return kNames[static_cast<std::size_t>(standing)];
}

/// Under which troubles_ keeps it.
const std::string& Reconciler::key_of(const vale::Step& step) {
  return step.device.empty() ? step.object : step.device;
}

Reconciler::Reconciler(vale::Kernel& kernel, PortManager& ports, NicSettings& devices,
                       std::string state_file, Clock clock)
    : kernel_(kernel),
      ports_(ports),
      devices_(devices),
      state_file_(std::move(state_file)),
      clock_(std::move(clock)) {}

vale::Result<void> Reconciler::load() {
  auto loaded = load_state(state_file_);
  if (!loaded) return tl::unexpected(loaded.error());
  state_ = std::move(*loaded);
  return {};
}

void Reconciler::save() {
  const auto saved = save_state(state_file_, state_);
  if (!saved) spdlog::error("{}: a restart will not know of it", saved.error().context);
}

void Reconciler::configure(const vale::Topology& configured) {
  state_.wanted = vale::carry_over(state_.configured, configured, std::move(state_.wanted));
  state_.configured = configured;
  forget_unwanted();
  save();
}

void Reconciler::want(const vale::Topology& wanted) {
  state_.wanted = wanted;
  forget_unwanted();
  save();
}

void Reconciler::done(const std::string& key, const std::function<void(vale::Topology&)>& change) {
  change(state_.wanted);
  change(state_.applied);
  troubles_.erase(key);
  save();
}

void Reconciler::forget_unwanted() {
  std::erase_if(troubles_, [this](const auto& item) {
    return !state_.wanted.ports.contains(item.first) &&
           !state_.wanted.switches.contains(item.first);
  });
}

vale::Result<vale::Observed> Reconciler::observe() {
  auto switches = kernel_.switches();
  if (!switches) return tl::unexpected(switches.error());
  auto ports = kernel_.ports("");
  if (!ports) return tl::unexpected(ports.error());
  auto devices = devices_.names();
  if (!devices) return tl::unexpected(devices.error());
  return vale::Observed{
      std::move(*switches), std::move(*ports),
      [names = std::move(*devices)](const std::string& name) { return names.contains(name); }};
}

vale::Result<Reconciler::Steps> Reconciler::preview(const vale::Topology& wanted) {
  return observe().map(
      [&](const vale::Observed& seen) { return vale::plan(state_.applied, wanted, seen); });
}

bool Reconciler::due(const vale::Step& step) const {
  if (takes_away(step.action)) return true;
  const auto at = troubles_.find(key_of(step));
  if (at == troubles_.end() || at->second.standing == Standing::kWaiting) return true;
  return at->second.retry && *at->second.retry <= clock_();
}

vale::Result<Reconciler::Steps> Reconciler::reconcile() {
  const auto seen = observe();
  if (!seen) return tl::unexpected(seen.error());
  adopt_present(*seen);
  Steps done;
  std::set<std::string> stuck;  // an earlier step about it failed
  for (const auto& step : vale::plan(state_.applied, state_.wanted, *seen)) {
    if (stuck.contains(key_of(step)) || !due(step)) continue;
    if (step.waits) {
      troubles_[step.device] = {Standing::kWaiting,
                                fmt::format("there is no network device {} yet", step.device), 0,
                                std::nullopt};
      continue;
    }
    const auto carried_out = carry_out(step);
    if (carried_out) {
      note_done(step);
      done.push_back(step);
    } else {
      note_failure(step, carried_out.error());
      stuck.insert(key_of(step));
    }
  }
  // Due, and yet no step of this pass: whatever it was about is no longer to be done.
  std::erase_if(troubles_, [now = clock_()](const auto& item) {
    return item.second.retry && *item.second.retry <= now;
  });
  save();
  return done;
}

vale::Result<Reconciler::Steps> Reconciler::reconcile_all() {
  troubles_.clear();
  return reconcile();
}

vale::Result<Reconciler::Steps> Reconciler::devices_came(const std::set<std::string>& devices) {
  bool wanted = false;
  for (const auto& device : devices) {
    if (!state_.wanted.ports.contains(device)) continue;
    troubles_.erase(device);
    wanted = true;
  }
  return wanted ? reconcile() : Steps{};
}

/// What is wanted and there needs no step: it counts as ours, and its trouble is over, however that
/// came. Not so what is there with other settings.
void Reconciler::adopt_present(const vale::Observed& observed) {
  std::set<std::string> present;
  for (const auto& port : observed.ports) present.insert(port.name);
  for (const auto& [device, spec] : state_.wanted.ports) {
    const auto name = vale::port_name_of(device, spec);
    const bool there = spec.switch_name.empty()
                           ? observed.device_exists(device)
                           : present.contains(name) && present.contains(name + "^") == spec.host;
    if (!there) continue;
    const auto at = state_.applied.ports.try_emplace(device, spec).first;
    if (at->second == spec) troubles_.erase(device);
  }
}

void Reconciler::port_gone(const std::string& name) {
  const auto parsed = vale::parse_port_name(name);
  if (!parsed || parsed->host_side) return;
  // What is not applied went by our own doing, and we are told late.
  const auto at = state_.applied.ports.find(parsed->port);
  if (at == state_.applied.ports.end()) return;
  if (vale::port_name_of(at->first, at->second) != name || kernel_.port(name)) return;
  note_detached(parsed->port);
  if (!state_.wanted.ports.contains(parsed->port)) return;
  if (devices_.index_of(parsed->port)) {
    troubles_[parsed->port] = {Standing::kDetached, "somebody else detached it", 0, std::nullopt};
    log_about(about(name), spdlog::level::warn,
              "{} was detached by somebody else and stays so: `systemctl reload valed` "
              "attaches it again",
              name);
  } else {
    troubles_[parsed->port] = {Standing::kWaiting,
                               fmt::format("network device {} is gone", parsed->port), 0,
                               std::nullopt};
    log_about(about(name), spdlog::level::info,
              "{} went with its network device: it is attached when that comes back", name);
  }
}

std::optional<std::chrono::steady_clock::time_point> Reconciler::next_retry() const {
  std::optional<std::chrono::steady_clock::time_point> first;
  for (const auto& [key, trouble] : troubles_) {
    if (trouble.retry && (!first || *trouble.retry < *first)) first = trouble.retry;
  }
  return first;
}

}  // namespace valed
