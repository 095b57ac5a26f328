// SPDX-License-Identifier: BSD-2-Clause
// Topologies as TOML.
#include <fmt/format.h>

#include <algorithm>

#include "lib/config.hpp"

namespace vale {
namespace {

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// Device names may have dots and other characters that TOML wants quoted.
std::string key(const std::string& name) {
  return std::all_of(name.begin(), name.end(), is_bare) ? name : quoted(name);
}

/// Writes the keys of a table: all of them if an earlier file may have set them, else those that
/// matter.
class Keys {
 public:
  explicit Keys(bool all) : all_(all) {}

  template <class T>
  void number(const char* name, T value, T fallback) {
    if (all_ || value != fallback) out_ += fmt::format("{} = {}\n", name, value);
  }
  void flag(const char* name, bool value, bool fallback) {
    if (all_ || value != fallback) out_ += fmt::format("{} = {}\n", name, value);
  }
  void text(const char* name, const std::string& value) {
    if (all_ || !value.empty()) out_ += fmt::format("{} = {}\n", name, quoted(value));
  }
  void rings(const char* name, const std::optional<RingSet>& set) {
    text(name, set ? set->text() : "");
  }
  [[nodiscard]] const std::string& written() const { return out_; }

 private:
  bool all_;
  std::string out_;
};

std::string table(const std::string& name, const SwitchSpec& spec, bool all) {
  Keys keys(all);
  keys.number("fdb_size", spec.fdb_size, kDefaultFdbSize);
  keys.number("ageing", spec.ageing, kDefaultAgeing);
  keys.flag("exchange", spec.exchange, false);
  return fmt::format("[switch.{}]\n{}\n", key(name), keys.written());
}

std::string table(const std::string& device, const PortSpec& spec, bool all) {
  const bool nic = spec.type == PortType::kNic;
  Keys keys(all);
  keys.text("switch", spec.switch_name);
  if (nic) {
    keys.flag("host", spec.host, false);
    keys.flag("prepare", spec.prepare, true);
    keys.rings("rx_rings", spec.rx_rings);
    keys.rings("tx_rings", spec.tx_rings);
  } else {
    keys.number("tx_slots", spec.tx_slots, 0U);
    keys.number("rx_slots", spec.rx_slots, 0U);
    keys.number<std::uint16_t>("tx_rings", spec.tx_ring_count, 0);
    keys.number<std::uint16_t>("rx_rings", spec.rx_ring_count, 0);
    keys.text("owner", spec.owner);
  }
  return fmt::format("[{}.{}]\n{}\n", nic ? "nic" : "port", key(device), keys.written());
}

std::string disabled(const std::string& name, const SwitchSpec& /*spec*/) {
  return fmt::format("[switch.{}]\nenabled = false\n\n", key(name));
}

std::string disabled(const std::string& device, const PortSpec& spec) {
  const char* noun = spec.type == PortType::kNic ? "nic" : "port";
  return fmt::format("[{}.{}]\nenabled = false\n\n", noun, key(device));
}

template <class Spec>
std::string overlay(const std::map<std::string, Spec>& base,
                    const std::map<std::string, Spec>& wanted) {
  std::string out;
  for (const auto& [name, spec] : wanted) {
    const auto old = base.find(name);
    if (old == base.end() || old->second != spec) out += table(name, spec, old != base.end());
  }
  for (const auto& [name, spec] : base) {
    if (!wanted.contains(name)) out += disabled(name, spec);
  }
  return out;
}

}  // namespace

std::string config_overlay(const Topology& base, const Topology& wanted) {
  return overlay(base.switches, wanted.switches) + overlay(base.ports, wanted.ports);
}

std::string config_text(const Topology& topology) {
  return config_overlay({}, topology);
}

}  // namespace vale
