// SPDX-License-Identifier: BSD-2-Clause
#include "valed/journal.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#define SD_JOURNAL_SUPPRESS_LOCATION  // it would be this file's
#include <systemd/sd-journal.h>

#include <cstdio>

#include "lib/text.hpp"

namespace valed {
namespace {

/// As syslog(3) counts them.
int priority(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::critical:
      return 2;
    case spdlog::level::err:
      return 3;
    case spdlog::level::warn:
      return 4;
    case spdlog::level::info:
      return 6;
    default:
      return 7;
  }
}

}  // namespace

bool is_journal(int fd, const char* stream) {
  if (stream == nullptr) return false;
  const auto parts = vale::split(stream, ':');
  struct stat status = {};
  if (parts.size() != 2 || ::fstat(fd, &status) != 0) return false;
  return vale::parse_number<dev_t>(parts[0]) == status.st_dev &&
         vale::parse_number<ino_t>(parts[1]) == status.st_ino;
}

std::vector<std::string> journal_fields(spdlog::level::level_enum level, std::string_view message,
                                        const About& subject) {
  std::vector<std::string> fields{fmt::format("MESSAGE={}", message),
                                  fmt::format("PRIORITY={}", priority(level))};
  const auto add = [&fields](const char* name, const std::string& value) {
    if (!value.empty()) fields.push_back(fmt::format("{}={}", name, value));
  };
  add("SWITCH", subject.switch_name);
  add("PORT", subject.port);
  add("IFNAME", subject.ifname);
  return fields;
}

bool JournalSink::send(const std::vector<std::string>& fields) {
  std::vector<iovec> parts;
  parts.reserve(fields.size());
  for (const auto& field : fields) {
    parts.push_back({const_cast<char*>(field.data()), field.size()});  // sendv only reads
  }
  return ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

void JournalSink::sink_it_(const spdlog::details::log_msg& message) {
  const std::string_view text(message.payload.data(), message.payload.size());
  if (send_(journal_fields(message.level, text, AboutScope::current()))) return;
  fmt::print(stderr, "<{}>{}\n", priority(message.level), text);
}

}  // namespace valed
