// SPDX-License-Identifier: BSD-2-Clause
#include "valed/state_file.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "lib/file.hpp"

namespace valed {
namespace json = boost::json;
namespace {

bool read_member(const json::object& object, std::string_view key, vale::Topology& out) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_object()) return false;
  auto topology = vale::topology_from_json(value->as_object());
  if (!topology) return false;
  out = std::move(*topology);
  return true;
}

}  // namespace

vale::Result<SavedState> load_state(const std::string& path) {
  const auto text = vale::read_file(path);
  if (!text) {
    if (text.error().errnum() == ENOENT) return SavedState{};
    return tl::unexpected(text.error());
  }
  SavedState state;
  json::error_code bad;
  const auto value = json::parse(*text, bad);
  const bool good = !bad && value.is_object() &&
                    read_member(value.as_object(), "configured", state.configured) &&
                    read_member(value.as_object(), "wanted", state.wanted) &&
                    read_member(value.as_object(), "applied", state.applied);
  if (good) return state;
  return vale::fail(vale::Errc::kProtocol, path, path + " is not what valed writes");
}

vale::Result<void> save_state(const std::string& path, const SavedState& state) {
  const json::object object{{"configured", vale::to_json(state.configured)},
                            {"wanted", vale::to_json(state.wanted)},
                            {"applied", vale::to_json(state.applied)}};
  return vale::replace_file(path, json::serialize(object) + '\n');
}

}  // namespace valed
