// SPDX-License-Identifier: BSD-2-Clause
// TOML to Config. Each file writes over what earlier ones said, key by key; what only the whole can
// tell, such as a NIC without a switch, is checked at the end.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "lib/config_scan.hpp"
#include "lib/config_section.hpp"
#include "lib/port_name.hpp"

namespace vale {
namespace {

constexpr std::uint32_t kMinFdbSize = 64;
constexpr std::uint32_t kMaxFdbSize = 1048576;
constexpr std::uint32_t kMaxAgeing = 16383;
constexpr std::uint16_t kMaxRingCount = 256;

/// A table's content so far, and where it was last spoken of.
template <class Spec>
struct Draft {
  Spec spec;
  bool enabled = true;
  toml::source_region at;
};

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == 0x7f;
}

class Parser {
 public:
  void add(const ConfigText& text) {
    const auto ascii = ascii_config(text);
    if (!ascii) {
      problems_.push_back(ascii.error());
      return;
    }
    const auto parsed = toml::parse(std::string_view(*ascii), std::string_view(text.file));
    if (!parsed) {
      problems_.push_back(
          problem_at(parsed.error().source(), std::string(parsed.error().description())));
      return;
    }
    read_file(parsed.table());
  }

  tl::expected<Config, std::vector<Problem>> finish() {
    Config config;
    for (const auto& [name, draft] : switches_) {
      if (draft.enabled) config.topology.switches[name] = draft.spec;
    }
    for (const auto& [device, draft] : ports_) {
      if (draft.enabled) finish_port(device, draft, config.topology);
    }
    config.access = access_;
    if (!problems_.empty()) return tl::unexpected(problems_);
    return config;
  }

 private:
  void read_file(const toml::table& table) {
    Section file(table, "", problems_);
    each(file, "switch", &Parser::read_switch);
    each(file, "nic", &Parser::read_nic);
    each(file, "port", &Parser::read_port);
    for (const auto* rule : file.tables("access")) read_rule(*rule);
    file.finish();
  }

  /// Rules of all files add up.
  void read_rule(const toml::table& table) {
    Section section(table, "access", problems_);
    AccessRule rule;
    std::vector<std::string> rights;
    section.texts("users", rule.users);
    section.texts("groups", rule.groups);
    section.texts("may", rights);
    section.texts("switches", rule.switches);
    section.finish();
    for (const auto& right : rights) add_right(section, right, rule.may);
    for (const auto& name : rule.switches) {
      if (!parse_switch_name(name)) {
        section.complain("switches", fmt::format("'{}' is not a switch name", name));
      }
    }
    if (rule.users.empty() && rule.groups.empty()) {
      note(table.source(), "[[access]] names nobody: add users = [...] or groups = [...]");
    }
    if (rights.empty()) {
      note(table.source(), "[[access]] allows nothing: add for example may = [\"read\"]");
    }
    access_.push_back(std::move(rule));
  }

  static void add_right(Section& section, const std::string& name, std::vector<AccessRight>& out) {
    constexpr std::array kRights = {
        std::pair{"read", AccessRight::kRead}, std::pair{"ports", AccessRight::kPorts},
        std::pair{"nics", AccessRight::kNics}, std::pair{"switches", AccessRight::kSwitches},
        std::pair{"all", AccessRight::kAll}};
    const auto* at = std::find_if(kRights.begin(), kRights.end(),
                                  [&](const auto& right) { return name == right.first; });
    if (at != kRights.end()) {
      out.push_back(at->second);
    } else {
      section.complain(
          "may", fmt::format("'{}' is no right: known are read, ports, nics, switches, all", name));
    }
  }

  /// The tables within a table: [nic.eth0], [nic.eth1], ...
  void each(Section& file, std::string_view key,
            void (Parser::*read)(const std::string& name, const toml::table& table, Section& s)) {
    const auto* tables = file.table(key);
    if (tables == nullptr) return;
    Section parent(*tables, std::string(key), problems_);
    for (const auto& [name, node] : *tables) {
      const std::string text(name.str());
      const auto* table = parent.table(text);
      if (table == nullptr) continue;
      Section section(*table, fmt::format("{}.{}", key, text), problems_);
      (this->*read)(text, *table, section);
      section.finish();
    }
  }

