#include "agent/api/process_limits_convert.h"

#include <sys/resource.h>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

v1::Limits Message(const char* text) {
  v1::Limits message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

TEST(ProcessLimitsConvertTest, GoesBothWays) {
  const v1::Limits message = Message(
      R"(oom_score_adj: -5 nice: 0 scheduling_policy: "fifo:3"
         rlimits { name: "nofile" soft: 10 hard: 20 }
         rlimits { name: "core" soft: 0 } rlimits { name: "as" })");
  ResourceLimits limits;

  ASSERT_THAT(ProcessLimitsFromProto(message, &limits), IsOk());

  EXPECT_THAT(limits.oom_score_adj, Optional(-5));
  EXPECT_THAT(limits.nice, Optional(0));
  EXPECT_THAT(limits.scheduling,
              Optional(SchedulingPolicy{SchedulingPolicy::Kind::kFifo, 3}));
  EXPECT_THAT(
      limits.rlimits,
      ElementsAre(Rlimit{RLIMIT_NOFILE, Bound::Of(10), Bound::Of(20)},
                  Rlimit{RLIMIT_CORE, Bound::Of(0), Bound::Unlimited()},
                  Rlimit{RLIMIT_AS, Bound::Unlimited(), Bound::Unlimited()}));
  v1::Limits back;
  ProcessLimitsToProto(limits, &back);
  EXPECT_EQ(back.ShortDebugString(), message.ShortDebugString());
}

TEST(ProcessLimitsConvertTest, WhatIsNotSetIsLeftAlone) {
  ResourceLimits limits;
  EXPECT_THAT(ProcessLimitsFromProto({}, &limits), IsOk());
  EXPECT_FALSE(limits.has_process());
  v1::Limits message;
  ProcessLimitsToProto(limits, &message);
  EXPECT_EQ(message.ByteSizeLong(), 0u);
}

TEST(ProcessLimitsConvertTest, NamesThatThereAreNotAreRefused) {
  ResourceLimits limits;
  EXPECT_THAT(
      ProcessLimitsFromProto(Message(R"(scheduling_policy: "deadline")"),
                             &limits),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("deadline")));
  EXPECT_THAT(
      ProcessLimitsFromProto(Message(R"(rlimits { name: "x" })"), &limits),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("rlimit \"x\"")));
}

}  // namespace
}  // namespace reeve
