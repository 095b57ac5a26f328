// SPDX-License-Identifier: BSD-2-Clause
#include "valed/params.hpp"

#include <gtest/gtest.h>

namespace valed {
namespace {

using boost::json::array;
using boost::json::object;

TEST(Params, TakesTypedValues) {
  const object o{{"s", "x"}, {"b", true}, {"n", 65535}, {"l", array{"a", "b"}}, {"null", nullptr}};
  Params p(o);
  EXPECT_EQ(p.text("s"), "x");
  EXPECT_TRUE(p.flag("b", false));
  EXPECT_EQ(p.number_or_zero<std::uint16_t>("n"), 65535);
  EXPECT_EQ(p.optional_texts("l").size(), 2U);
  EXPECT_FALSE(p.optional_text("null"));
  EXPECT_FALSE(p.optional_text("absent"));
  EXPECT_TRUE(p.flag("absent2", true));
  EXPECT_TRUE(p.finish());
}

TEST(Params, NamesTheFirstThingWrong) {
  struct Case {
    object parameters;
    const char* parameter;
  };
  const Case cases[] = {
      {{}, "s"},
      {{{"s", 1}}, "s"},
      {{{"s", "x"}, {"b", "true"}}, "b"},
      {{{"s", "x"}, {"n", -1}}, "n"},
      {{{"s", "x"}, {"n", 65536}}, "n"},
      {{{"s", "x"}, {"n", 1.5}}, "n"},
      {{{"s", "x"}, {"n", "1"}}, "n"},
      {{{"s", "x"}, {"l", "a"}}, "l"},
      {{{"s", "x"}, {"l", array{1}}}, "l"},
      {{{"s", "x"}, {"zzz", 1}}, "zzz"},
  };
  for (const auto& c : cases) {
    Params p(c.parameters);
    (void)p.text("s");
    (void)p.flag("b", false);
    (void)p.optional_number<std::uint16_t>("n");
    (void)p.optional_texts("l");
    const auto done = p.finish();
    ASSERT_FALSE(done) << c.parameter;
    EXPECT_EQ(done.error().code, vale::Errc::kInvalidParameter);
    EXPECT_EQ(done.error().object, c.parameter);
  }
}

}  // namespace
}  // namespace valed