  void note(const toml::source_region& at, std::string message) {
    problems_.push_back(problem_at(at, std::move(message)));
  }

  void read_switch(const std::string& name, const toml::table& table, Section& section) {
    const auto parsed = parse_switch_name(name);
    if (!parsed || *parsed != name) {
      note(table.source(), parsed ? "a switch's name has no colon" : parsed.error().context);
    }
    auto& draft = switches_[name];
    draft.at = table.source();
    section.flag("enabled", draft.enabled);
    section.number("fdb_size", draft.spec.fdb_size, kMaxFdbSize);
    section.number("ageing", draft.spec.ageing, kMaxAgeing);
    section.flag("exchange", draft.spec.exchange);
    const auto size = draft.spec.fdb_size;
    if (size < kMinFdbSize || (size & (size - 1)) != 0) {
      section.complain("fdb_size", fmt::format("'fdb_size' must be a power of two from {} to {}",
                                               kMinFdbSize, kMaxFdbSize));
    }
  }

  /// What NICs and persistent ports have in common.
  PortSpec& common(const std::string& device, const toml::table& table, Section& section,
                   PortType type) {
    const auto parsed = parse_device_name(device);
    if (!parsed) note(table.source(), parsed.error().context);
    auto& draft = ports_[device];
    if (draft.at.path && draft.spec.type != type) {
      if (draft.at.path == table.source().path) {
        note(table.source(), fmt::format("{} cannot be both in [nic] and in [port]", device));
      }
      draft = {};
    }
    draft.spec.type = type;
    draft.at = table.source();
    section.flag("enabled", draft.enabled);
    section.text("switch", draft.spec.switch_name);
    const auto& name = draft.spec.switch_name;
    const auto good = parse_switch_name(name);
    if (!name.empty() && (!good || *good != name)) {
      section.complain("switch", good ? "a switch's name has no colon" : good.error().context);
    }
    return draft.spec;
  }

  static void rings(Section& section, const char* key, std::optional<RingSet>& out) {
    std::string text = out ? out->text() : "";
    section.text(key, text);
    const auto set = RingSet::parse(text);
    if (set) {
      out = *set;
    } else if (text.empty()) {
      out.reset();
    } else {
      section.complain(key, set.error().context);
    }
  }

  void read_nic(const std::string& device, const toml::table& table, Section& section) {
    auto& spec = common(device, table, section, PortType::kNic);
    section.flag("host", spec.host);
    section.flag("prepare", spec.prepare);
    rings(section, "rx_rings", spec.rx_rings);
    rings(section, "tx_rings", spec.tx_rings);
  }

  void read_port(const std::string& device, const toml::table& table, Section& section) {
    auto& spec = common(device, table, section, PortType::kPersistent);
    section.number("tx_slots", spec.tx_slots);
    section.number("rx_slots", spec.rx_slots);
    section.number("tx_rings", spec.tx_ring_count, kMaxRingCount);
    section.number("rx_rings", spec.rx_ring_count, kMaxRingCount);
    section.text("owner", spec.owner);
    if (std::any_of(spec.owner.begin(), spec.owner.end(), is_control)) {
      section.complain("owner", "'owner' must be the name or number of a user");
    }
  }

  void finish_port(const std::string& device, const Draft<PortSpec>& draft, Topology& topology) {
    if (draft.spec.type == PortType::kNic && draft.spec.switch_name.empty()) {
      note(draft.at,
           fmt::format("[nic.{}] names no switch: add for example switch = \"vale0\"", device));
    }
    topology.ports[device] = draft.spec;
  }

  std::map<std::string, Draft<SwitchSpec>> switches_;
  std::map<std::string, Draft<PortSpec>> ports_;
  std::vector<AccessRule> access_;
  std::vector<Problem> problems_;
};

}  // namespace

tl::expected<Config, std::vector<Problem>> parse_config(const std::vector<ConfigText>& texts) {
  Parser parser;
  for (const auto& text : texts) parser.add(text);
  return parser.finish();
}

}  // namespace vale
