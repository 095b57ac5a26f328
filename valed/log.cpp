// SPDX-License-Identifier: BSD-2-Clause
#include "valed/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <memory>

namespace valed {
namespace {

/// "<4>": the syslog level, as sd-daemon(3) has it.
class JournalLevel : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    out.push_back('<');
    out.push_back(digit(message.level));
    out.push_back('>');
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<JournalLevel>();
  }

 private:
  static char digit(spdlog::level::level_enum level) {
    switch (level) {
      case spdlog::level::critical:
        return '2';
      case spdlog::level::err:
        return '3';
      case spdlog::level::warn:
        return '4';
      case spdlog::level::info:
        return '6';
      default:
        return '7';
    }
  }
};

}  // namespace

void LogAndThrow::operator()(const std::exception_ptr& thrown) const {
  if (!thrown) return;
  spdlog::critical("{} ended by an exception", what);
  std::rethrow_exception(thrown);
}

void set_up_log(bool plain, bool verbose) {
  auto logger =
      std::make_shared<spdlog::logger>("valed", std::make_shared<spdlog::sinks::stderr_sink_st>());
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  if (plain || std::getenv("JOURNAL_STREAM") == nullptr) {
    formatter->set_pattern("%Y-%m-%d %H:%M:%S.%e %-7l %v");
  } else {
    formatter->add_flag<JournalLevel>('*').set_pattern("%*%v");
  }
  logger->set_formatter(std::move(formatter));
  logger->set_level(verbose ? spdlog::level::debug : spdlog::level::info);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace valed
