// SPDX-License-Identifier: BSD-2-Clause
// An errno of a request, put into words: what failed, which object, why, what to do next.
#pragma once

#include <string>

#include "lib/result.hpp"

namespace vale {

/// What the rest of the system knows about a network device.
struct NetdevFacts {
  bool exists = false;
  std::string master;  // bridge, bond or other device it belongs to
};
NetdevFacts look_at_netdev(const std::string& name);

Error explain_attach(const Error& error, const std::string& name, const NetdevFacts& facts);
Error explain_detach(const Error& error, const std::string& name);
Error explain_polling(const Error& error, const std::string& name);
Error explain_no_polling(const Error& error, const std::string& name);
Error explain_lookup(const Error& error, const std::string& name);
Error explain_geometry(const Error& error, const std::string& name);
Error explain_create(const Error& error, const std::string& name);
Error explain_delete(const Error& error, const std::string& name);
Error explain_open(const Error& error, const std::string& name);
/// Of the netlink family; @p what is for example "set switch vale0".
Error explain_netlink(const Error& error, const std::string& what, const std::string& name);

}  // namespace vale
