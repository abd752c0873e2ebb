#include "collectors/procfs/pid_status.h"

#include <optional>
#include <string>

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

TEST(ParsePidStatusTest, TakesTheEffectiveUser) {
  const auto status =
      ParsePidStatus("Name:\tsudo\nUid:\t1000\t0\t1001\t1002\nThreads:\t1\n");

  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->effective_uid, 0u);
}

TEST(ParsePidStatusTest, UserThatIsNoNumberIsAbsent) {
  for (const char* uid :
       {"", "\t1000", "\t1000\tx\t1\t1", "\t1\t4294967296\t"}) {
    SCOPED_TRACE(uid);
    const auto status =
        ParsePidStatus(std::string("Uid:") + uid + "\nThreads:\t1\n");

    ASSERT_THAT(status, IsOk());
    EXPECT_EQ(status->effective_uid, std::nullopt);
  }
}

TEST(ParseContextSwitchesTest, TakesBothKinds) {
  const ContextSwitches switches = ParseContextSwitches(
      "Threads:\t1\nMems_allowed_list:\t0\nvoluntary_ctxt_switches:\t150\n"
      "nonvoluntary_ctxt_switches:\t545\n");

  EXPECT_EQ(switches.voluntary, 150u);
  EXPECT_EQ(switches.involuntary, 545u);
}

TEST(ParseContextSwitchesTest, KernelThatCountsNoneHasNone) {
  const ContextSwitches switches = ParseContextSwitches("Threads:\t1\n");

  EXPECT_EQ(switches.voluntary, std::nullopt);
  EXPECT_EQ(switches.involuntary, std::nullopt);
}

}  // namespace
}  // namespace reeve
