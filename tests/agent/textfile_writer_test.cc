#include "agent/textfile_writer.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/exporters/prometheus/snapshots.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class TextfileWriterTest : public ::testing::Test {
 protected:
  void Start(absl::Duration interval = absl::ZeroDuration()) {
    absl::StatusOr<std::unique_ptr<TextfileWriter>> writer =
        TextfileWriter::Start({path_, interval}, store_, metrics_, clock_);
    ASSERT_THAT(writer, IsOk());
    writer_ = *std::move(writer);
  }

  std::string Text() { return ReadFile(path_).value_or(""); }

  // Waits until the file has the text.
  bool Await(const std::string& text) {
    for (int i = 0; i < 6000; ++i) {
      if (absl::StrContains(Text(), text)) return true;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return false;
  }

  const std::string path_ = absl::StrCat(::testing::TempDir(), "/reeve.prom");
  FakeClock clock_;
  SnapshotStore store_;
  AgentMetrics metrics_{{"1.2.3", "abc", "gcc"}, clock_};
  std::unique_ptr<TextfileWriter> writer_;
};

TEST_F(TextfileWriterTest, FileIsThereFromTheStartAndGoesWithTheWriter) {
  Start();

  EXPECT_THAT(Text(), HasSubstr("reeve_build_info"));
  struct stat status;
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0644U);

  writer_.reset();
  EXPECT_NE(access(path_.c_str(), F_OK), 0);
}

TEST_F(TextfileWriterTest, EachSnapshotIsWritten) {
  Start();

  store_.Publish(ManyTasks(1, 1));
  EXPECT_TRUE(Await("task=\"task-0\""));
  store_.Publish(ManyTasks(2, 2));
  EXPECT_TRUE(Await("task=\"task-1\""));
  EXPECT_THAT(Text(), HasSubstr("reeve_samples_age_seconds"));
}

TEST_F(TextfileWriterTest, NoSnapshotIsWrittenBeforeItsTime) {
  Start(absl::Seconds(15));
  store_.Publish(ManyTasks(1, 1));
  ASSERT_TRUE(Await("task=\"task-0\""));

  clock_.Advance(absl::Seconds(14));
  store_.Publish(ManyTasks(2, 2));
  clock_.Advance(absl::Seconds(1));
  store_.Publish(ManyTasks(3, 3));

  EXPECT_TRUE(Await("task=\"task-2\""));
}

TEST_F(TextfileWriterTest, PathThatCannotBeWrittenIsOneLine) {
  for (const char* path : {"/nowhere/reeve.prom", "/proc/reeve.prom"}) {
    const absl::Status status =
        TextfileWriter::Start({path, absl::ZeroDuration()}, store_, metrics_,
                              clock_)
            .status();
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(absl::StrCat("textfile ", path, ": ")));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("\n")));
  }
}

}  // namespace
}  // namespace reeve
