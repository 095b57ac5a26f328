// SPDX-License-Identifier: BSD-2-Clause
// Methods about switches and their forwarding tables, and the stream of events.
#include <fmt/format.h>

#include <algorithm>

#include "lib/port_name.hpp"
#include "valed/answers.hpp"
#include "valed/params.hpp"
#include "valed/service.hpp"

namespace valed {
namespace json = boost::json;
namespace {

constexpr std::size_t kFdbAtOnce = 4096;  // without `more`
constexpr std::size_t kFdbPart = 1024;    // a part fits a socket's buffer
constexpr std::uint32_t kFdbMin = 64;
constexpr std::uint32_t kFdbMax = 1048576;
constexpr std::uint32_t kAgeingMax = 16383;

vale::Result<void> check_settings(const vale::SwitchSettings& s) {
  if (s.fdb_size &&
      (*s.fdb_size < kFdbMin || *s.fdb_size > kFdbMax || (*s.fdb_size & (*s.fdb_size - 1)) != 0)) {
    return vale::fail(
        vale::Errc::kInvalidValue, std::to_string(*s.fdb_size),
        fmt::format("{}: the size of the forwarding table is a power of two from {} to "
                    "{}, not {}",
                    s.name, kFdbMin, kFdbMax, *s.fdb_size));
  }
  if (s.fdb_ageing && *s.fdb_ageing > kAgeingMax) {
    return vale::fail(vale::Errc::kInvalidValue, std::to_string(*s.fdb_ageing),
                      fmt::format("{}: ageing is 0 (never) to {} seconds, not {}", s.name,
                                  kAgeingMax, *s.fdb_ageing));
  }
  return {};
}

vale::Result<vale::MacAddress> read_mac(const std::string& text) {
  if (const auto mac = vale::parse_mac(text)) return *mac;
  return vale::fail(vale::Errc::kInvalidValue, text,
                    fmt::format("'{}' is not a MAC address (for example 02:00:00:00:00:01)", text));
}

json::object entries_part(const std::vector<vale::FdbEntry>& entries, std::size_t& at,
                          std::size_t length) {
  json::array list;
  for (const std::size_t end = std::min(entries.size(), at + length); at < end; ++at) {
    list.push_back(vale::to_json(entries[at]));
  }
  return {{"entries", std::move(list)}};
}

}  // namespace

vale::Result<Answer> Service::list_switches(const Context& c) {
  Params params(c.parameters);
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  return kernel_.switches().map(answer_with_list("switches"));
}

vale::Result<Answer> Service::apply_switch(const Context& c, bool create) {
  Params params(c.parameters);
  vale::SwitchSettings settings;
  const auto name = vale::parse_switch_name(params.text("name"));
  settings.create = create;
  settings.fdb_size = params.optional_number<std::uint32_t>("fdb_size");
  settings.fdb_ageing = params.optional_number<std::uint32_t>("ageing");
  settings.exchange = params.optional_flag("exchange");
  const bool permanent = params.flag("permanent", false);
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  if (!name) return tl::unexpected(name.error());
  settings.name = *name;
  if (const auto ok = check_settings(settings); !ok) return tl::unexpected(ok.error());
  if (const auto set = kernel_.set_switch(settings); !set) return tl::unexpected(set.error());
  // A switch that merely has ports goes with the last of them, and its settings with it.
  const bool stays = create || permanent || engine_.reconciler.wanted().switches.contains(*name);
  if (!stays) return success();
  return record(*name, permanent,
                [&](vale::Topology& topology) {
                  auto& spec = topology.switches[*name];
                  spec.fdb_size = settings.fdb_size.value_or(spec.fdb_size);
                  spec.ageing = settings.fdb_ageing.value_or(spec.ageing);
                  spec.exchange = settings.exchange.value_or(spec.exchange);
                })
      .map([] { return success(); });
}

vale::Result<Answer> Service::switch_create(const Context& c) {
  return apply_switch(c, true);
}

vale::Result<Answer> Service::switch_set(const Context& c) {
  return apply_switch(c, false);
}

vale::Result<Answer> Service::switch_delete(const Context& c) {
  Params params(c.parameters);
  const auto name = params.text("name");
  const bool permanent = params.flag("permanent", false);
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  if (const auto gone = kernel_.delete_switch(name); !gone) return tl::unexpected(gone.error());
  return record(name, permanent, [&](vale::Topology& topology) { topology.switches.erase(name); })
      .map([] { return success(); });
}

vale::Result<Answer> Service::fdb_list(const Context& c) {
  Params params(c.parameters);
  const auto name = params.optional_text("switch").value_or("");
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  auto all = kernel_.fdb(name);
  if (!all) return tl::unexpected(all.error());
  if (!c.more) {
    if (all->size() > kFdbAtOnce) {
      return vale::fail(
          vale::Errc::kInvalidValue, "more",
          fmt::format("there are {} addresses: call FdbList with `more` to get more than "
                      "{}",
                      all->size(), kFdbAtOnce));
    }
    std::size_t at = 0;
    return success(entries_part(*all, at, kFdbAtOnce));
  }
  Answer answer;
  auto entries = std::make_shared<std::vector<vale::FdbEntry>>(std::move(*all));
  answer.parts = [entries, at = std::size_t{0},
                  first = true]() mutable -> std::optional<json::object> {
    if (at >= entries->size() && !first) return std::nullopt;
    first = false;
    return entries_part(*entries, at, kFdbPart);
  };
  return answer;
}

vale::Result<Answer> Service::fdb_add(const Context& c) {
  Params params(c.parameters);
  vale::FdbEntry entry;
  entry.switch_name = params.text("switch");
  entry.port = params.text("port");
  entry.is_static = true;
  const auto mac = read_mac(params.text("mac"));
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  if (!mac) return tl::unexpected(mac.error());
  entry.mac = *mac;
  return kernel_.fdb_add(entry).map([] { return success(); });
}

vale::Result<Answer> Service::fdb_delete(const Context& c) {
  Params params(c.parameters);
  const auto name = params.text("switch");
  const auto mac = read_mac(params.text("mac"));
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  if (!mac) return tl::unexpected(mac.error());
  return kernel_.fdb_delete(name, *mac).map([] { return success(); });
}

vale::Result<Answer> Service::fdb_flush(const Context& c) {
  Params params(c.parameters);
  const auto name = params.text("name");
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  return kernel_.fdb_flush(name).map([] { return success(); });
}

vale::Result<Answer> Service::watch(const Context& c) {
  Params params(c.parameters);
  Watcher::Filter filter;
  filter.switch_name = params.optional_text("switch").value_or("");
  filter.events = params.optional_texts("events");
  if (const auto ok = params.finish(); !ok) return tl::unexpected(ok.error());
  if (!filter.events.empty()) filter.events.emplace_back("watching");
  Answer answer;
  answer.watcher = hub_.subscribe(std::move(filter));
  // Tells the client that from here on it misses nothing.
  vale::Event begun;
  begun.type = "watching";
  answer.watcher->push(begun);
  return answer;
}

}  // namespace valed
