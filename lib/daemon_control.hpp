// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include "lib/client.hpp"
#include "lib/varlink_client.hpp"

namespace vale {

/// Asks valed; an error arrives as the Error that valed met.
class DaemonControl : public Client {
 public:
  /// @p permanent: what it changes outlasts a reboot.
  explicit DaemonControl(std::unique_ptr<varlink::Caller> daemon, bool permanent = false)
      : daemon_(std::move(daemon)), permanent_(permanent) {}

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
  Result<void> watch(const std::string& switch_name,
                     const std::function<bool(const Event&)>& sink) override;

 private:
  Result<boost::json::object> call(const std::string& method, boost::json::object parameters);
  Result<void> command(const std::string& method, boost::json::object parameters);
  [[nodiscard]] boost::json::object lasting(boost::json::object parameters) const;

  std::unique_ptr<varlink::Caller> daemon_;
  bool permanent_;
};

}  // namespace vale
