// SPDX-License-Identifier: BSD-2-Clause
// Reconciler: single steps, what becomes of them, and how everything stands.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "valed/about.hpp"
#include "valed/reconciler.hpp"

namespace valed {

using vale::Action;

namespace {

std::chrono::seconds delay_after(unsigned attempts) {
  const auto doubled = Reconciler::kFirstRetry * (1U << std::min(attempts - 1, 16U));
  return std::min<std::chrono::seconds>(doubled, Reconciler::kLastRetry);
}

About about_step(const vale::Step& step) {
  auto subject = about(step.object);
  if (!step.device.empty()) subject.ifname = step.device;
  return subject;
}

/// Gone already is as good as taken away.
bool is_absence(const vale::Error& error) {
  return error.code == vale::Errc::kNoSuchPort || error.code == vale::Errc::kNoSuchSwitch ||
         error.code == vale::Errc::kNoDevice;
}

}  // namespace

vale::Result<void> Reconciler::carry_out(const vale::Step& step) {
  switch (step.action) {
    case Action::kDetach:
    case Action::kDeletePort:
    case Action::kDeleteSwitch:
      return take_away(step);
    case Action::kCreateSwitch:
    case Action::kSetSwitch: {
      const auto& spec = state_.wanted.switches.at(step.object);
      return kernel_.set_switch({step.object, step.action == Action::kCreateSwitch, spec.fdb_size,
                                 spec.ageing, spec.exchange});
    }
    case Action::kCreatePort:
      return kernel_.create_port(vale::new_port(step.device, state_.wanted.ports.at(step.device)))
          .map([](const vale::PortGeometry&) {});
    case Action::kAttach:
      return attach(step);
    case Action::kSetOwner:
      return {};  // whoever is wanted is asked for when somebody opens it
  }
  return {};
}

vale::Result<void> Reconciler::attach(const vale::Step& step) {
  const auto& spec = state_.wanted.ports.at(step.device);
  const auto attached = ports_.attach(vale::attach_request(step.device, spec));
  if (!attached) return tl::unexpected(attached.error());
  const auto port = kernel_.port(step.object);
  const bool nic = port && port->kind == VALE_PORT_NIC;
  if (spec.type == vale::PortType::kPersistent && nic) {
    (void)ports_.detach(step.object);
    return vale::fail(
        vale::Errc::kBusy, step.object,
        fmt::format("cannot create {}: there is another network device of that name", step.device));
  }
  return {};
}

vale::Result<void> Reconciler::take_away(const vale::Step& step) {
  auto result = [&]() -> vale::Result<void> {
    if (step.action == Action::kDeletePort) return kernel_.delete_port(step.device);
    if (step.action == Action::kDeleteSwitch) return kernel_.delete_switch(step.object);
    return ports_.detach(step.object).map([](std::uint32_t) {});
  }();
  return !result && is_absence(result.error()) ? vale::Result<void>{} : result;
}

void Reconciler::note_done(const vale::Step& step) {
  log_about(about_step(step), spdlog::level::info, "{}", vale::describe(step));
  troubles_.erase(key_of(step));
  auto& applied = state_.applied;
  switch (step.action) {
    case Action::kDetach:
      note_detached(step.device);
      break;
    case Action::kDeletePort:
      applied.ports.erase(step.device);
      save();
      break;
    case Action::kDeleteSwitch:
      applied.switches.erase(step.object);
      break;
    case Action::kCreateSwitch:
    case Action::kSetSwitch:
      applied.switches[step.object] = state_.wanted.switches.at(step.object);
      break;
    case Action::kCreatePort:
    case Action::kAttach:
    case Action::kSetOwner:
      applied.ports[step.device] = state_.wanted.ports.at(step.device);
      break;
  }
}

/// On disk, as a deletion is, before it comes again with other settings: what is applied must never
/// be believed to be older than it is.
void Reconciler::note_detached(const std::string& device) {
  const auto at = state_.applied.ports.find(device);
  if (at == state_.applied.ports.end()) return;
  if (at->second.type == vale::PortType::kPersistent) {
    at->second.switch_name.clear();
  } else {
    state_.applied.ports.erase(at);
  }
  save();
}

void Reconciler::note_failure(const vale::Step& step, const vale::Error& error) {
  auto& trouble = troubles_[key_of(step)];
  trouble.standing = Standing::kFailed;
  ++trouble.attempts;
  const auto delay = delay_after(trouble.attempts);
  trouble.retry = clock_() + delay;
  // A reason that only repeats is no news.
  const auto level = trouble.reason == error.context ? spdlog::level::debug : spdlog::level::warn;
  log_about(about_step(step), level, "{} failed, again in {} s: {}", vale::describe(step),
            delay.count(), error.context);
  trouble.reason = error.context;
}

Standings Reconciler::standing_of(const std::string& name, const std::string& device,
                                  bool present) const {
  Standings result{name, device, present ? Standing::kActive : Standing::kWaiting, {}};
  const auto at = troubles_.find(device.empty() ? name : device);
  if (at == troubles_.end()) return result;
  // There, but with settings that are no longer wanted.
  if (present && at->second.standing != Standing::kFailed) return result;
  result.trouble = at->second;
  result.standing = at->second.standing;
  return result;
}

std::vector<Standings> Reconciler::leaving() const {
  std::vector<Standings> all;
  const auto add = [&](const std::string& key, const std::string& name, const std::string& device) {
    const auto at = troubles_.find(key);
    if (at != troubles_.end()) all.push_back({name, device, Standing::kLeaving, at->second});
  };
  for (const auto& [device, spec] : state_.applied.ports) {
    if (!state_.wanted.ports.contains(device))
      add(device, vale::port_name_of(device, spec), device);
  }
  for (const auto& [name, spec] : state_.applied.switches) {
    if (!state_.wanted.switches.contains(name)) add(name, name, "");
  }
  return all;
}

vale::Result<std::vector<Standings>> Reconciler::standings() {
  const auto seen = observe();
  if (!seen) return tl::unexpected(seen.error());
  std::vector<Standings> all;
  for (const auto& [name, spec] : state_.wanted.switches) {
    const bool present =
        std::any_of(seen->switches.begin(), seen->switches.end(),
                    [&, &wanted = name](const auto& s) { return s.name == wanted; });
    all.push_back(standing_of(name, "", present));
  }
  for (const auto& [device, spec] : state_.wanted.ports) {
    const auto name = vale::port_name_of(device, spec);
    const bool present = spec.switch_name.empty()
                             ? seen->device_exists(device)
                             : std::any_of(seen->ports.begin(), seen->ports.end(),
                                           [&](const vale::PortInfo& p) { return p.name == name; });
    all.push_back(standing_of(name, device, present));
  }
  for (auto& standing : leaving()) all.push_back(std::move(standing));
  return all;
}

}  // namespace valed
