// SPDX-License-Identifier: BSD-2-Clause
#include "valed/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "valed/journal.hpp"

namespace valed {

void LogAndThrow::operator()(const std::exception_ptr& thrown) const {
  if (!thrown) return;
  spdlog::critical("{} ended by an exception", what);
  std::rethrow_exception(thrown);
}

void set_up_log(bool plain, bool verbose) {
  spdlog::sink_ptr sink;
  if (!plain && is_journal(STDERR_FILENO, std::getenv("JOURNAL_STREAM"))) {
    sink = std::make_shared<JournalSink>(JournalSink::send);
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
    sink->set_pattern("%Y-%m-%d %H:%M:%S.%e %-7l %v");
  }
  auto logger = std::make_shared<spdlog::logger>("valed", std::move(sink));
  logger->set_level(verbose ? spdlog::level::debug : spdlog::level::info);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace valed
