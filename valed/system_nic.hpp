// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "valed/nic_preparer.hpp"

namespace valed {

/// The network devices of our namespace: interface flags and ethtool features.
class SystemNic : public NicSettings {
 public:
  vale::Result<std::set<std::string>> names() override;
  vale::Result<std::uint32_t> index_of(const std::string& nic) override;
  std::string name_of(std::uint32_t ifindex) override;
  vale::Result<std::map<std::string, bool>> read(const std::string& nic) override;
  vale::Result<void> write(const std::string& nic, const std::string& setting, bool on) override;
};

}  // namespace valed
