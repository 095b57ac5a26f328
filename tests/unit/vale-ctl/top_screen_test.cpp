// SPDX-License-Identifier: BSD-2-Clause
#include "vale-ctl/top_screen.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vale_ctl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TopView view_of(std::size_t ports) {
  TopView view;
  view.measured = true;
  for (std::size_t i = 0; i < ports; ++i) {
    view.rates.push_back({"vale0", "vale0:p" + std::to_string(i), 1234, 5'000'000, 0, 0, {}});
  }
  return view;
}

TEST(TopScreen, ShowsAPortALine) {
  auto view = view_of(2);
  view.rates[1].drops[VALE_DROP_RING_FULL] = 12;
  view.rates[1].drops[VALE_DROP_NO_DST] = 3;
  const auto lines = compose(view, {24, 100});
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0].text, "2 ports by name, every 1 s; in 2.47 k pkt/s 10.0 M bit/s, drops 15/s");
  EXPECT_THAT(lines[1].text, HasSubstr("PORT      IN PKT/S  IN BIT/S  OUT PKT/S"));
  EXPECT_EQ(lines[1].text.size(), 100U);
  EXPECT_EQ(lines[2].text, "vale0:p0    1.23 k    5.00 M          0          0  0");
  EXPECT_EQ(lines[2].look, Line::Look::kPlain);
  EXPECT_THAT(lines[3].text, HasSubstr("no_dst=3 ring_full=12"));
  EXPECT_EQ(lines[3].look, Line::Look::kAlarm);
  EXPECT_THAT(lines[4].text, HasSubstr("q quit"));
}

TEST(TopScreen, FitsWhateverTheSize) {
  for (const ScreenSize size : {ScreenSize{1, 1}, {2, 5}, {3, 20}, {4, 200}, {10, 40}, {50, 80}}) {
    const auto lines = compose(view_of(20), size);
    EXPECT_LE(lines.size(), size.rows);
    for (const auto& line : lines) EXPECT_LE(line.text.size(), size.columns);
  }
}

TEST(TopScreen, SaysHowManyDoNotFit) {
  const auto lines = compose(view_of(20), {10, 80});
  ASSERT_EQ(lines.size(), 10U);
  EXPECT_THAT(lines.back().text, HasSubstr("13 more"));
}

TEST(TopScreen, SaysThatItMeasuresAndWhatIsWrong) {
  EXPECT_EQ(compose({}, {24, 80}).back().text, "measuring ...");
  auto view = view_of(1);
  view.trouble = "valed is not running";
  EXPECT_EQ(compose(view, {24, 80}).back().text, "valed is not running");
  EXPECT_EQ(compose(view, {24, 80}).back().look, Line::Look::kAlarm);
}

TEST(TopScreen, NamesDoNotControlTheTerminal) {
  auto view = view_of(1);
  view.rates[0].name = "vale0:\x1b[2J\x80";
  EXPECT_THAT(compose(view, {24, 80})[2].text, HasSubstr("vale0:?[2J?"));
  EXPECT_THAT(plain_line(view.rates[0], "now"), Not(HasSubstr("\x1b")));
}

TEST(TopScreen, IsPaintedWithoutScrolling) {
  EXPECT_EQ(paint({{"one"}, {"two", Line::Look::kTitle}}, true),
            "\x1b[H\x1b[Kone\r\n\x1b[J\x1b[7mtwo\x1b[0m");
  EXPECT_EQ(paint({{"one", Line::Look::kAlarm}}, false), "\x1b[H\x1b[Jone");
  EXPECT_EQ(paint({}, true), "\x1b[H\x1b[J");
}

}  // namespace
}  // namespace vale_ctl
