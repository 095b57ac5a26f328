// SPDX-License-Identifier: BSD-2-Clause
// Settings of a NIC while it is on a switch. What was there before is on disk before anything is
// changed, so that a restarted valed, too, can put it back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lib/result.hpp"

namespace valed {

/// Settings of network devices that are on or off.
class NicSettings {
 public:
  NicSettings() = default;
  NicSettings(const NicSettings&) = delete;
  NicSettings& operator=(const NicSettings&) = delete;
  virtual ~NicSettings() = default;

  /// All network devices of this namespace.
  virtual vale::Result<std::set<std::string>> names() = 0;
  virtual vale::Result<std::uint32_t> index_of(const std::string& nic) = 0;
  /// Empty if there is none any more.
  virtual std::string name_of(std::uint32_t ifindex) = 0;
  /// "promiscuous" and the device's changeable features by ethtool's names.
  virtual vale::Result<std::map<std::string, bool>> read(const std::string& nic) = 0;
  virtual vale::Result<void> write(const std::string& nic, const std::string& setting, bool on) = 0;
};

class NicPreparer {
 public:
  NicPreparer(NicSettings& settings, std::filesystem::path directory)
      : settings_(settings), directory_(std::move(directory)) {}

  /// Prepares the NIC for @p port_name ("vale0:eth0"); what was changed for it, in words. Nothing
  /// if it was prepared before; then only what is missing of that is made up for.
  vale::Result<std::vector<std::string>> prepare(const std::string& nic,
                                                 const std::string& port_name);
  /// Puts back what prepare() found. Nothing to do is success; so is a NIC that no longer exists.
  vale::Result<void> restore(const std::string& port_name);
  /// Ports whose NICs are prepared now.
  [[nodiscard]] std::vector<std::string> prepared() const;

 private:
  struct Record {
    std::uint32_t ifindex = 0;
    std::string port;
    std::map<std::string, bool> before;
  };
  [[nodiscard]] std::filesystem::path file_of(std::uint32_t ifindex) const;
  [[nodiscard]] vale::Result<void> save(const Record& record) const;
  [[nodiscard]] std::vector<Record> load_all() const;
  vale::Result<std::vector<std::string>> write_wanted(const std::string& nic, const Record& record);
  vale::Result<void> put_back(const Record& record);

  NicSettings& settings_;
  std::filesystem::path directory_;
};

}  // namespace valed
