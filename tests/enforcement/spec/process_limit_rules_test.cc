// The rules of ValidateLimits() for what each process keeps.

#include <sys/resource.h>

#include "absl/status/status.h"
#include "enforcement/spec/resource_limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

absl::Status ValidateRlimits(std::vector<Rlimit> rlimits) {
  ResourceLimits limits;
  limits.rlimits = std::move(rlimits);
  return ValidateLimits(limits);
}

TEST(ValidateLimitsTest, TakesOomScoresOfTheKernelsRange) {
  ResourceLimits limits;
  for (const int score : {-1000, 0, 1000}) {
    limits.oom_score_adj = score;
    EXPECT_THAT(ValidateLimits(limits), IsOk());
  }
  for (const int score : {-1001, 1001}) {
    limits.oom_score_adj = score;
    EXPECT_THAT(ValidateLimits(limits),
                StatusIs(kInvalid, HasSubstr("give -1000 to 1000")));
  }
}

TEST(ValidateLimitsTest, TakesNiceValuesOfTheKernelsRange) {
  ResourceLimits limits;
  for (const int nice : {-20, 0, 19}) {
    limits.nice = nice;
    EXPECT_THAT(ValidateLimits(limits), IsOk());
  }
  for (const int nice : {-21, 20}) {
    limits.nice = nice;
    EXPECT_THAT(ValidateLimits(limits),
                StatusIs(kInvalid, HasSubstr("give -20 to 19")));
  }
}

TEST(ValidateLimitsTest, APriorityGoesWithItsPolicy) {
  ResourceLimits limits;
  limits.scheduling = SchedulingPolicy{SchedulingPolicy::Kind::kFifo, 99};
  EXPECT_THAT(ValidateLimits(limits), IsOk());
  limits.scheduling = SchedulingPolicy{SchedulingPolicy::Kind::kFifo, 0};
  EXPECT_THAT(ValidateLimits(limits),
              StatusIs(kInvalid, HasSubstr("give 1 to 99")));
  limits.scheduling = SchedulingPolicy{SchedulingPolicy::Kind::kBatch, 1};
  EXPECT_THAT(ValidateLimits(limits),
              StatusIs(kInvalid, HasSubstr("give 0 to 0")));
}

TEST(ValidateLimitsTest, TakesRlimitsUpToTheHardOne) {
  EXPECT_THAT(
      ValidateRlimits({{RLIMIT_NOFILE, Bound::Of(10), Bound::Of(10)},
                       {RLIMIT_CORE, Bound::Of(0), Bound::Unlimited()},
                       {RLIMIT_AS, Bound::Unlimited(), Bound::Unlimited()}}),
      IsOk());
  EXPECT_THAT(
      ValidateRlimits({{RLIMIT_NOFILE, Bound::Of(11), Bound::Of(10)}}),
      StatusIs(kInvalid, HasSubstr("rlimit nofile: give a soft limit, which is "
                                   "11, of no more than the hard one, which is "
                                   "10")));
  EXPECT_THAT(
      ValidateRlimits({{RLIMIT_NOFILE, Bound::Unlimited(), Bound::Of(10)}}),
      StatusIs(kInvalid, HasSubstr("which is unlimited")));
}

TEST(ValidateLimitsTest, RefusesRlimitsThatThereAreNot) {
  EXPECT_THAT(ValidateRlimits({{99, Bound::Of(1), Bound::Of(1)}}),
              StatusIs(kInvalid, HasSubstr("rlimit 99: there is no such")));
  EXPECT_THAT(
      ValidateRlimits({{RLIMIT_CORE, Bound::Of(1), Bound::Of(RLIM_INFINITY)}}),
      StatusIs(kInvalid, HasSubstr("give \"unlimited\"")));
}

TEST(ValidateLimitsTest, AnRlimitIsGivenOnce) {
  const Rlimit nofile = {RLIMIT_NOFILE, Bound::Of(1), Bound::Of(1)};
  EXPECT_THAT(
      ValidateRlimits({nofile, nofile}),
      StatusIs(kInvalid, HasSubstr("rlimit nofile: given more than once")));
}

}  // namespace
}  // namespace reeve
