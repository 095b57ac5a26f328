// SPDX-License-Identifier: BSD-2-Clause
// Everything one can ask of a machine's switches. The kernel answers (SystemKernel), or valed does
// on behalf of somebody (DaemonControl in vale-ctl), or a fake in the tests.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/model.hpp"
#include "lib/result.hpp"
#include "lib/unique_fd.hpp"

namespace vale {

class Control {
 public:
  Control() = default;
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;
  virtual ~Control() = default;

  virtual Result<AttachResult> attach(const AttachRequest& request) = 0;
  virtual Result<std::uint32_t> detach(const std::string& name) = 0;
  virtual Result<PortPlace> find(const std::string& name) = 0;
  virtual Result<std::vector<PortPlace>> places() = 0;
  virtual Result<PortGeometry> geometry(const std::string& name) = 0;
  virtual Result<PortGeometry> create_port(const NewPort& request) = 0;
  virtual Result<void> delete_port(const std::string& name) = 0;
  /// An open /dev/netmap that can open the persistent port @p name, "vale0:vi0", and nothing else,
  /// in whatever process. Programs built with nm_open() or libnetmap take it from NETMAP_FD.
  virtual Result<UniqueFd> open_port(const std::string& name) = 0;

  virtual Result<std::vector<SwitchInfo>> switches() = 0;
  virtual Result<void> set_switch(const SwitchSettings& settings) = 0;
  virtual Result<void> delete_switch(const std::string& name) = 0;
  /// All ports, or those of one switch (kNoSuchSwitch if it is not there).
  virtual Result<std::vector<PortInfo>> ports(const std::string& switch_name) = 0;
  virtual Result<PortInfo> port(const std::string& name) = 0;

  virtual Result<std::vector<FdbEntry>> fdb(const std::string& switch_name) = 0;
  virtual Result<void> fdb_add(const FdbEntry& entry) = 0;
  virtual Result<void> fdb_delete(const std::string& switch_name, const MacAddress& mac) = 0;
  /// Dynamic entries of a switch ("vale0") or of a port ("vale0:a").
  virtual Result<void> fdb_flush(const std::string& name) = 0;
};

/// Events of the kernel; readable when fd() is.
class EventSource {
 public:
  EventSource() = default;
  EventSource(const EventSource&) = delete;
  EventSource& operator=(const EventSource&) = delete;
  virtual ~EventSource() = default;

  [[nodiscard]] virtual int fd() const = 0;
  /// What has come, perhaps nothing. An error means that the source is dead: subscribe again.
  virtual Result<std::vector<Event>> read() = 0;
};

class Kernel : public Control {
 public:
  virtual Result<std::unique_ptr<EventSource>> subscribe() = 0;
  /// Version of the loaded module, kKernelUnavailable if there is none.
  virtual Result<std::string> module_version() = 0;
};

/// Makes a persistent port; "vale0:vi0" also attaches it, and takes it back if that fails.
Result<PortGeometry> create_and_attach(Control& control, const NewPort& request);
/// Removes a persistent port; "vale0:vi0" detaches it first.
Result<void> detach_and_delete(Control& control, const std::string& name);

}  // namespace vale
