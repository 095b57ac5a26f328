// SPDX-License-Identifier: BSD-2-Clause
// Brings about what is wanted, and again whenever something changes. What cannot be done now is
// kept with its reason and tried again: NICs that are not there when they come, other failures
// later and later.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/topology_plan.hpp"
#include "valed/port_manager.hpp"
#include "valed/state_file.hpp"

namespace valed {

enum class Standing {
  kActive,
  kWaiting,   // for the network device
  kFailed,    // tried, and to be tried again
  kDetached,  // by somebody else, and left so until the device comes anew or somebody asks
  kLeaving,   // no longer wanted; to be tried again
};
std::string_view standing_name(Standing standing);

struct Trouble {
  Standing standing = Standing::kFailed;
  std::string reason;
  unsigned attempts = 0;
  std::optional<std::chrono::steady_clock::time_point> retry;
};

/// A port or switch that is wanted, or should be gone, and how it stands.
struct Standings {
  std::string name;  // as the kernel calls it
  std::string device;
  Standing standing = Standing::kActive;
  Trouble trouble;
};

class Reconciler {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  using Steps = std::vector<vale::Step>;

  static constexpr std::chrono::seconds kFirstRetry{1};
  static constexpr std::chrono::seconds kLastRetry{300};

  Reconciler(vale::Kernel& kernel, PortManager& ports, NicSettings& devices, std::string state_file,
             Clock clock);

  /// What an earlier valed left.
  vale::Result<void> load();

  [[nodiscard]] const vale::Topology& wanted() const { return state_.wanted; }
  [[nodiscard]] const vale::Topology& configured() const { return state_.configured; }
  [[nodiscard]] vale::Result<Steps> preview(const vale::Topology& wanted);
  [[nodiscard]] vale::Result<std::vector<Standings>> standings();

  /// New files: what changed in them is carried over into what is wanted.
  void configure(const vale::Topology& configured);
  /// Takes the place of all that was wanted.
  void want(const vale::Topology& wanted);
  /// Somebody did this already, at run time, to the port or switch of @p key.
  void done(const std::string& key, const std::function<void(vale::Topology&)>& change);

  /// All that is due; what was done. Fails if the kernel cannot be asked.
  vale::Result<Steps> reconcile();
  /// Also what is not due yet, or was left detached.
  vale::Result<Steps> reconcile_all();
  /// A device of that name came, or became free.
  vale::Result<Steps> devices_came(const std::set<std::string>& devices);
  /// The kernel says that a port is gone.
  void port_gone(const std::string& name);

  /// When reconcile() has something to do without any event.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> next_retry() const;

 private:
  [[nodiscard]] vale::Result<vale::Observed> observe();
  [[nodiscard]] bool due(const vale::Step& step) const;
  vale::Result<void> carry_out(const vale::Step& step);
  vale::Result<void> attach(const vale::Step& step);
  vale::Result<void> take_away(const vale::Step& step);
  static const std::string& key_of(const vale::Step& step);
  void note_done(const vale::Step& step);
  void note_detached(const std::string& device);
  void note_failure(const vale::Step& step, const vale::Error& error);
  void adopt_present(const vale::Observed& observed);
  void forget_unwanted();
  [[nodiscard]] Standings standing_of(const std::string& name, const std::string& device,
                                      bool present) const;
  [[nodiscard]] std::vector<Standings> leaving() const;
  void save();

  vale::Kernel& kernel_;
  PortManager& ports_;
  NicSettings& devices_;
  std::string state_file_;
  Clock clock_;
  SavedState state_;
  std::map<std::string, Trouble> troubles_;  // by device, or by name of the switch
};

}  // namespace valed
