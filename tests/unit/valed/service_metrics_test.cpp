// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>

#include "service_fixture.hpp"

namespace valed {
namespace {

struct Outcome {
  int status;
  std::string output;
};

/// `promtool check metrics` (Prometheus' own judge) on a file.
Outcome check_metrics(const std::string& file) {
  const std::string command =
      "tool=$(" VALE_SOURCE_DIR "/scripts/promtool) && \"$tool\" check metrics 2>&1 <" + file;
  Outcome outcome{-1, ""};
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return outcome;
  char chunk[1024];
  for (std::size_t n = 0; (n = std::fread(chunk, 1, sizeof(chunk), pipe)) > 0;) {
    outcome.output.append(chunk, n);
  }
  outcome.status = ::pclose(pipe);
  return outcome;
}

class ServiceMetrics : public testing::ServiceTest {
 protected:
  Outcome judge(const std::string& text) {
    const std::string file = dir.file("metrics");
    std::ofstream(file) << text;
    return check_metrics(file);
  }
};

TEST_F(ServiceMetrics, PromtoolHasNothingToSay) {
  ASSERT_TRUE(call("Attach", {{"name", "vale0:eth0"}, {"host", true}}).error.empty());
  ASSERT_TRUE(call("SwitchCreate", {{"name", "vale1"}}).error.empty());
  const auto whole = judge(service.metrics());
  EXPECT_EQ(whole.status, 0) << whole.output;
  EXPECT_EQ(whole.output, "");
  kernel.broken = vale::Error{vale::Errc::kKernelUnavailable, "vale.ko", "not loaded"};
  const auto without_kernel = judge(service.metrics());
  EXPECT_EQ(without_kernel.status, 0) << without_kernel.output;
  EXPECT_EQ(without_kernel.output, "");
}

TEST_F(ServiceMetrics, PromtoolNoticesMistakes) {
  EXPECT_NE(judge(service.metrics() + "vale_up{\n").status, 0);
  EXPECT_NE(judge("# TYPE vale_things counter\nvale_things 1\n").status, 0);
}

}  // namespace
}  // namespace valed
