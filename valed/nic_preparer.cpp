// SPDX-License-Identifier: BSD-2-Clause
#include "valed/nic_preparer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <optional>

#include "lib/file.hpp"

namespace valed {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

struct Wanted {
  std::string_view setting;
  bool on;
  std::string_view words;
};

// The module segments, checksums and puts VLAN tags back by itself, so those offloads stay:
// changing them makes several drivers reset the link. LRO alone merges packets in a way that cannot
// be undone.
constexpr std::array kWanted = {
    Wanted{"rx-lro", false, "large receive offload off"},
    Wanted{"promiscuous", true, "promiscuous mode on"},
};

}  // namespace

fs::path NicPreparer::file_of(std::uint32_t ifindex) const {
  return directory_ / fmt::format("nic-{}.json", ifindex);
}

vale::Result<void> NicPreparer::save(const Record& record) const {
  json::object before;
  for (const auto& [setting, on] : record.before) before[setting] = on;
  const json::object object{{"ifindex", record.ifindex}, {"port", record.port}, {"before", before}};
  return vale::replace_file(file_of(record.ifindex), json::serialize(object) + '\n');
}

std::vector<NicPreparer::Record> NicPreparer::load_all() const {
  std::vector<Record> records;
  std::error_code err;
  for (const auto& entry : fs::directory_iterator(directory_, err)) {
    if (entry.path().extension() != ".json") continue;
    const auto text = vale::read_file(entry.path());
    json::error_code bad;
    const auto value = json::parse(text.value_or(""), bad);
    if (bad || !value.is_object()) continue;
    const auto& object = value.as_object();
    const auto* ifindex = object.if_contains("ifindex");
    const auto* port = object.if_contains("port");
    const auto* before = object.if_contains("before");
    if (ifindex == nullptr || port == nullptr || before == nullptr) continue;
    if (!ifindex->is_int64() || !port->is_string() || !before->is_object()) continue;
    Record record{
        static_cast<std::uint32_t>(ifindex->as_int64()), std::string(port->as_string()), {}};
    for (const auto& item : before->as_object()) {
      if (item.value().is_bool()) record.before[std::string(item.key())] = item.value().as_bool();
    }
    records.push_back(std::move(record));
  }
  return records;
}

vale::Result<std::vector<std::string>> NicPreparer::prepare(const std::string& nic,
                                                            const std::string& port_name) {
  const auto ifindex = settings_.index_of(nic);
  if (!ifindex) return tl::unexpected(ifindex.error());
  const auto now = settings_.read(nic);
  if (!now) return tl::unexpected(now.error());
  Record record{*ifindex, port_name, {}};
  for (const auto& wanted : kWanted) {
    const auto at = now->find(std::string(wanted.setting));
    if (at != now->end() && at->second != wanted.on) record.before.insert(*at);
  }
  if (record.before.empty()) return std::vector<std::string>{};
  std::error_code err;
  if (fs::exists(file_of(*ifindex), err)) {
    // What was before is known already; something of the preparation was missing, or was undone.
    return write_wanted(nic, record).map([](const auto&) { return std::vector<std::string>{}; });
  }
  if (const auto saved = save(record); !saved) return tl::unexpected(saved.error());
  return write_wanted(nic, record).map_error([&](vale::Error error) {
    const auto undone = put_back(record);
    if (!undone) error.context += "; " + undone.error().context;
    return error;
  });
}

/// Changes what is to be changed of what @p record found; in words.
vale::Result<std::vector<std::string>> NicPreparer::write_wanted(const std::string& nic,
                                                                 const Record& record) {
  std::vector<std::string> changed;
  for (const auto& wanted : kWanted) {
    if (!record.before.contains(std::string(wanted.setting))) continue;
    const auto set = settings_.write(nic, std::string(wanted.setting), wanted.on);
    if (!set) return tl::unexpected(set.error());
    changed.emplace_back(wanted.words);
  }
  return changed;
}

/// The record stays on disk unless everything is back or the NIC is gone.
vale::Result<void> NicPreparer::put_back(const Record& record) {
  const std::string nic = settings_.name_of(record.ifindex);
  std::optional<vale::Error> first;
  if (!nic.empty()) {
    for (const auto& [setting, on] : record.before) {
      const auto set = settings_.write(nic, setting, on);
      if (!set && !first) first = set.error();
    }
  }
  if (first && !settings_.name_of(record.ifindex).empty()) return tl::unexpected(*first);
  std::error_code err;
  fs::remove(file_of(record.ifindex), err);
  return {};
}

vale::Result<void> NicPreparer::restore(const std::string& port_name) {
  for (const auto& record : load_all()) {
    if (record.port == port_name) return put_back(record);
  }
  return {};
}

std::vector<std::string> NicPreparer::prepared() const {
  std::vector<std::string> ports;
  for (const auto& record : load_all()) ports.push_back(record.port);
  std::sort(ports.begin(), ports.end());
  return ports;
}

}  // namespace valed
