// SPDX-License-Identifier: BSD-2-Clause
// top: rates of every port, again and again; on a terminal as a screen, else as lines.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>
#include <cstdlib>
#include <map>
#include <optional>
#include <ostream>

#include "lib/port_name.hpp"
#include "vale-ctl/commands.hpp"
#include "vale-ctl/output.hpp"
#include "vale-ctl/terminal.hpp"
#include "vale-ctl/top_screen.hpp"

namespace vale_ctl {
namespace {

namespace json = boost::json;
using std::chrono::steady_clock;

struct TopOptions {
  std::string switch_name;
  double interval = 1;
  std::uint64_t count = 0;  // 0: for ever
  Order order;

  [[nodiscard]] steady_clock::duration period() const {
    return std::chrono::duration_cast<steady_clock::duration>(
        std::chrono::duration<double>(interval));
  }
};

/// Asks for counters, and remembers what they were before.
class Sampler {
 public:
  Sampler(const Context& context, const TopOptions& options)
      : context_(context), options_(options) {}

  /// Rates since the last time, sorted; nothing the first time. After a failure the next call asks
  /// anew, of a valed that may be another one.
  vale::Result<std::optional<std::vector<PortRates>>> next() {
    auto sample = take();
    if (!sample) {
      control_.reset();
      return tl::unexpected(sample.error());
    }
    std::optional<std::vector<PortRates>> rates;
    if (before_) rates = rates_between(*before_, *sample);
    before_ = std::move(*sample);
    return rates;
  }

 private:
  vale::Result<Sample> take() {
    if (!control_) {
      auto control = context_.control();
      if (!control) return tl::unexpected(control.error());
      control_ = std::move(*control);
    }
    auto ports = control_->ports(options_.switch_name);
    if (!ports) return tl::unexpected(ports.error());
    return Sample{context_.time.now(), std::move(*ports)};
  }

  const Context& context_;
  const TopOptions& options_;
  std::unique_ptr<vale::Control> control_;
  std::optional<Sample> before_;
};

json::object rates_json(const PortRates& r) {
  json::object drops;
  for (std::size_t i = 0; i < vale::kDropCount; ++i) drops[vale::kDropNames[i]] = r.drops[i];
  return {{"switch", r.switch_name},      {"name", r.name},
          {"in_packets", r.in_packets},   {"in_bits", r.in_bits},
          {"out_packets", r.out_packets}, {"out_bits", r.out_bits},
          {"drops", std::move(drops)}};
}

void print_rates(const Context& context, const std::vector<PortRates>& rates) {
  const auto now = fmt::localtime(std::chrono::system_clock::to_time_t(context.time.calendar()));
  if (!context.json) {
    const auto time = fmt::format("{:%Y-%m-%dT%H:%M:%S}", now);
    for (const auto& r : rates) context.out << plain_line(r, time);
  } else {
    json::array list;
    for (const auto& r : rates) list.push_back(rates_json(r));
    print_json(context,
               {{"time", fmt::format("{:%Y-%m-%dT%H:%M:%S%z}", now)}, {"rates", std::move(list)}});
  }
  context.out.flush();
}

vale::Result<void> run_lines(const Context& context, const TopOptions& options) {
  Sampler sampler(context, options);
  if (const auto first = sampler.next(); !first) return tl::unexpected(first.error());
  if (!context.json) context.out << plain_titles();
  auto due = context.time.now();
  for (std::uint64_t n = 0; options.count == 0 || n < options.count; ++n) {
    due += options.period();
    context.time.sleep_until(due);
    auto rates = sampler.next();
    if (!rates) return tl::unexpected(rates.error());
    sort_rates(**rates, options.order);
    print_rates(context, **rates);
    if (!context.out.good()) break;
  }
  return {};
}

/// What a key changes of the order; false if it is none of those.
bool apply_key(char key, Order& order) {
  constexpr std::array kKeys = {std::pair{'n', SortKey::kName}, std::pair{'i', SortKey::kIn},
                                std::pair{'o', SortKey::kOut}, std::pair{'d', SortKey::kDrops}};
  if (key == 'r') {
    order.reverse = !order.reverse;
    return true;
  }
  const auto at =
      std::find_if(kKeys.begin(), kKeys.end(), [key](const auto& k) { return k.first == key; });
  if (at == kKeys.end()) return false;
  order.key = at->second;
  return true;
}

bool colour_wanted() {
  const char* no = std::getenv("NO_COLOR");
  return no == nullptr || *no == '\0';
}

/// The screen, from the first look until a key, the count or the terminal ends it.
class Live {
 public:
  Live(const Context& context, const TopOptions& options)
      : context_(context), options_(options), sampler_(context, options) {
    view_.order = options.order;
    view_.interval = options.interval;
  }

