// SPDX-License-Identifier: BSD-2-Clause
#include "apps/tlem/identity.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <optional>

#include "apps/common/text.hpp"

namespace tlem {
namespace {

struct Device {
  std::optional<Mac> mac;
  std::optional<Subnet> subnet;
};

std::uint32_t number_of(const sockaddr* address) {
  return ntohl(reinterpret_cast<const sockaddr_in*>(address)->sin_addr.s_addr);
}

void note(Device& device, const ifaddrs& entry) {
  if (entry.ifa_addr == nullptr) return;
  if (entry.ifa_addr->sa_family == AF_INET && !device.subnet && entry.ifa_netmask != nullptr) {
    device.subnet = Subnet{number_of(entry.ifa_addr),
                           static_cast<unsigned>(std::popcount(number_of(entry.ifa_netmask)))};
  } else if (entry.ifa_addr->sa_family == AF_PACKET) {
    const auto* link = reinterpret_cast<const sockaddr_ll*>(entry.ifa_addr);
    Mac mac;
    std::copy_n(link->sll_addr, mac.size(), mac.begin());
    device.mac = mac;
  }
}

Device find_device(const std::string& name) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, freeifaddrs);
  Device device;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (name == entry->ifa_name) note(device, *entry);
  }
  return device;
}

// Locally administered, and the same each time.
Mac made_of(std::uint32_t address) {
  return {0x02,
          0x00,
          static_cast<std::uint8_t>(address >> 24),
          static_cast<std::uint8_t>(address >> 16),
          static_cast<std::uint8_t>(address >> 8),
          static_cast<std::uint8_t>(address)};
}

Side::Identity identity_of(const std::string& name, const std::optional<Subnet>& given) {
  const Device device = find_device(name);
  const auto subnet = given ? given : device.subnet;
  if (!subnet) throw apps::UsageError(name + " has no IPv4 address: say --address ADDRESS/LENGTH");
  if (subnet->nobody(subnet->address))
    throw apps::UsageError(name + ": " + to_text(subnet->address) + " cannot be its own address");
  return {device.mac.value_or(made_of(subnet->address)), *subnet, std::nullopt};
}

}  // namespace

std::array<Side::Identity, 2> identities(const Config& config,
                                         const std::array<std::string, 2>& names) {
  std::array<Side::Identity, 2> result;
  for (std::size_t i = 0; i < 2; i++) {
    const bool given = i < config.addresses.size();
    result[i] = identity_of(names[i], given ? std::optional(config.addresses[i]) : std::nullopt);
  }
  const Subnet &a = result[0].subnet, &b = result[1].subnet;
  if (a.contains(b.address) || b.contains(a.address))
    throw apps::UsageError("-r: both ports are in one network, there is nothing to route");
  for (const std::uint32_t gateway : config.gateways) {
    const auto side = std::find_if(result.begin(), result.end(), [&](const auto& identity) {
      return identity.subnet.contains(gateway) && gateway != identity.subnet.address;
    });
    if (side == result.end() || side->gateway)
      throw apps::UsageError(
          fmt::format("-G {}: want one in the network of each port at most", to_text(gateway)));
    side->gateway = gateway;
  }
  return result;
}

}  // namespace tlem
