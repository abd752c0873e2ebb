#include "enforcement/launch/launch_error.h"

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(LaunchErrorTest, ReasonIsFoundAgain) {
  for (const LaunchErrorReason reason :
       {LaunchErrorReason::kOther, LaunchErrorReason::kProgramNotFound,
        LaunchErrorReason::kProgramNotExecutable}) {
    EXPECT_EQ(ReasonOf(WithReason(absl::NotFoundError("x"), reason)), reason);
  }
}

TEST(LaunchErrorTest, CodeAndMessageStay) {
  EXPECT_THAT(WithReason(absl::NotFoundError("no program"),
                         LaunchErrorReason::kProgramNotFound),
              StatusIs(absl::StatusCode::kNotFound, "no program"));
}

TEST(LaunchErrorTest, LaterReasonTakesThePlaceOfAnEarlier) {
  const absl::Status not_found =
      WithReason(absl::NotFoundError("x"), LaunchErrorReason::kProgramNotFound);
  EXPECT_EQ(ReasonOf(WithReason(not_found, LaunchErrorReason::kOther)),
            LaunchErrorReason::kOther);
}

TEST(LaunchErrorTest, OtherStatusesHaveNoReason) {
  EXPECT_EQ(ReasonOf(absl::OkStatus()), LaunchErrorReason::kOther);
  EXPECT_EQ(ReasonOf(absl::NotFoundError("x")), LaunchErrorReason::kOther);
}

}  // namespace
}  // namespace reeve
