#include "exporters/prometheus/text_format.h"

#include <cstdint>
#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

std::string Label(const std::string& name, const std::string& value) {
  std::string text;
  AppendLabel(name, value, &text);
  return text;
}

std::string Number(double value) {
  std::string text;
  AppendNumber(value, &text);
  return text;
}

std::string Seconds(uint64_t nanoseconds) {
  std::string text;
  AppendSeconds(nanoseconds, &text);
  return text;
}

std::string Header(const FamilyHeader& header, TextFormat format) {
  std::string text;
  AppendFamilyHeader(header, format, &text);
  return text;
}

TEST(AppendFamilyHeaderTest, OpenMetricsNamesTheFamilyAndItsUnit) {
  constexpr auto kOpen = TextFormat::kOpenMetrics;

  EXPECT_EQ(Header({"a_seconds_total", "A \"b\"", "counter", "seconds"}, kOpen),
            "# HELP a_seconds A \\\"b\\\"\n"
            "# TYPE a_seconds counter\n"
            "# UNIT a_seconds seconds\n");
  EXPECT_EQ(Header({"a_bytes", "A", "gauge", "bytes"}, kOpen),
            "# HELP a_bytes A\n# TYPE a_bytes gauge\n# UNIT a_bytes bytes\n");
  EXPECT_EQ(Header({"a_total", "A", "counter", "cycles"}, kOpen),
            "# HELP a A\n# TYPE a counter\n");
  EXPECT_EQ(Header({"a_info", "A", "gauge", ""}, kOpen),
            "# HELP a A\n# TYPE a info\n");
}

TEST(AppendFamilyHeaderTest, BackslashAndNewlineOfTheHelpAreEscaped) {
  EXPECT_EQ(Header({"a_total", "One \\ \"two\"\nthree", "counter", "bytes"},
                   TextFormat::kPrometheus),
            "# HELP a_total One \\\\ \"two\"\\nthree\n"
            "# TYPE a_total counter\n");
}

TEST(AppendLabelTest, QuoteBackslashAndNewlineAreEscaped) {
  EXPECT_EQ(Label("task", "a\"b\\c\nd"), R"(task="a\"b\\c\nd")");
}

TEST(AppendLabelTest, Utf8IsKept) {
  EXPECT_EQ(Label("command", "grüße €\xF0\x9F\x98\x80"),
            "command=\"grüße €\xF0\x9F\x98\x80\"");
}

TEST(AppendLabelTest, BytesThatAreNotUtf8AreReplacedOneByOne) {
  const std::string replaced = "x=\"\xEF\xBF\xBD\"";
  EXPECT_EQ(Label("x", "\xFF"), replaced);
  EXPECT_EQ(Label("x", "\xC3"), replaced) << "cut off";
  EXPECT_EQ(Label("x", "\x80"), replaced) << "continuation alone";

  const std::string twice = "x=\"\xEF\xBF\xBD\xEF\xBF\xBD\"";
  EXPECT_EQ(Label("x", "\xC0\xAF"), twice) << "overlong";
  EXPECT_EQ(Label("x", "\xF5\x80").substr(0, 9), twice.substr(0, 9));

  const std::string thrice = "x=\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"";
  EXPECT_EQ(Label("x", "\xED\xA0\x80"), thrice) << "surrogate";
  EXPECT_EQ(Label("x", "\xE0\x80\x80"), thrice) << "overlong";
}

TEST(AppendLabelTest, BadNamesAreMadeGood) {
  EXPECT_EQ(Label("a-b.c", ""), "a_b_c=\"\"");
  EXPECT_EQ(Label("0a", ""), "_0a=\"\"");
  EXPECT_EQ(Label("", ""), "_=\"\"");
}

TEST(AppendNumberTest, IntegersAreExact) {
  std::string text;
  AppendNumber(std::numeric_limits<uint64_t>::max(), &text);
  EXPECT_EQ(text, "18446744073709551615");
}

TEST(AppendNumberTest, DoublesAreShortest) {
  EXPECT_EQ(Number(0.1), "0.1");
  EXPECT_EQ(Number(0), "0");
  EXPECT_EQ(Number(500'500'000), "500500000");
  EXPECT_EQ(Number(1.0 / 3), "0.3333333333333333");
}

TEST(AppendNumberTest, WhatIsNotFiniteIsSpelledAsPrometheusDoes) {
  EXPECT_EQ(Number(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(Number(std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(Number(-std::numeric_limits<double>::infinity()), "-Inf");
}

TEST(AppendSecondsTest, NanosecondsAreExactWithoutTrailingZeros) {
  EXPECT_EQ(Seconds(0), "0");
  EXPECT_EQ(Seconds(1), "0.000000001");
  EXPECT_EQ(Seconds(1'500'000'000), "1.5");
  EXPECT_EQ(Seconds(12'500'000'001), "12.500000001");
  EXPECT_EQ(Seconds(3'000'000'000), "3");
  EXPECT_EQ(Seconds(1'010'000), "0.00101");
  EXPECT_EQ(Seconds(std::numeric_limits<uint64_t>::max()),
            "18446744073.709551615");
}

}  // namespace
}  // namespace reeve
