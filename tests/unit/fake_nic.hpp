// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <set>
#include <string>

#include "valed/nic_preparer.hpp"

namespace valed::testing {

/// NICs in memory; "eth0" is 2 and has LRO, "eth1" is 3 and has none.
class FakeNic : public NicSettings {
 public:
  std::map<std::string, std::map<std::string, bool>> nics{
      {"eth0", {{"promiscuous", false}, {"rx-lro", true}, {"tx-checksum-ipv4", true}}},
      {"eth1", {{"promiscuous", true}}}};
  std::map<std::string, std::uint32_t> indices{{"eth0", 2}, {"eth1", 3}};
  std::set<std::string> stuck;  // settings that cannot be written

  vale::Result<std::set<std::string>> names() override {
    std::set<std::string> all;
    for (const auto& [name, index] : indices) all.insert(name);
    return all;
  }
  vale::Result<std::uint32_t> index_of(const std::string& nic) override {
    const auto at = indices.find(nic);
    if (at != indices.end()) return at->second;
    return vale::fail(vale::Errc::kNoDevice, nic, "no device " + nic);
  }
  std::string name_of(std::uint32_t ifindex) override {
    for (const auto& [name, index] : indices) {
      if (index == ifindex) return name;
    }
    return "";
  }
  vale::Result<std::map<std::string, bool>> read(const std::string& nic) override {
    return nics.at(nic);
  }
  vale::Result<void> write(const std::string& nic, const std::string& setting, bool on) override {
    if (stuck.contains(setting)) return vale::fail_errno(EBUSY, nic, "cannot set " + setting);
    nics.at(nic)[setting] = on;
    return {};
  }
};

}  // namespace valed::testing
