// SPDX-License-Identifier: BSD-2-Clause
// Messages of the family "vale" to and from the model. Attributes that are missing, too short or
// unknown are skipped: an older or newer module is no reason to fail.
#pragma once

#include <libmnl/libmnl.h>

#include <optional>

#include "lib/model.hpp"

namespace vale::genl_codec {

SwitchInfo read_switch(const nlmsghdr* message);
PortInfo read_port(const nlmsghdr* message);
FdbEntry read_fdb_entry(const nlmsghdr* message);
std::optional<Event> read_event(const nlmsghdr* message);

void put_switch_settings(nlmsghdr* message, const SwitchSettings& settings);
void put_fdb_entry(nlmsghdr* message, const FdbEntry& entry);
void put_name(nlmsghdr* message, vale_attr attr, const std::string& name);
void put_mac(nlmsghdr* message, const MacAddress& mac);

}  // namespace vale::genl_codec
