// SPDX-License-Identifier: BSD-2-Clause
// Messages for the journal, with fields.
#pragma once

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "valed/about.hpp"

namespace valed {

/// True if this descriptor leads to the journal, as $JOURNAL_STREAM ("DEVICE:INODE") says.
bool is_journal(int fd, const char* stream);

/// "MESSAGE=...", "PRIORITY=6", and what it is about.
std::vector<std::string> journal_fields(spdlog::level::level_enum level, std::string_view message,
                                        const About& subject);

class JournalSink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  /// False if they could not be sent: then standard error gets the message, as the journal takes
  /// it.
  using Send = std::function<bool(const std::vector<std::string>& fields)>;

  explicit JournalSink(Send send) : send_(std::move(send)) {}
  /// By sd_journal_sendv(3).
  static bool send(const std::vector<std::string>& fields);

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

 private:
  Send send_;
};

}  // namespace valed
