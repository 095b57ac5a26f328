// SPDX-License-Identifier: BSD-2-Clause
// What every method does, without any socket: a call and its caller in, an answer out.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "lib/control.hpp"
#include "lib/varlink.hpp"
#include "valed/authority.hpp"
#include "valed/engine.hpp"
#include "valed/event_hub.hpp"

namespace valed {

/// One reply, perhaps with a descriptor; or parts, pulled one by one until nothing comes; or a
/// subscription.
struct Answer {
  vale::varlink::Reply reply;
  vale::UniqueFd descriptor;
  std::function<std::optional<boost::json::object>()> parts;
  std::shared_ptr<Watcher> watcher;
};

class Service {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  Service(Engine& engine, EventHub& hub, Authority authority, Clock clock);

  Answer handle(const Peer& peer, const vale::varlink::Call& call);

  /// A kernel event: prepared NICs whose port is gone get their settings back, watchers hear of it.
  void on_event(const vale::Event& event);
  /// What an earlier valed left and what the files say, before anything else.
  void start();
  /// What the kernel holds already: counted, logged, NIC settings restored whose port is gone, and
  /// whatever is missing brought.
  vale::Result<void> adopt();
  /// Reads the files again. Bad ones change nothing.
  vale::Result<std::vector<vale::Step>> reload();
  void devices_came(const std::set<std::string>& devices);
  void retry();

  void client_came() { ++clients_; }
  void client_went() { --clients_; }
  void note_error(const std::string& text);
  [[nodiscard]] std::string summary() const;
  /// For Prometheus.
  [[nodiscard]] std::string metrics();

 private:
  struct Context {
    Peer peer;
    const boost::json::object& parameters;
    bool more;
  };
  using Handler = vale::Result<Answer> (Service::*)(const Context&);
  struct Method {
    std::string_view name;
    Right right;
    std::string_view target;  // the parameter that names the switch, or a port of it
    bool streams;             // needs `more`
    Handler handler;
    std::string_view what;  // completes "may not ..."
  };
  static const Method* find_method(std::string_view name);

  [[nodiscard]] vale::Result<void> authorise(const Method& method, const Peer& peer,
                                             const boost::json::object& parameters) const;
  [[nodiscard]] std::string owner_of(const std::string& port) const;
  [[nodiscard]] bool owns(const Peer& peer, const std::string& port) const;
  vale::Result<Answer> dispatch(const Peer& peer, const vale::varlink::Call& call);

  vale::Result<Answer> get_info(const Context& c);
  vale::Result<Answer> get_interface(const Context& c);
  vale::Result<Answer> attach(const Context& c);
  vale::Result<Answer> detach(const Context& c);
  vale::Result<Answer> list(const Context& c);
  vale::Result<Answer> show(const Context& c);
  vale::Result<Answer> places(const Context& c);
  vale::Result<Answer> geometry(const Context& c);
  vale::Result<Answer> create_port(const Context& c);
  vale::Result<Answer> delete_port(const Context& c);
  vale::Result<Answer> open_port(const Context& c);
  vale::Result<Answer> list_switches(const Context& c);
  vale::Result<Answer> switch_create(const Context& c);
  vale::Result<Answer> switch_set(const Context& c);
  vale::Result<Answer> switch_delete(const Context& c);
  vale::Result<Answer> fdb_list(const Context& c);
  vale::Result<Answer> fdb_add(const Context& c);
  vale::Result<Answer> fdb_delete(const Context& c);
  vale::Result<Answer> fdb_flush(const Context& c);
  vale::Result<Answer> stats(const Context& c);
  vale::Result<Answer> watch(const Context& c);
  vale::Result<Answer> status(const Context& c);
  vale::Result<Answer> get_topology(const Context& c);
  vale::Result<Answer> diff(const Context& c);
  vale::Result<Answer> apply(const Context& c);
  vale::Result<Answer> reload_files(const Context& c);

  vale::Result<Answer> apply_switch(const Context& c, bool create);
  void take(const vale::Config& config);
  using Change = std::function<void(vale::Topology&)>;
  /// After something was done at run time: it is wanted from now on, and over reboots if permanent.
  vale::Result<void> record(const std::string& key, bool permanent, const Change& change);
  vale::Result<void> make_permanent(const vale::Topology& topology);
  boost::json::array standings_json();

  Engine& engine_;
  vale::Kernel& kernel_;
  EventHub& hub_;
  Authority authority_;
  Clock clock_;
  std::chrono::steady_clock::time_point started_;
  std::size_t clients_ = 0;
  std::uint64_t calls_ = 0;
  std::uint64_t errors_ = 0;
  std::size_t adopted_switches_ = 0;
  std::size_t adopted_ports_ = 0;
  std::deque<std::string> last_errors_;
  std::string config_problem_;  // why the files were not taken, empty if they were
};

}  // namespace valed
