#include "collectors/procfs/pid_status.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(ParsePidStatusTest, TakesMemoryAndThreads) {
  const auto status = ParsePidStatus(
      "Name:\tbash\n"
      "VmPeak:\t    5124 kB\n"
      "VmRSS:\t    3532 kB\n"
      "RssAnon:\t     512 kB\n"
      "VmSwap:\t      64 kB\n"
      "HugetlbPages:\t       0 kB\n"
      "Threads:\t12\n"
      "SigQ:\t0/31546\n");

  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->vm_rss_kib, 3532u);
  EXPECT_EQ(status->vm_swap_kib, 64u);
  EXPECT_EQ(status->threads, 12u);
}

TEST(ParsePidStatusTest, ZombieHasNoMemory) {
  const auto status =
      ParsePidStatus("Name:\tsh\nState:\tZ (zombie)\nThreads:\t1\n");

  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->vm_rss_kib, 0u);
  EXPECT_EQ(status->vm_swap_kib, 0u);
  EXPECT_EQ(status->threads, 1u);
}

TEST(ParsePidStatusTest, RefusesMalformedContents) {
  for (const char* contents :
       {"", "\n", "Name:\tx\n", "VmRSS:\t1 kB\n", "Threads:\n", "Threads:\t\n",
        "Threads:\tmany\n", "Threads:\t-1\n", "VmRSS:\n\nThreads:\t1\n",
        "VmRSS:\t1 MB\nThreads:\t1\n", "VmSwap:\tkB\nThreads:\t1\n",
        "VmRSS:\t99999999999999999999 kB\nThreads:\t1\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParsePidStatus(contents),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
