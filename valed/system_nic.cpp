// SPDX-License-Identifier: BSD-2-Clause
#include "valed/system_nic.hpp"

#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "lib/unique_fd.hpp"

namespace valed {
namespace {

constexpr std::string_view kPromiscuous = "promiscuous";

struct Features {
  std::vector<std::string> names;
  std::vector<ethtool_get_features_block> blocks;

  [[nodiscard]] bool active(std::size_t bit) const {
    return (blocks[bit / 32].active >> (bit % 32) & 1U) != 0;
  }
  [[nodiscard]] bool changeable(std::size_t bit) const {
    const auto& block = blocks[bit / 32];
    return ((block.available & ~block.never_changed) >> (bit % 32) & 1U) != 0;
  }
};

/// One NIC seen through the old ioctls, which need no more than CAP_NET_ADMIN and any socket; the
/// service may have Unix and netlink ones only.
class Device {
 public:
  explicit Device(std::string nic)
      : nic_(std::move(nic)), fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}

  vale::Result<void> call(unsigned long request, ifreq& ifr, const char* what) {
    std::strncpy(ifr.ifr_name, nic_.c_str(), IFNAMSIZ - 1);
    if (::ioctl(fd_.get(), request, &ifr) == 0) return {};
    return vale::fail_errno(errno, nic_, fmt::format("cannot {} of {}", what, nic_));
  }

  vale::Result<void> ethtool(void* command, const char* what) {
    ifreq ifr{};
    ifr.ifr_data = static_cast<char*>(command);
    return call(SIOCETHTOOL, ifr, what);
  }

  vale::Result<short> flags() {
    ifreq ifr{};
    return call(SIOCGIFFLAGS, ifr, "read the flags").map([&] { return ifr.ifr_flags; });
  }

  vale::Result<void> set_flags(short flags) {
    ifreq ifr{};
    ifr.ifr_flags = flags;
    return call(SIOCSIFFLAGS, ifr, "set the flags");
  }

  vale::Result<std::size_t> feature_count() {
    alignas(ethtool_sset_info) std::array<char, sizeof(ethtool_sset_info) + 4> space{};
    auto* info = reinterpret_cast<ethtool_sset_info*>(space.data());
    info->cmd = ETHTOOL_GSSET_INFO;
    info->sset_mask = 1ULL << ETH_SS_FEATURES;
    return ethtool(info, "count the features").map([&]() -> std::size_t {
      std::uint32_t count = 0;
      if (info->sset_mask != 0) std::memcpy(&count, space.data() + sizeof(ethtool_sset_info), 4);
      return count;
    });
  }

  vale::Result<Features> features() {
    const auto count = feature_count();
    if (!count) return tl::unexpected(count.error());
    std::vector<char> text(sizeof(ethtool_gstrings) + *count * ETH_GSTRING_LEN);
    auto* strings = reinterpret_cast<ethtool_gstrings*>(text.data());
    strings->cmd = ETHTOOL_GSTRINGS;
    strings->string_set = ETH_SS_FEATURES;
    strings->len = static_cast<std::uint32_t>(*count);
    if (const auto got = ethtool(strings, "name the features"); !got) {
      return tl::unexpected(got.error());
    }
    const std::size_t words = (*count + 31) / 32;
    std::vector<std::uint32_t> raw(2 + words * 4);
    raw[0] = ETHTOOL_GFEATURES;
    raw[1] = static_cast<std::uint32_t>(words);
    if (const auto got = ethtool(raw.data(), "read the features"); !got) {
      return tl::unexpected(got.error());
    }
    Features features;
    features.blocks.resize(words);
    std::memcpy(features.blocks.data(), raw.data() + 2, words * sizeof(features.blocks[0]));
    for (std::size_t i = 0; i < *count; ++i) {
      const char* name = text.data() + sizeof(ethtool_gstrings) + i * ETH_GSTRING_LEN;
      features.names.emplace_back(name, ::strnlen(name, ETH_GSTRING_LEN));
    }
    return features;
  }

  vale::Result<void> set_feature(const std::string& name, bool on) {
    const auto now = features();
    if (!now) return tl::unexpected(now.error());
    const auto at = std::find(now->names.begin(), now->names.end(), name);
    if (at == now->names.end()) {
      return vale::fail(vale::Errc::kNotSupported, nic_,
                        fmt::format("{} has no feature {}", nic_, name));
    }
    const auto bit = static_cast<std::size_t>(at - now->names.begin());
    std::vector<std::uint32_t> raw(2 + now->blocks.size() * 2);
    raw[0] = ETHTOOL_SFEATURES;
    raw[1] = static_cast<std::uint32_t>(now->blocks.size());
    raw[2 + bit / 32 * 2] = 1U << (bit % 32);           // valid
    raw[3 + bit / 32 * 2] = on ? 1U << (bit % 32) : 0;  // requested
    return ethtool(raw.data(), "set a feature");
  }

 private:
  std::string nic_;
  vale::UniqueFd fd_;
};

}  // namespace

vale::Result<std::set<std::string>> SystemNic::names() {
  const std::unique_ptr<struct if_nameindex, decltype(&::if_freenameindex)> list(
      ::if_nameindex(), ::if_freenameindex);
  if (!list) return vale::fail_errno(errno, "", "cannot list the network devices");
  std::set<std::string> all;
  for (const auto* one = list.get(); one != nullptr && one->if_index != 0; ++one)
    all.emplace(one->if_name);
  return all;
}

vale::Result<std::uint32_t> SystemNic::index_of(const std::string& nic) {
  const unsigned index = ::if_nametoindex(nic.c_str());
  if (index != 0) return index;
  return vale::fail(vale::Errc::kNoDevice, nic,
                    fmt::format("there is no network device {} here: `ip link` lists them", nic));
}

std::string SystemNic::name_of(std::uint32_t ifindex) {
  std::array<char, IF_NAMESIZE> name{};
  return ::if_indextoname(ifindex, name.data()) != nullptr ? name.data() : "";
}

vale::Result<std::map<std::string, bool>> SystemNic::read(const std::string& nic) {
  Device device(nic);
  const auto flags = device.flags();
  if (!flags) return tl::unexpected(flags.error());
  std::map<std::string, bool> all{{std::string(kPromiscuous), (*flags & IFF_PROMISC) != 0}};
  const auto features = device.features();
  // Devices without ethtool have no feature to change either.
  if (!features) return all;
  for (std::size_t i = 0; i < features->names.size(); ++i) {
    if (!features->names[i].empty() && features->changeable(i)) {
      all[features->names[i]] = features->active(i);
    }
  }
  return all;
}

vale::Result<void> SystemNic::write(const std::string& nic, const std::string& setting, bool on) {
  Device device(nic);
  if (setting != kPromiscuous) return device.set_feature(setting, on);
  const auto flags = device.flags();
  if (!flags) return tl::unexpected(flags.error());
  const int value = on ? *flags | IFF_PROMISC : *flags & ~IFF_PROMISC;
  return device.set_flags(static_cast<short>(value));
}

}  // namespace valed
