#include "collectors/procfs/vmstat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Eq;
using ::testing::Optional;

TEST(ParseVmstatTest, ReadsWhatIsWanted) {
  const auto vmstat = ParseVmstat(
      "nr_free_pages 1029500\n"
      "pgpgin 5\n"
      "pswpin 11\n"
      "pswpout 12\n"
      "pgmajfault 13\n"
      "oom_kill 14\n"
      "nr_unstable 0\n");

  ASSERT_THAT(vmstat, IsOk());
  EXPECT_THAT(vmstat->pswpin, Optional(11u));
  EXPECT_THAT(vmstat->pswpout, Optional(12u));
  EXPECT_THAT(vmstat->pgmajfault, Optional(13u));
  EXPECT_THAT(vmstat->oom_kill, Optional(14u));
}

TEST(ParseVmstatTest, WhatIsNotThereIsAbsent) {
  const auto vmstat = ParseVmstat("pgmajfault 13\n");

  ASSERT_THAT(vmstat, IsOk());
  EXPECT_THAT(vmstat->pgmajfault, Optional(13u));
  EXPECT_THAT(vmstat->oom_kill, Eq(std::nullopt));
  EXPECT_THAT(vmstat->pswpin, Eq(std::nullopt));
}

TEST(ParseVmstatTest, RefusesWhatIsNoNumber) {
  EXPECT_THAT(ParseVmstat("oom_kill x\n"),
              StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace reeve
