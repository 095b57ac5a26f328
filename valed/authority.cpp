// SPDX-License-Identifier: BSD-2-Clause
#include "valed/authority.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace valed {
namespace {

template <class T>
bool contains(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

Right right_of(vale::AccessRight right) {
  switch (right) {
    case vale::AccessRight::kRead:
      return Right::kRead;
    case vale::AccessRight::kPorts:
      return Right::kPorts;
    case vale::AccessRight::kNics:
      return Right::kNics;
    case vale::AccessRight::kSwitches:
      return Right::kSwitches;
    case vale::AccessRight::kAll:
      break;
  }
  return Right::kAll;
}

}  // namespace

std::vector<std::string> Authority::set_rules(const std::vector<vale::AccessRule>& rules) {
  std::vector<std::string> unknown;
  rules_.clear();
  for (const auto& from : rules) {
    Rule rule;
    for (const auto& user : from.users) {
      if (const auto uid = user_id(user)) {
        rule.users.push_back(*uid);
      } else {
        unknown.push_back("user " + user);
      }
    }
    for (const auto& group : from.groups) {
      if (const auto gid = group_id(group)) {
        rule.groups.push_back(*gid);
      } else {
        unknown.push_back("group " + group);
      }
    }
    for (const auto right : from.may) rule.rights.push_back(right_of(right));
    rule.switches = from.switches;
    rules_.push_back(std::move(rule));
  }
  return unknown;
}

bool Authority::is_about(const Rule& rule, const Peer& peer) {
  return contains(rule.users, peer.uid) ||
         std::any_of(peer.groups.begin(), peer.groups.end(),
                     [&](gid_t group) { return contains(rule.groups, group); });
}

/// Whoever may do something to a switch may also look. What is about all switches needs a rule that
/// is about all.
bool Authority::allows(const Rule& rule, Right right, const std::string& switch_name) {
  if (right == Right::kRead) return true;
  const bool has = contains(rule.rights, right) || contains(rule.rights, Right::kAll);
  return has && (rule.switches.empty() || contains(rule.switches, switch_name));
}

bool Authority::may(const Peer& peer, Right right, const std::string& switch_name) const {
  if (peer.uid == 0 || peer.uid == own_uid_ || right == Right::kNone) return true;
  if (rules_.empty()) return right == Right::kRead || (group_ && contains(peer.groups, *group_));
  return std::any_of(rules_.begin(), rules_.end(), [&](const Rule& rule) {
    return is_about(rule, peer) && allows(rule, right, switch_name);
  });
}

vale::Error Authority::refusal(const Peer& peer, const std::string& operation,
                               const std::string& switch_name) const {
  const std::string user = user_name(peer.uid);
  const std::string what =
      operation + (switch_name.empty() || rules_.empty() ? "" : " of " + switch_name);
  if (rules_.empty()) {
    return {vale::Errc::kNotPermitted, operation,
            fmt::format("{} may not {}: that is for root and members of group vale (`usermod -aG "
                        "vale {}`, then log in again); reading is allowed",
                        user, what, user)};
  }
  return {vale::Errc::kNotPermitted, operation,
          fmt::format("{} may not {}: no [[access]] of the configuration allows it; root can add "
                      "one, see valed.toml(5)",
                      user, what)};
}

}  // namespace valed
