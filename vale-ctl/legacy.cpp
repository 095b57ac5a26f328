// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/legacy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>
#include <string_view>

#include "lib/explain.hpp"
#include "lib/text.hpp"
#include "vale-ctl/output.hpp"
#include "vale-ctl/table.hpp"

namespace vale_ctl {
namespace {

using vale::Errc;

constexpr std::string_view kUsageText =
    "usage: vale-ctl [-a|-h|-d|-n|-r|-g|-l|-p|-P NAME] [-C SPEC] [-m ID|PORT] [-v]\n"
    "  -a valeX:IF   attach a NIC          -h valeX:IF  attach a NIC and its host stack\n"
    "  -d valeX:IF   detach it             -g PORT      show rings and slots\n"
    "  -n IF         make a persistent port  -r IF        remove it\n"
    "  -l valeX:P    show bridge and port index\n"
    "  -p valeX:IF   forward its packets on CPUs of -C   -P valeX:IF  no longer\n"
    "  -C txslots[,rxslots[,txrings[,rxrings]]]   with -n, -a, -h\n"
    "  -C mode,cpu[,count]   with -p; mode 0: all rings on that CPU, 1: ring i on CPU i\n"
    "  -m ID|PORT    memory region, with -n, -a, -h     -v  verbose\n"
    "without option: list all ports; vale-ctl --help shows the other commands\n";

struct Options {
  char action = 0;  // 0: list
  std::string name;
  std::optional<std::string> config;
  std::optional<std::string> memory;
  bool verbose = false;
};

vale::Result<Options> parse(const std::vector<std::string>& arguments) {
  const auto usage = [](const std::string& why) {
    return vale::fail(Errc::kInvalidValue, "", why);
  };
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word.size() < 2 || word[0] != '-') return usage("unexpected argument '" + word + "'");
    for (std::size_t at = 1; at < word.size(); ++at) {
      const char letter = word[at];
      if (letter == 'v') {
        options.verbose = true;
        continue;
      }
      if (std::string_view("ahdnrglpPCm").find(letter) == std::string_view::npos) {
        return usage(fmt::format("unknown option -{}", letter));
      }
      // The value is the rest of the word, or the next word.
      std::string value = word.substr(at + 1);
      if (value.empty()) {
        if (++i == arguments.size()) return usage(fmt::format("option -{} needs a value", letter));
        value = arguments[i];
      }
      if (letter == 'C') {
        options.config = value;
      } else if (letter == 'm') {
        options.memory = value;
      } else if (options.action != 0) {
        return usage(
            fmt::format("-{} and -{} at once: one thing at a time", options.action, letter));
      } else {
        options.action = letter;
        options.name = value;
      }
      break;
    }
  }
  return options;
}

struct Config {
  std::uint32_t tx_slots = 0;
  std::uint32_t rx_slots = 0;
  std::uint16_t tx_rings = 0;
  std::uint16_t rx_rings = 0;
};

/// One number of slots counts for both directions, and so does one of rings.
vale::Result<Config> parse_config(const std::optional<std::string>& text) {
  if (!text) return Config{};
  std::array<std::uint16_t, 4> n{};
  const auto parts = vale::split(*text, ',');
  bool good = parts.size() <= n.size();
  for (std::size_t i = 0; good && i < parts.size(); ++i) {
    const auto value = vale::parse_number<std::uint16_t>(parts[i]);
    good = value.has_value();
    n[i] = value.value_or(0);
  }
  if (!good) {
    return vale::fail(Errc::kInvalidValue, *text,
                      fmt::format("-C {}: want txslots[,rxslots[,txrings[,rxrings]]]", *text));
  }
  if (parts.size() < 2) n[1] = n[0];
  if (parts.size() < 4) n[3] = n[2];
  return Config{n[0], n[1], n[2], n[3]};
}

/// "mode,cpu[,count]"; one CPU polls all rings, whatever the count, or so many one each.
vale::Result<vale::Polling> parse_polling(const std::string& text) {
  const auto bad = [&text](const std::string& why) {
    return vale::fail(Errc::kInvalidValue, text, fmt::format("-C {}: {}", text, why));
  };
  std::vector<std::uint32_t> n;
  for (const auto part : vale::split(text, ',')) {
    const auto value = vale::parse_number<std::uint32_t>(part);
    if (!value) return bad("want mode,cpu[,count]");
    n.push_back(*value);
  }
  if (n.size() < 2 || n.size() > 3) return bad("want mode,cpu[,count]");
  if (n[0] > 1) return bad("mode 0 is all rings on one CPU, 1 is ring i on CPU i");
  const std::uint32_t count = n.size() == 3 ? n[2] : 1;
  if (count == 0) return bad("no CPU would poll");
  if (n[0] == 0 && count != 1) return bad("in mode 0 one CPU polls all rings");
  return vale::Polling{n[0] == 1, n[1], count};
}

class Legacy {
 public:
  Legacy(Context& context, Options options) : context_(context), options_(std::move(options)) {}