  vale::Result<void> run() {
    // While there is still an ordinary terminal to complain on.
    if (const auto first = sampler_.next(); !first) return tl::unexpected(first.error());
    Terminal terminal(STDIN_FILENO, STDOUT_FILENO);
    auto due = context_.time.now() + options_.period();
    for (;;) {
      auto drawn = terminal.draw(paint(compose(view_, terminal.size()), colour_));
      if (!drawn) return drawn;
      if (options_.count != 0 && refreshes_ == options_.count) return {};
      const auto input = terminal.wait(due);
      if (input.wake == Terminal::Wake::kGone || input.key == 'q') return {};
      if (apply_key(input.key, view_.order)) sort_rates(view_.rates, view_.order);
      if (input.wake != Terminal::Wake::kTime) continue;
      refresh();
      due = std::max(due + options_.period(), context_.time.now());
    }
  }

 private:
  /// A valed that is being restarted is no reason to end; what was last seen stays.
  void refresh() {
    ++refreshes_;
    auto rates = sampler_.next();
    view_.trouble = rates ? "" : rates.error().context;
    if (!rates || !*rates) return;
    view_.measured = true;
    view_.rates = std::move(**rates);
    sort_rates(view_.rates, view_.order);
  }

  const Context& context_;
  const TopOptions& options_;
  Sampler sampler_;
  TopView view_;
  std::uint64_t refreshes_ = 0;
  bool colour_ = colour_wanted();
};

vale::Result<void> top(Context& context, const TopOptions& given) {
  auto options = given;
  if (!options.switch_name.empty()) {
    const auto name = vale::parse_switch_name(options.switch_name);
    if (!name) return tl::unexpected(name.error());
    options.switch_name = *name;
  }
  const bool live = context.screen && !context.json;
  return live ? Live(context, options).run() : run_lines(context, options);
}

/// Why it is none, empty if it is one; CLI::Range would let "nan" pass.
std::string is_interval(const std::string& text) {
  double seconds = 0;
  const bool good = CLI::detail::lexical_cast(text, seconds) && seconds >= 0.1 && seconds <= 3600;
  return good ? "" : fmt::format("'{}' is not a number of seconds from 0.1 to 3600", text);
}

}  // namespace

void add_top_command(const Registry& r) {
  r.add<TopOptions>(
      r.app, "top", "rates of every port, refreshed until q; lines if not on a terminal",
      [](CLI::App& c, TopOptions& o) {
        const std::map<std::string, SortKey> keys{{"name", SortKey::kName},
                                                  {"in", SortKey::kIn},
                                                  {"out", SortKey::kOut},
                                                  {"drops", SortKey::kDrops}};
        c.add_option("SWITCH", o.switch_name, "only of this switch");
        c.add_option("-i,--interval", o.interval, "seconds between two looks, 0.1 to 3600 (1)")
            ->check(is_interval);
        c.add_option("-n,--count", o.count, "end after so many refreshes");
        c.add_option("--sort", o.order.key, "name, in, out or drops")
            ->transform(CLI::CheckedTransformer(keys).description(""));
        c.add_flag("--reverse", o.order.reverse, "the other way round");
      },
      top);
}

}  // namespace vale_ctl
