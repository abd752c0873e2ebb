#include "collectors/procfs/process_reader.h"

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

class ProcessReaderTest : public ::testing::Test {
 protected:
  ProcessReaderTest() {
    proc_.Write("stat", "cpu 1 2 3\nbtime 1700000000\n");
    proc_.Write("12/stat",
                "12 (my task) S 1 12 12 0 -1 4194304 9 2 0 3 150 40 5 6 20 0 3 "
                "0 1000 4571136 883\n");
    proc_.Write("12/status",
                "Name:\tmy task\nVmRSS:\t100 kB\nVmSwap:\t7 kB\nThreads:\t3\n");
  }

  absl::StatusOr<ProcessReading> Read(pid_t pid) {
    const absl::StatusOr<ProcessReader> reader =
        ProcessReader::Open(proc_.Path(""), clock_);
    if (!reader.ok()) return reader.status();
    return reader->Read(pid, buffer_);
  }

  FakeTree proc_;
  FakeClock clock_;
  ReadBuffer buffer_;
};

TEST_F(ProcessReaderTest, TurnsTicksPagesAndBootTimeIntoOurUnits) {
  const auto reading = Read(12);

  ASSERT_THAT(reading, IsOk());
  EXPECT_EQ(reading->taken_at, clock_.MonotonicNow());
  const ProcessSnapshot& process = reading->process;
  EXPECT_EQ(process.identity, (ProcessIdentity{12, 1000}));
  EXPECT_EQ(process.comm, "my task");
  EXPECT_EQ(process.started_at, absl::FromUnixSeconds(1'700'000'010));
  EXPECT_EQ(process.cpu_user_ns, 1'500'000'000u);
  EXPECT_EQ(process.cpu_system_ns, 400'000'000u);
  EXPECT_EQ(process.rss_bytes, 102'400u);
  EXPECT_EQ(process.swap_bytes, 7168u);
  EXPECT_EQ(process.threads, 3u);
}

TEST_F(ProcessReaderTest, VanishedProcessIsNotFound) {
  EXPECT_THAT(Read(13), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ProcessReaderTest, ProcessThatEndsWhileItIsReadIsNotFound) {
  proc_.Remove("12/status");

  EXPECT_THAT(Read(12), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ProcessReaderTest, MalformedFileIsDataLoss) {
  proc_.Write("12/stat", "12 12 12\n");

  EXPECT_THAT(Read(12),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("parse stat")));
}

TEST_F(ProcessReaderTest, MissingProcfsFailsToOpen) {
  EXPECT_THAT(ProcessReader::Open("/nowhere", clock_),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/nowhere")));
}

}  // namespace
}  // namespace reeve
