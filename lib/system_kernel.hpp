// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "lib/control.hpp"
#include "lib/genl.hpp"

namespace vale {

/// The running kernel: /dev/netmap and the netlink family "vale". Keeps nothing open between calls,
/// so it pins no module and survives its reload.
class SystemKernel : public Kernel {
 public:
  Result<AttachResult> attach(const AttachRequest& request) override;
  Result<std::uint32_t> detach(const std::string& name) override;
  Result<PortPlace> find(const std::string& name) override;
  Result<std::vector<PortPlace>> places() override;
  Result<PortGeometry> geometry(const std::string& name) override;
  Result<PortGeometry> create_port(const NewPort& request) override;
  Result<void> delete_port(const std::string& name) override;
  Result<UniqueFd> open_port(const std::string& name) override;
  Result<std::vector<SwitchInfo>> switches() override;
  Result<void> set_switch(const SwitchSettings& settings) override;
  Result<void> delete_switch(const std::string& name) override;
  Result<std::vector<PortInfo>> ports(const std::string& switch_name) override;
  Result<PortInfo> port(const std::string& name) override;
  Result<std::vector<FdbEntry>> fdb(const std::string& switch_name) override;
  Result<void> fdb_add(const FdbEntry& entry) override;
  Result<void> fdb_delete(const std::string& switch_name, const MacAddress& mac) override;
  Result<void> fdb_flush(const std::string& name) override;
  Result<std::unique_ptr<EventSource>> subscribe() override;
  Result<std::string> module_version() override;
};

}  // namespace vale
