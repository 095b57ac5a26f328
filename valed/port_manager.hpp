// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "lib/control.hpp"
#include "valed/nic_preparer.hpp"

namespace valed {

/// Attaches and detaches ports with the preparation of their NICs.
class PortManager {
 public:
  PortManager(vale::Kernel& kernel, NicPreparer& preparer) : kernel_(kernel), preparer_(preparer) {}

  vale::Result<vale::AttachResult> attach(const vale::AttachRequest& request);
  /// The index the port had.
  vale::Result<std::uint32_t> detach(const std::string& name);
  /// The kernel said that the port went, by whatever means: its NIC gets its settings back, unless
  /// the port is there again.
  void port_gone(const std::string& name);
  /// The same for all ports of earlier that are not among @p ports.
  void restore_others(const std::vector<vale::PortInfo>& ports);

 private:
  void restore(const std::string& name);

  vale::Kernel& kernel_;
  NicPreparer& preparer_;
};

}  // namespace valed
