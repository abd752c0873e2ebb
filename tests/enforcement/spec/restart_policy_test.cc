#include "enforcement/spec/restart_policy.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

constexpr absl::Duration kShort = absl::Seconds(1);

ExitStatus Exit(int code) {
  ExitStatus exit;
  exit.code = code;
  return exit;
}

RestartPolicy Policy(RestartWhen when) {
  RestartPolicy policy;
  policy.when = when;
  return policy;
}

TEST(RestartPolicyTest, WithoutAPolicyNothingIsRestarted) {
  uint32_t in_row = 0;
  EXPECT_EQ(NextRestart({}, Exit(1), kShort, &in_row), std::nullopt);
}

TEST(RestartPolicyTest, OnFailureLeavesSuccessAlone) {
  const RestartPolicy policy = Policy(RestartWhen::kOnFailure);
  uint32_t in_row = 0;

  EXPECT_EQ(NextRestart(policy, Exit(0), kShort, &in_row), std::nullopt);
  EXPECT_NE(NextRestart(policy, Exit(1), kShort, &in_row), std::nullopt);
  EXPECT_NE(NextRestart(policy, Exit(ExitStatus::kUnknown), kShort, &in_row),
            std::nullopt);
}

TEST(RestartPolicyTest, AlwaysIsAlsoAfterSuccess) {
  uint32_t in_row = 0;
  EXPECT_NE(NextRestart(Policy(RestartWhen::kAlways), Exit(0), kShort, &in_row),
            std::nullopt);
}

TEST(RestartPolicyTest, TheBackoffDoublesUpToItsBound) {
  RestartPolicy policy = Policy(RestartWhen::kAlways);
  policy.backoff = absl::Seconds(1);
  policy.max_backoff = absl::Seconds(5);
  uint32_t in_row = 0;

  for (const int seconds : {1, 2, 4, 5, 5}) {
    EXPECT_THAT(NextRestart(policy, Exit(1), kShort, &in_row),
                Optional(absl::Seconds(seconds)));
  }
}

TEST(RestartPolicyTest, ItEndsAfterTheBoundOfRestarts) {
  RestartPolicy policy = Policy(RestartWhen::kOnFailure);
  policy.max_restarts = 2;
  uint32_t in_row = 0;

  EXPECT_NE(NextRestart(policy, Exit(1), kShort, &in_row), std::nullopt);
  EXPECT_NE(NextRestart(policy, Exit(1), kShort, &in_row), std::nullopt);
  EXPECT_EQ(NextRestart(policy, Exit(1), kShort, &in_row), std::nullopt);
}

TEST(RestartPolicyTest, AnAttemptThatLastedBeginsAnew) {
  RestartPolicy policy = Policy(RestartWhen::kAlways);
  policy.max_restarts = 1;
  policy.reset_after = absl::Minutes(1);
  uint32_t in_row = 1;

  EXPECT_THAT(NextRestart(policy, Exit(1), absl::Minutes(2), &in_row),
              Optional(policy.backoff));
  EXPECT_EQ(in_row, 1U);
}

TEST(RestartPolicyTest, ManyRestartsDoNotOverflowTheBackoff) {
  uint32_t in_row = 4'000'000'000;
  EXPECT_THAT(
      NextRestart(Policy(RestartWhen::kAlways), Exit(1), kShort, &in_row),
      Optional(RestartPolicy().max_backoff));
}

TEST(RestartPolicyTest, WhatMakesNoSenseIsRefused) {
  RestartPolicy bound_alone;
  bound_alone.max_restarts = 3;
  EXPECT_THAT(ValidateRestartPolicy(bound_alone),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("on-failure or always")));

  RestartPolicy busy = Policy(RestartWhen::kAlways);
  busy.backoff = absl::ZeroDuration();
  EXPECT_THAT(ValidateRestartPolicy(busy),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("10ms")));

  RestartPolicy upside_down = Policy(RestartWhen::kAlways);
  upside_down.backoff = absl::Minutes(2);
  EXPECT_THAT(ValidateRestartPolicy(upside_down),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("longest restart backoff")));

  EXPECT_THAT(ValidateRestartPolicy(Policy(RestartWhen::kAlways)), IsOk());
}

}  // namespace
}  // namespace reeve
