#include "base/quantity.h"

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

struct SizeCase {
  std::string text;
  uint64_t bytes;
};

TEST(ParseSizeTest, TakesBytesAndPowersOf1024) {
  const std::vector<SizeCase> cases = {
      {"0", 0},
      {"1048576", 1048576},
      {"512K", 512 << 10},
      {"64M", 64 << 20},
      {"64m", 64 << 20},
      {"64MB", 64 << 20},
      {"64MiB", 64 << 20},
      {"1.5G", 1610612736},
      {"0.25M", 262144},
      {"2T", uint64_t{2} << 40},
      {"15E", uint64_t{15} << 60},
      {"15.5E", (uint64_t{15} << 60) + (uint64_t{1} << 59)},
      {"18446744073709551615", UINT64_MAX},
  };
  for (const SizeCase& c : cases) {
    const auto size = ParseSize(c.text);

    ASSERT_TRUE(size.ok()) << c.text << " " << size.status();
    EXPECT_EQ(*size, c.bytes) << c.text;
  }
}

TEST(ParseSizeTest, RefusesWhatIsNoSizeNamingTheText) {
  for (const absl::string_view text : {"",
                                       " ",
                                       "12Q",
                                       "-1",
                                       "+1",
                                       "1.5",
                                       "M",
                                       ".5M",
                                       "5.M",
                                       "1..5M",
                                       "1e3",
                                       "0x10",
                                       "nan",
                                       "inf",
                                       " 64M",
                                       "64M ",
                                       "64 M",
                                       "64iB",
                                       "max",
                                       "16E",
                                       "18446744073709551616",
                                       "99999999999999999999K"}) {
    const auto size = ParseSize(text);

    ASSERT_FALSE(size.ok()) << text;
    EXPECT_EQ(size.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(size.status().message().find(text), 0u);
  }
}

TEST(ParseSizeTest, TheMessageSaysWhatIsAccepted) {
  EXPECT_EQ(ParseSize("12Q").status().message(),
            "12Q: not a size: use bytes such as 1048576, or 512K, 64M, 1.5G");
  EXPECT_EQ(ParseSizeLimit("").status().message(),
            "\"\": not a size: use bytes such as 1048576, or 512K, 64M, 1.5G, "
            "or max");
}

TEST(ParseSizeLimitTest, MaxAndUnlimitedAreNoLimit) {
  EXPECT_EQ(ParseSizeLimit("max").value(), std::nullopt);
  EXPECT_EQ(ParseSizeLimit("unlimited").value(), std::nullopt);
  EXPECT_EQ(ParseSizeLimit("1K").value(), 1024u);
}

TEST(ParseDurationTest, TakesNumbersWithUnits) {
  EXPECT_EQ(ParseDuration("10s").value(), absl::Seconds(10));
  EXPECT_EQ(ParseDuration("100ms").value(), absl::Milliseconds(100));
  EXPECT_EQ(ParseDuration("1m30s").value(), absl::Seconds(90));
  EXPECT_EQ(ParseDuration("1.5h").value(), absl::Minutes(90));
  EXPECT_EQ(ParseDuration("0").value(), absl::ZeroDuration());
  EXPECT_EQ(ParseDuration("0s").value(), absl::ZeroDuration());
}

TEST(ParseDurationTest, APlainNumberIsRefusedWithAHint) {
  EXPECT_EQ(ParseDuration("10").status().message(),
            "10: a duration needs a unit: 10s for seconds, 10ms for "
            "milliseconds");
}

TEST(ParseDurationTest, RefusesWhatIsNoDuration) {
  for (const absl::string_view text :
       {"", " ", "s", "-1s", "+1s", "inf", "nan", "10 s", " 10s", "10x", "1d",
        "99999999999999999999h", "1m-30s"}) {
    const auto duration = ParseDuration(text);

    ASSERT_FALSE(duration.ok()) << text;
    EXPECT_EQ(duration.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(ParseCpusLimitTest, TakesCoresAboveZero) {
  EXPECT_EQ(ParseCpusLimit("0.5").value(), 0.5);
  EXPECT_EQ(ParseCpusLimit("2").value(), 2.0);
  EXPECT_EQ(ParseCpusLimit("max").value(), std::nullopt);
}

TEST(ParseCpusLimitTest, RefusesWhatIsNoNumberOfCpus) {
  for (const absl::string_view text :
       {"", "0", "0.0", "-1", "+1", "nan", "inf", "1e3", "0x2", "half", "1,5",
        " 1", "."}) {
    EXPECT_FALSE(ParseCpusLimit(text).ok()) << text;
  }
  EXPECT_EQ(ParseCpusLimit("-1").status().message(),
            "-1: not a number of CPUs: use a number above 0 such as 0.5 or 2, "
            "or max");
}

TEST(ParseIntegerTest, TakesWholeNumbersOfEitherSign) {
  EXPECT_EQ(ParseInteger("0").value(), 0);
  EXPECT_EQ(ParseInteger("64").value(), 64);
  EXPECT_EQ(ParseInteger("-1000").value(), -1000);
  for (const char* text : {"", "-", "--1", "+1", "1.5", " 1", "1 ", "0x10",
                           "five", "99999999999", "-99999999999", "- 1"}) {
    EXPECT_FALSE(ParseInteger(text).ok()) << text;
  }
}

TEST(ParseCountTest, TakesWholeNumbersOnly) {
  EXPECT_EQ(ParseCount("64").value(), 64u);
  EXPECT_EQ(ParseCountLimit("64").value(), 64u);
  EXPECT_EQ(ParseCountLimit("max").value(), std::nullopt);
  for (const absl::string_view text : {"", "-1", "+1", "1.5", "1K", "max ",
                                       " 1", "nan", "18446744073709551616"}) {
    EXPECT_FALSE(ParseCount(text).ok()) << text;
    EXPECT_FALSE(ParseCountLimit(text).ok()) << text;
  }
  EXPECT_FALSE(ParseCount("max").ok());
}

TEST(ShortSizeTest, KeepsOneDecimalWhereThereIsOne) {
  EXPECT_EQ(ShortSize(0), "0");
  EXPECT_EQ(ShortSize(1023), "1023");
  EXPECT_EQ(ShortSize(1024), "1K");
  EXPECT_EQ(ShortSize(64 << 20), "64M");
  EXPECT_EQ(ShortSize(1610612736), "1.5G");
  EXPECT_EQ(ShortSize((1 << 20) - 1), "1M");
  EXPECT_EQ(ShortSize(UINT64_MAX), "16E");
}

TEST(ShortDurationTest, ShowsTheTwoLargestUnits) {
  EXPECT_EQ(ShortDuration(absl::ZeroDuration()), "0");
  EXPECT_EQ(ShortDuration(absl::Milliseconds(-5)), "0");
  EXPECT_EQ(ShortDuration(absl::Milliseconds(45)), "45ms");
  EXPECT_EQ(ShortDuration(absl::Milliseconds(3290)), "3.2s");
  EXPECT_EQ(ShortDuration(absl::Seconds(59)), "59s");
  EXPECT_EQ(ShortDuration(absl::Seconds(90)), "1m30s");
  EXPECT_EQ(ShortDuration(absl::Minutes(125)), "2h05m");
  EXPECT_EQ(ShortDuration(absl::Hours(76)), "3d04h");
}

}  // namespace
}  // namespace reeve
