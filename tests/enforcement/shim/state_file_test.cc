#include "enforcement/shim/state_file.h"

#include <cerrno>
#include <string>

#include "enforcement/exit_status.h"
#include "enforcement/launch/shim_log.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

// Wait statuses as wait(2) lays them out.
constexpr int Exited(int code) { return code << 8; }
constexpr int Killed(int signal_number) { return signal_number; }

TEST(ExitStatusTextTest, IsWhatTheAgentParses) {
  for (const int wait_status :
       {Exited(0), Exited(1), Exited(255), Killed(9), Killed(0x80 | 11)}) {
    const Text text = ExitStatusText(wait_status, 1'800'000'000'123'456'789);
    const absl::StatusOr<ExitStatus> parsed = ParseExitStatusFile(text.data());
    ASSERT_THAT(parsed, IsOk());
    const ExitStatus expected = ExitStatusFromWait(
        wait_status, absl::FromUnixNanos(1'800'000'000'123'456'789));
    EXPECT_EQ(parsed->code, expected.code);
    EXPECT_EQ(parsed->signal, expected.signal);
    EXPECT_EQ(parsed->exited_at, expected.exited_at);
  }
}

TEST(WriteExitStatusTest, LeavesNothingBesideTheFile) {
  FakeTree tree;
  const UniqueFd dir = tree.OpenDir("");

  EXPECT_EQ(WriteExitStatus(dir.get(), ExitStatusText(Exited(3), 5)), 0);

  EXPECT_EQ(tree.Read("exitStatus"), "3 0 5\n");
  EXPECT_FALSE(tree.Exists("exitStatus.tmp"));
}

TEST(WriteExitStatusTest, FailureLeavesNothing) {
  FakeTree tree;
  tree.MakeDir("exitStatus");
  const UniqueFd dir = tree.OpenDir("");

  EXPECT_EQ(WriteExitStatus(dir.get(), ExitStatusText(0, 1)), EISDIR);

  EXPECT_FALSE(tree.Exists("exitStatus.tmp"));
}

TEST(WriteNumberFileTest, EndsWithANewline) {
  FakeTree tree;
  tree.Write("pid", "much longer than before\n");
  const UniqueFd dir = tree.OpenDir("");
  EXPECT_EQ(WriteNumberFile(dir.get(), "pid", 4711), 0);
  EXPECT_EQ(tree.Read("pid"), "4711\n");
}

TEST(WriteNumberFileTest, SymlinkIsNotFollowed) {
  FakeTree tree;
  tree.Write("target", "kept");
  tree.MakeLink("pid", "target");
  const UniqueFd dir = tree.OpenDir("");
  EXPECT_EQ(WriteNumberFile(dir.get(), "pid", 1), ELOOP);
  EXPECT_EQ(tree.Read("target"), "kept");
}

TEST(LogErrorTest, FirstLineIsTheReasonThatTheAgentReports) {
  FakeTree tree;
  const UniqueFd dir = tree.OpenDir("");

  LogError(dir.get(), "write exitStatus", ENOSPC);
  LogError(dir.get(), "something later", EIO);

  const std::string log = tree.Read("shim.log");
  EXPECT_THAT(log, HasSubstr("{\"level\":\"error\",\"unix_nanos\":1"));
  EXPECT_EQ(FirstShimError(log), "write exitStatus: No space left on device");
}

}  // namespace
}  // namespace reeve
