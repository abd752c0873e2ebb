#include "agent/cli/cgroups_flags.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

absl::StatusOr<CgroupsOptions> Parse(const std::vector<std::string>& args) {
  CgroupsOptions options;
  FlagSet flags("agent", "Test.");
  AddCgroupsFlags(&flags, &options);
  const absl::StatusOr<FlagSet::Outcome> outcome = flags.Parse(args);
  if (!outcome.ok()) return outcome.status();
  return options;
}

TEST(CgroupsFlagsTest, NothingIsMeasuredUnlessAskedFor) {
  const CgroupsOptions options = *Parse({});

  EXPECT_FALSE(options.is_enabled);
  EXPECT_EQ(options.interval, absl::ZeroDuration());
  EXPECT_EQ(options.max, 10'000u);
}

TEST(CgroupsFlagsTest, SayWhatIsMeasuredAndHowOften) {
  const CgroupsOptions options = *Parse(
      {"--collector.cgroups", "--collector.cgroups.include", "/a/.*",
       "--collector.cgroups.exclude=/a/b", "--collector.cgroups.interval",
       "15s", "--collector.cgroups.max", "7"});

  EXPECT_TRUE(options.is_enabled);
  EXPECT_TRUE(options.filter.Wants("/a/c"));
  EXPECT_FALSE(options.filter.Wants("/a/b"));
  EXPECT_FALSE(options.filter.Wants("/b"));
  EXPECT_EQ(options.interval, absl::Seconds(15));
  EXPECT_EQ(options.max, 7u);
  EXPECT_FALSE(
      Parse({"--collector.cgroups", "--no-collector.cgroups"})->is_enabled);
}

TEST(CgroupsFlagsTest, WrongValuesAreRefusedInOneLine) {
  const std::vector<std::vector<std::string>> wrong = {
      {"--collector.cgroups.include", "/a(b"},
      {"--collector.cgroups.exclude", "*"},
      {"--collector.cgroups.interval", "1ms"},
      {"--collector.cgroups.interval", "soon"},
      {"--collector.cgroups.max", "0"},
      {"--collector.cgroups.max", "-1"},
      {"--collector.cgroups.max", "1000001"},
      {"--collector.cgroups.max", ""},
  };
  for (const std::vector<std::string>& args : wrong) {
    EXPECT_THAT(Parse(args),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr(args[0]), Not(HasSubstr("\n")))))
        << args[1];
  }
}

}  // namespace
}  // namespace reeve
