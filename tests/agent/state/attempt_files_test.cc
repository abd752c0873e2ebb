#include "agent/state/attempt_files.h"

#include <sys/stat.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(AttemptFilesTest, GivesBackWhatWasWritten) {
  FakeTree tree;
  tree.MakeDir("task");
  const UniqueFd dir = tree.OpenDir("task");
  EXPECT_THAT(ReadAttempt(dir.get()), StatusIs(absl::StatusCode::kNotFound));

  state::AttemptRecord record;
  record.set_attempt(3);
  record.set_restarts_in_row(2);
  record.mutable_last_exit()->set_code(-1);
  record.mutable_last_exit()->set_reason("it was adopted");
  record.set_stopped(true);
  ASSERT_THAT(WriteAttempt(dir.get(), record), IsOk());

  const auto read = ReadAttempt(dir.get());
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->ShortDebugString(), record.ShortDebugString());
}

TEST(AttemptFilesTest, AttemptsCountFromOne) {
  for (const char* text :
       {"{}", R"({"attempt": 0})", R"({"attempt": 1, "restarts_in_row": 2})",
        R"({"attempt": 1, "last_exit": {"code": 256}})",
        R"({"attempt": 1, "last_exit": {"code": -2}})"}) {
    EXPECT_THAT(ParseAttempt(text), StatusIs(absl::StatusCode::kDataLoss,
                                             HasSubstr("attempt.json")))
        << text;
  }
}

// A stop between two attempts finds the restart counted and not yet begun.
TEST(AttemptFilesTest, AsManyRestartsAsAttemptsCanBe) {
  EXPECT_THAT(ParseAttempt(R"({"attempt": 2, "restarts_in_row": 2})"), IsOk());
}

TEST(AttemptFilesTest, AFifoIsNoRecordAndNotWaitedFor) {
  FakeTree tree;
  tree.MakeDir("task");
  ASSERT_EQ(mkfifo(tree.Path("task/attempt.json").c_str(), 0600), 0);

  EXPECT_THAT(ReadAttempt(tree.OpenDir("task").get()),
              StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace reeve
