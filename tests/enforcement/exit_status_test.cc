#include "enforcement/exit_status.h"

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

constexpr absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

// Wait statuses as wait(2) lays them out.
constexpr int Exited(int code) { return code << 8; }
constexpr int Killed(int signal_number) { return signal_number; }

TEST(ExitStatusFromWaitTest, CodeIsThatOfTheProcess) {
  for (const int code : {0, 1, 127, 128, 255}) {
    const ExitStatus status = ExitStatusFromWait(Exited(code), kNow);
    EXPECT_EQ(status.code, code);
    EXPECT_EQ(status.signal, 0);
    EXPECT_EQ(status.reason, "");
    EXPECT_EQ(status.exited_at, kNow);
  }
}

TEST(ExitStatusFromWaitTest, SignalIsAddedTo128) {
  const ExitStatus status = ExitStatusFromWait(Killed(9), kNow);
  EXPECT_EQ(status.code, 137);
  EXPECT_EQ(status.signal, 9);
  EXPECT_FALSE(status.oom_killed);
}

TEST(ExitStatusFromWaitTest, CoreDumpIsNotPartOfTheSignal) {
  EXPECT_EQ(ExitStatusFromWait(0x80 | 11, kNow).code, 139);
}

TEST(ExitStatusFromWaitTest, StoppedIsUnknownAndSaysSo) {
  const ExitStatus status = ExitStatusFromWait(0x137f, kNow);
  EXPECT_EQ(status.code, ExitStatus::kUnknown);
  EXPECT_NE(status.reason, "");
}

TEST(UnknownExitTest, HasACodeThatIsNeverZeroAndAReason) {
  const ExitStatus status = UnknownExit("the shim was killed", kNow);
  EXPECT_EQ(status.code, -1);
  EXPECT_EQ(status.reason, "the shim was killed");
}

TEST(ParseExitStatusFileTest, ReadsCodeSignalAndTime) {
  const absl::StatusOr<ExitStatus> status =
      ParseExitStatusFile("143 15 1800000000000000000\n");

  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->code, 143);
  EXPECT_EQ(status->signal, 15);
  EXPECT_EQ(status->exited_at, kNow);
}

TEST(ParseExitStatusFileTest, EmptyMeansNotExited) {
  EXPECT_THAT(ParseExitStatusFile(""), StatusIs(absl::StatusCode::kNotFound));
}

TEST(ParseExitStatusFileTest, RefusesWhatNoShimWrites) {
  for (const char* contents :
       {"0", "0 0 1", "0 0\n", "\n", "0 0 1 2\n", "x 0 1\n", "0 x 1\n",
        "0 0 x\n", "-1 0 1\n", "256 0 1\n", "137 15 1\n", "0 65 1\n",
        "0 0 -1\n", "0  0 1\n", "0 0 1\n\n", "0 0 99999999999999999999\n"}) {
    EXPECT_THAT(ParseExitStatusFile(contents),
                StatusIs(absl::StatusCode::kDataLoss))
        << contents;
  }
}

}  // namespace
}  // namespace reeve
