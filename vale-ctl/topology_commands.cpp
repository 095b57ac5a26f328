// SPDX-License-Identifier: BSD-2-Clause
// check, diff, apply, export, and the noun "topology".
#include <fmt/format.h>

#include <boost/json/value.hpp>
#include <ostream>

#include "lib/config.hpp"
#include "vale-ctl/commands.hpp"
#include "vale-ctl/output.hpp"
#include "vale-ctl/table.hpp"

namespace vale_ctl {
namespace {

namespace json = boost::json;

struct FileOptions {
  std::vector<std::string> files;
  bool permanent = false;
};

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return "";
  if (value->is_string()) return std::string(value->as_string());
  if (value->is_int64()) return std::to_string(value->as_int64());
  return value->is_uint64() ? std::to_string(value->as_uint64()) : "";
}

/// The objects of a reply's list.
std::vector<json::object> list_of(const json::object& reply, std::string_view key) {
  std::vector<json::object> list;
  const auto* value = reply.if_contains(key);
  if (value == nullptr || !value->is_array()) return list;
  for (const auto& item : value->as_array()) {
    if (item.is_object()) list.push_back(item.as_object());
  }
  return list;
}

vale::Result<json::object> ask(const Context& context, const std::string& method,
                               json::object parameters) {
  const auto client = context.client(context.socket);
  if (!client) return tl::unexpected(client.error());
  return (*client)->call("io.vale.Switch." + method, std::move(parameters));
}

/// Everything that does not stand as it should.
void print_open(const Context& context, const json::object& reply) {
  for (const auto& standing : list_of(reply, "standings")) {
    if (text_of(standing, "standing") == "active") continue;
    context.out << fmt::format("{} is {}: {}\n", text_of(standing, "name"),
                               text_of(standing, "standing"), text_of(standing, "reason"));
  }
}

void print_steps(const Context& context, const json::object& reply, const char* none) {
  if (context.json) return print_json(context, reply);
  const auto steps = list_of(reply, "steps");
  if (steps.empty()) context.out << none << '\n';
  for (const auto& step : steps) context.out << text_of(step, "text") << '\n';
  print_open(context, reply);
}

vale::Result<void> check(Context& context, const FileOptions& options) {
  std::vector<vale::ConfigText> texts;
  for (const auto& file : options.files) {
    auto text = vale::read_config_file(file);
    if (!text) return tl::unexpected(text.error());
    texts.push_back(std::move(*text));
  }
  const auto config = vale::parse_config(texts);
  if (!config) return tl::unexpected(vale::config_error(config.error()));
  const auto& topology = config->topology;
  if (context.json) {
    print_json(context, vale::to_json(topology));
  } else {
    context.out << fmt::format("good: {} switches, {} ports\n", topology.switches.size(),
                               topology.ports.size());
  }
  return {};
}

vale::Result<json::object> file_parameters(const FileOptions& options) {
  const auto text = vale::read_config_file(options.files.front());
  if (!text) return tl::unexpected(text.error());
  json::object parameters{{"configuration", text->text}, {"file", text->file}};
  if (options.permanent) parameters["permanent"] = true;
  return parameters;
}

vale::Result<void> diff(Context& context, const FileOptions& options) {
  auto parameters = file_parameters(options);
  if (!parameters) return tl::unexpected(parameters.error());
  return ask(context, "Diff", std::move(*parameters)).map([&](const json::object& reply) {
    print_steps(context, reply, "no difference");
  });
}

vale::Result<void> apply(Context& context, const FileOptions& options) {
  auto parameters = file_parameters(options);
  if (!parameters) return tl::unexpected(parameters.error());
  return ask(context, "Apply", std::move(*parameters)).map([&](const json::object& reply) {
    print_steps(context, reply, "nothing to do");
  });
}

vale::Result<void> clear(Context& context, const FileOptions& options) {
  json::object parameters{{"configuration", ""}};
  if (options.permanent) parameters["permanent"] = true;
  return ask(context, "Apply", std::move(parameters)).map([&](const json::object& reply) {
    print_steps(context, reply, "nothing to do");
  });
}

vale::Result<void> reload(Context& context) {
  return ask(context, "Reload", {}).map([&](const json::object& reply) {
    print_steps(context, reply, "nothing to do");
  });
}

vale::Result<void> write_out(Context& context) {
  return ask(context, "GetTopology", {}).map([&](const json::object& reply) {
    if (context.json) return print_json(context, reply);
    context.out << text_of(reply, "configuration");
  });
}

void print_standings(const Context& context, const json::object& reply) {
  Table table({{"NAME"}, {"STANDING"}, {"RETRY-IN", Table::Align::kRight}, {"REASON"}});
  for (const auto& standing : list_of(reply, "standings")) {
    const auto retry = text_of(standing, "retry_in");
    table.add({text_of(standing, "name"), text_of(standing, "standing"),
               retry.empty() ? "" : retry + " s", text_of(standing, "reason")});
  }
  context.out << table.text();
}

vale::Result<void> show(Context& context) {
  return ask(context, "GetTopology", {}).map([&](const json::object& reply) {
    if (context.json) return print_json(context, reply);
    print_standings(context, reply);
  });
}

void declare_permanent(CLI::App& command, FileOptions& options) {
  command.add_flag("--permanent", options.permanent, "also after a reboot");
}

void declare_file(CLI::App& command, FileOptions& options) {
  command.add_option("FILE", options.files, "in the language of valed.toml(5)")
      ->required()
      ->expected(1);
}

/// The same commands at the top and under "topology".
void add_all(const Registry& r, CLI::App& parent) {
  r.add<FileOptions>(
      parent, "check", "look for errors in configuration files, without valed",
      [](CLI::App& c, FileOptions& o) {
        c.add_option("FILE", o.files, "later ones are drop-ins of the first")->required();
      },
      check);
  r.add<FileOptions>(parent, "diff", "what apply would do", declare_file, diff);
  r.add<FileOptions>(
      parent, "apply", "want what a file says, and nothing else",
      [](CLI::App& c, FileOptions& o) {
        declare_file(c, o);
        declare_permanent(c, o);
      },
      apply);
  r.add(parent, "export", "print the wanted topology, for apply", write_out);
}

}  // namespace

void add_topology_commands(const Registry& registry) {
  add_all(registry, registry.app);
  auto* noun = registry.app.add_subcommand("topology", "what is wanted, and how it stands");
  noun->require_subcommand(1);
  noun->fallthrough();
  add_all(registry, *noun);
  registry.add(*noun, "show", "how everything wanted stands", show);
  registry.add(*noun, "reload", "read valed's files again", reload);
  registry.add<FileOptions>(*noun, "clear", "take down all that valed brought", declare_permanent,
                            clear);
}

}  // namespace vale_ctl
