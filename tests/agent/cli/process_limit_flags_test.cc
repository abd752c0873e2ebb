#include "agent/cli/process_limit_flags.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<v1::Limits> Parse(const std::vector<std::string>& args,
                                 v1::Limits limits = v1::Limits()) {
  FlagSet flags("test", "Test.");
  AddProcessLimitFlags(&flags, [&limits] { return &limits; });
  const absl::StatusOr<FlagSet::Outcome> outcome = flags.Parse(args);
  if (!outcome.ok()) return outcome.status();
  return limits;
}

TEST(ProcessLimitFlagsTest, SetWhatTheyName) {
  EXPECT_EQ(Parse({})->ByteSizeLong(), 0u);
  EXPECT_EQ(Parse({"--oom-score-adj", "500", "--nice=3", "--sched", "rr:50"})
                ->ShortDebugString(),
            "oom_score_adj: 500 nice: 3 scheduling_policy: \"rr:50\"");
}

TEST(ProcessLimitFlagsTest, NumbersMayBeBelowZero) {
  EXPECT_EQ(
      Parse({"--oom-score-adj", "-1000", "--nice", "-20"})->ShortDebugString(),
      "oom_score_adj: -1000 nice: -20");
  EXPECT_EQ(Parse({"--oom-score-adj=-1", "--nice=-1"})->ShortDebugString(),
            "oom_score_adj: -1 nice: -1");
}

TEST(ProcessLimitFlagsTest, AnRlimitMayBeGivenForEachName) {
  EXPECT_EQ(Parse({"--rlimit", "nofile=10:20", "--rlimit", "core=0",
                   "--rlimit=nofile=5"})
                ->ShortDebugString(),
            "rlimits { name: \"nofile\" soft: 5 hard: 5 } "
            "rlimits { name: \"core\" soft: 0 hard: 0 }");
}

TEST(ProcessLimitFlagsTest, ErrorsNameTheFlag) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"--nice", "x"}, "--nice x: not a whole number"},
      {{"--oom-score-adj", "1.5"}, "--oom-score-adj 1.5: not a whole number"},
      {{"--sched", "fifo"}, "--sched scheduling policy \"fifo\": give other"},
      {{"--rlimit", "files=1"}, "--rlimit rlimit \"files\": give one of"},
      {{"--nice", "1", "--nice", "2"}, "--nice: given more than once"}};
  for (const auto& [args, message] : cases) {
    EXPECT_THAT(Parse(args), StatusIs(absl::StatusCode::kInvalidArgument,
                                      HasSubstr(message)));
  }
}

TEST(ParseRlimitTest, TakesASizeWhereTheLimitIsInBytes) {
  EXPECT_EQ(ParseRlimit("memlock=64K:1M")->ShortDebugString(),
            "name: \"memlock\" soft: 65536 hard: 1048576");
  EXPECT_EQ(ParseRlimit("nproc=64")->ShortDebugString(),
            "name: \"nproc\" soft: 64 hard: 64");
  EXPECT_THAT(ParseRlimit("nofile=64K"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("64K: not a count")));
}

TEST(ParseRlimitTest, UnlimitedIsNoValue) {
  for (const char* text :
       {"core=unlimited", "core=max", "core=unlimited:unlimited"}) {
    EXPECT_EQ(ParseRlimit(text)->ShortDebugString(), "name: \"core\"");
  }
  EXPECT_EQ(ParseRlimit("core=0:unlimited")->ShortDebugString(),
            "name: \"core\" soft: 0");
}

TEST(ParseRlimitTest, WhatIsNoneIsRefused) {
  for (const char* text :
       {"", "nofile", "=", "=1", "nofile=", "nofile=:", "nofile=1:",
        "nofile=:1", "nofile=1:2:3", "nofile=-1", "nofile=2:1",
        "nofile=unlimited:1", "NOFILE=1", "nofile =1", "nofile= 1"}) {
    EXPECT_THAT(ParseRlimit(text), StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

}  // namespace
}  // namespace reeve
