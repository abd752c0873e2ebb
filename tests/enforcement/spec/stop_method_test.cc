#include "enforcement/spec/stop_method.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(StopMethodTest, IsAnInterruptAndTenSecondsUnlessSaid) {
  const StopMethod method;

  EXPECT_EQ(method.signal, SIGINT);
  EXPECT_EQ(method.grace, absl::Seconds(10));
  EXPECT_THAT(ValidateStopMethod(method), IsOk());
}

TEST(StopMethodTest, AChangeLeavesTheRestAlone) {
  StopMethod method;
  StopMethodChange change;
  EXPECT_TRUE(change.empty());
  EXPECT_TRUE(ChangedStopMethod(method, change) == method);

  change.signal = SIGTERM;
  EXPECT_FALSE(change.empty());
  method = ChangedStopMethod(method, change);
  EXPECT_EQ(method.signal, SIGTERM);
  EXPECT_EQ(method.grace, absl::Seconds(10));

  change = {};
  change.grace = absl::Seconds(3);
  EXPECT_FALSE(change.empty());
  method = ChangedStopMethod(method, change);
  EXPECT_EQ(method.signal, SIGTERM);
  EXPECT_EQ(method.grace, absl::Seconds(3));
}

TEST(ValidateGraceTest, IsBounded) {
  EXPECT_THAT(ValidateGrace(absl::ZeroDuration()), IsOk());
  EXPECT_THAT(ValidateGrace(absl::Hours(24)), IsOk());
  for (const absl::Duration grace :
       {absl::Seconds(-1), absl::Hours(24) + absl::Microseconds(1)}) {
    EXPECT_THAT(ValidateGrace(grace),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("grace must be 0 to 24h")));
  }
}

TEST(ValidateStopMethodTest, RefusesWhatIsNoSignalAndNoGrace) {
  StopMethod method;
  method.grace = absl::Hours(25);
  EXPECT_THAT(ValidateStopMethod(method),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("stop grace must be 0 to 24h")));
  for (const int signal : {-1, 0, SIGRTMAX + 1}) {
    EXPECT_THAT(
        ValidateStopMethod({signal, absl::Seconds(1)}),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("stop signal")));
  }
}

}  // namespace
}  // namespace reeve
