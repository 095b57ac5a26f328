// SPDX-License-Identifier: BSD-2-Clause
#include "lib/control.hpp"

#include "lib/port_name.hpp"

namespace vale {

Result<PortGeometry> create_and_attach(Control& control, const NewPort& request) {
  if (!looks_like_switch_port(request.name)) return control.create_port(request);
  const auto name = parse_port_name(request.name);
  if (!name) return tl::unexpected(name.error());
  NewPort bare = request;
  bare.name = name->port;
  auto made = control.create_port(bare);
  if (!made) return made;
  AttachRequest attach;
  attach.name = name->full();
  attach.prepare = false;
  if (const auto attached = control.attach(attach); !attached) {
    const auto undone = control.delete_port(bare.name);
    Error error = attached.error();
    if (!undone) error.context += "; and the new port stays: " + undone.error().context;
    return tl::unexpected(error);
  }
  return made;
}

Result<void> detach_and_delete(Control& control, const std::string& name) {
  if (!looks_like_switch_port(name)) return control.delete_port(name);
  const auto parsed = parse_port_name(name);
  if (!parsed) return tl::unexpected(parsed.error());
  if (const auto detached = control.detach(name); !detached)
    return tl::unexpected(detached.error());
  return control.delete_port(parsed->port);
}

}  // namespace vale
