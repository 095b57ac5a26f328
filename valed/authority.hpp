// SPDX-License-Identifier: BSD-2-Clause
// Who may do what: the table of the configuration, or, without one, root and one group.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "lib/config.hpp"
#include "valed/peer.hpp"

namespace valed {

/// What a method needs.
enum class Right {
  kNone,      // nothing: who the service is
  kRead,      // to look
  kOpen,      // to open a port: to own it, or else kPorts
  kPorts,     // persistent ports and addresses
  kNics,      // to attach and detach network devices
  kSwitches,  // to make, change and delete switches
  kAll,       // topologies and valed itself
};

class Authority {
 public:
  Authority(uid_t own_uid, std::optional<gid_t> group) : own_uid_(own_uid), group_(group) {}

  /// An empty table is none. Users and groups that do not exist are left out, and named.
  std::vector<std::string> set_rules(const std::vector<vale::AccessRule>& rules);

  /// @p switch_name: the switch it is about, empty if about none or all.
  [[nodiscard]] bool may(const Peer& peer, Right right, const std::string& switch_name) const;
  /// NotPermitted with the sentence that says who may. @p operation: "attach ports".
  [[nodiscard]] vale::Error refusal(const Peer& peer, const std::string& operation,
                                    const std::string& switch_name) const;

 private:
  struct Rule {
    std::vector<uid_t> users;
    std::vector<gid_t> groups;
    std::vector<Right> rights;
    std::vector<std::string> switches;  // empty: all
  };
  static bool is_about(const Rule& rule, const Peer& peer);
  static bool allows(const Rule& rule, Right right, const std::string& switch_name);

  uid_t own_uid_;
  std::optional<gid_t> group_;
  std::vector<Rule> rules_;
};

}  // namespace valed
