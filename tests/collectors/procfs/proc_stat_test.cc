#include "collectors/procfs/proc_stat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::Optional;

constexpr char kStat[] =
    "cpu  44076 1 6458 25321 1150 2 67 472 7 3\n"
    "cpu0 21660 0 2946 13787 168 0 6 230 0 0\n"
    "cpu3 22415 0 3512 11533 981 0 61 241 0 0\n"
    "intr 288244 0 77 5\n"
    "ctxt 424095\n"
    "btime 1795935146\n"
    "processes 7256\n"
    "procs_running 3\n"
    "procs_blocked 1\n"
    "softirq 144645 0 18098\n";

TEST(ParseProcStatTest, ReadsTheTimeOfAllCpusByMode) {
  const auto stat = ParseProcStat(kStat);

  ASSERT_THAT(stat, IsOk());
  EXPECT_THAT(stat->cpu_ticks,
              ElementsAre(44076u, 1u, 6458u, 25321u, 1150u, 2u, 67u, 472u));
  EXPECT_THAT(stat->cpus, Optional(2u)) << "those that are online";
}

TEST(ParseProcStatTest, ReadsWhatIsCounted) {
  const auto stat = ParseProcStat(kStat);

  ASSERT_THAT(stat, IsOk());
  EXPECT_THAT(stat->context_switches, Optional(424095u));
  EXPECT_THAT(stat->boot_time_seconds, Optional(1795935146u));
  EXPECT_THAT(stat->forks, Optional(7256u));
  EXPECT_THAT(stat->running, Optional(3u));
  EXPECT_THAT(stat->blocked, Optional(1u));
}

TEST(ParseProcStatTest, WhatIsNotThereIsAbsent) {
  const auto older = ParseProcStat("cpu  1 2 3 4\nbtime 5\n");
  const auto none = ParseProcStat("");

  ASSERT_THAT(older, IsOk());
  EXPECT_THAT(older->cpu_ticks[3], Optional(4u));
  EXPECT_THAT(older->cpu_ticks[4], Eq(std::nullopt));
  EXPECT_THAT(older->cpus, Eq(std::nullopt));
  EXPECT_THAT(older->context_switches, Eq(std::nullopt));
  ASSERT_THAT(none, IsOk());
  EXPECT_THAT(none->cpu_ticks[0], Eq(std::nullopt));
}

TEST(ParseProcStatTest, NewColumnsAndLinesAreIgnored) {
  const auto stat =
      ParseProcStat("cpu  1 2 3 4 5 6 7 8 9 10 x\nnew 1 2\nctxt 5\n");

  ASSERT_THAT(stat, IsOk());
  EXPECT_THAT(stat->cpu_ticks[7], Optional(8u));
  EXPECT_THAT(stat->context_switches, Optional(5u));
}

TEST(ParseProcStatTest, RefusesWhatIsNoNumber) {
  for (const char* contents :
       {"cpu  1 2 x 4\n", "cpu  1 -2\n", "ctxt x\n", "btime \n",
        "processes 1 2\n", "cpu  18446744073709551616\n"}) {
    EXPECT_THAT(ParseProcStat(contents), StatusIs(absl::StatusCode::kDataLoss))
        << contents;
  }
}

}  // namespace
}  // namespace reeve