  vale::Result<void> run() {
    if (options_.action == 'p') return start_polling();
    if (options_.action == 'P') return stop_polling();
    if (auto opened = open(); !opened) return opened;
    switch (options_.action) {
      case 'a':
        return attach(false);
      case 'h':
        return attach(true);
      case 'd':
        return detach();
      case 'n':
        return create();
      case 'r':
        return control_->delete_port(options_.name);
      case 'g':
        return show();
      case 'l':
        return find();
      default:
        return list();
    }
  }

 private:
  vale::Result<void> open() {
    auto daemon = context_.daemon(context_.socket, false);
    if (daemon) {
      control_ = std::move(*daemon);
      return {};
    }
    say(daemon.error().context);
    say("talking to /dev/netmap directly");
    auto kernel = context_.kernel();
    if (!kernel) return tl::unexpected(kernel.error());
    control_ = std::move(*kernel);
    return {};
  }

  void say(const std::string& text) {
    if (options_.verbose) context_.err << "vale-ctl: " << text << '\n';
  }

  /// A number, or a port whose region it shall be.
  vale::Result<std::uint16_t> memory() {
    if (!options_.memory) return std::uint16_t{0};
    if (const auto id = vale::parse_number<std::uint16_t>(*options_.memory)) return *id;
    return control_->geometry(*options_.memory).map([](const vale::PortGeometry& g) {
      return static_cast<std::uint16_t>(g.mem_id);
    });
  }

  vale::Result<void> attach(bool host) {
    const auto config = parse_config(options_.config);
    if (!config) return tl::unexpected(config.error());
    const auto mem_id = memory();
    if (!mem_id) return tl::unexpected(mem_id.error());
    vale::AttachRequest request;
    request.name = options_.name;
    request.host = host;
    request.mem_id = *mem_id;
    request.tx_slots = config->tx_slots;
    request.rx_slots = config->rx_slots;
    request.tx_ring_count = config->tx_rings;
    request.rx_ring_count = config->rx_rings;
    const auto done = control_->attach(request);
    if (!done) return tl::unexpected(done.error());
    say(fmt::format("{} has port index {}", options_.name, done->index));
    for (const auto& change : done->prepared) say(change);
    return {};
  }

  vale::Result<void> detach() {
    const auto index = control_->detach(options_.name);
    if (!index) return tl::unexpected(index.error());
    say(fmt::format("{} had port index {}", options_.name, *index));
    return {};
  }

  vale::Result<void> create() {
    const auto config = parse_config(options_.config);
    if (!config) return tl::unexpected(config.error());
    const auto mem_id = memory();
    if (!mem_id) return tl::unexpected(mem_id.error());
    const auto made = control_->create_port({options_.name, config->tx_slots, config->rx_slots,
                                             config->tx_rings, config->rx_rings, *mem_id});
    if (!made) return tl::unexpected(made.error());
    if (options_.verbose) print_geometry(context_, options_.name, *made);
    return {};
  }

  vale::Result<void> show() {
    const auto geometry = control_->geometry(options_.name);
    if (!geometry) return tl::unexpected(geometry.error());
    print_geometry(context_, options_.name, *geometry);
    return {};
  }

  vale::Result<void> find() {
    const auto place = control_->find(options_.name);
    if (!place) return tl::unexpected(place.error());
    print_places({*place});
    return {};
  }

  vale::Result<void> start_polling() {
    if (!options_.config) {
      return vale::fail(Errc::kInvalidValue, options_.name,
                        fmt::format("-p {}: -C mode,cpu[,count] says which CPUs", options_.name));
    }
    const auto polling = parse_polling(*options_.config);
    if (!polling) return tl::unexpected(polling.error());
    auto device = context_.device();
    if (!device) return tl::unexpected(device.error());
    const auto done = device->start_polling(options_.name, *polling);
    if (!done) return tl::unexpected(vale::explain_polling(done.error(), options_.name));
    return {};
  }

  vale::Result<void> stop_polling() {
    auto device = context_.device();
    if (!device) return tl::unexpected(device.error());
    const auto done = device->stop_polling(options_.name);
    if (!done) return tl::unexpected(vale::explain_no_polling(done.error(), options_.name));
    return {};
  }

  vale::Result<void> list() {
    const auto places = control_->places();
    if (!places) return tl::unexpected(places.error());
    print_places(*places);
    return {};
  }

  void print_places(const std::vector<vale::PortPlace>& places) {
    for (const auto& place : places) {
      context_.out << fmt::format("bridge {} port {} {}\n", place.bridge, place.index, place.name);
    }
  }

  Context& context_;
  Options options_;
  std::unique_ptr<vale::Control> control_;
};

}  // namespace

bool is_legacy(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return true;
  const std::string& first = arguments.front();
  return first.size() >= 2 && first[0] == '-' && first[1] != '-';
}

int run_legacy(Context& context, const std::vector<std::string>& arguments) {
  const auto options = parse(arguments);
  if (!options) {
    context.err << "vale-ctl: " << options.error().context << '\n' << kUsageText;
    return kFailed;
  }
  const auto done = Legacy(context, *options).run();
  if (done) return kOk;
  (void)report(context, done.error());
  return kFailed;
}

}  // namespace vale_ctl
