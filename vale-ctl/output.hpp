// SPDX-License-Identifier: BSD-2-Clause
// What commands print: JSON on request, else tables.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "lib/model.hpp"
#include "lib/model_json.hpp"
#include "vale-ctl/context.hpp"

namespace vale_ctl {

void print_json(const Context& context, const boost::json::object& object);

template <class T>
void print_json_list(const Context& context, const char* key, const std::vector<T>& values) {
  boost::json::array list;
  for (const auto& value : values) list.push_back(vale::to_json(value));
  print_json(context, {{key, std::move(list)}});
}

void print_ports(const Context& context, const std::vector<vale::PortInfo>& ports);
void print_port(const Context& context, const vale::PortInfo& port);
void print_stats(const Context& context, const std::vector<vale::PortInfo>& ports);
void print_switches(const Context& context, const std::vector<vale::SwitchInfo>& switches);
void print_fdb(const Context& context, const std::vector<vale::FdbEntry>& entries);
void print_event(const Context& context, const vale::Event& event);
// A device that programs have open.
void print_open_device(const Context& context, const std::string& name, const vale::PortGeometry& g,
                       const vale::PortInfo& p);
void print_geometry(const Context& context, const std::string& name,
                    const vale::PortGeometry& geometry);

}  // namespace vale_ctl
