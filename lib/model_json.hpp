// SPDX-License-Identifier: BSD-2-Clause
// The model as JSON: the types of io.vale.Switch, which --json prints too. Reading is lenient (a
// newer valed may send more), writing always gives every field that applies.
#pragma once

#include <boost/json/object.hpp>

#include "lib/model.hpp"

namespace vale {

boost::json::object to_json(const SwitchInfo& info);
boost::json::object to_json(const PortInfo& info);
boost::json::object to_json(const FdbEntry& entry);
boost::json::object to_json(const Event& event);
boost::json::object to_json(const PortPlace& place);
boost::json::object to_json(const PortGeometry& geometry);
boost::json::object to_json(const AttachRequest& request);
boost::json::object to_json(const NewPort& request);
boost::json::object to_json(const SwitchSettings& settings);
boost::json::object counters_json(const PortInfo& info);
boost::json::object drops_json(const PortInfo& info);

SwitchInfo switch_from_json(const boost::json::object& object);
PortInfo port_from_json(const boost::json::object& object);
FdbEntry fdb_entry_from_json(const boost::json::object& object);
Event event_from_json(const boost::json::object& object);
PortPlace place_from_json(const boost::json::object& object);
PortGeometry geometry_from_json(const boost::json::object& object);

}  // namespace vale
