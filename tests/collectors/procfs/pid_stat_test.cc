#include "collectors/procfs/pid_stat.h"

#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

// After the name, as printed by Linux 6.18. Field 42, which counts waiting for
// block I/O, is 77777.
constexpr char kRest[] =
    " S 1 1234 1234 0 -1 4194304 943 2210 0 3 151 42 5 6 20 0 3 0 8301200 "
    "4571136 883 18446744073709551615 94 95 14 0 0 0 65536 4 65538 1 0 0 17 1 "
    "0 0 77777 0 0 94 94 94 14 14 14 14 0\n";

TEST(ParsePidStatTest, TakesTimesAndIdentity) {
  const auto stat = ParsePidStat(std::string("1234 (bash)") + kRest);

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->pid, 1234);
  EXPECT_EQ(stat->comm, "bash");
  EXPECT_EQ(stat->ppid, 1);
  EXPECT_EQ(stat->utime, 151u);
  EXPECT_EQ(stat->stime, 42u);
  EXPECT_EQ(stat->starttime, 8'301'200u);
  EXPECT_EQ(stat->state, 'S');
  EXPECT_EQ(stat->flags, 4'194'304u);
  EXPECT_EQ(stat->minflt, 943u);
  EXPECT_EQ(stat->majflt, 0u);
  EXPECT_EQ(stat->num_threads, 3u);
  EXPECT_EQ(stat->vsize, 4'571'136u);
  EXPECT_EQ(stat->rss, 883u);
}

TEST(ParsePidStatTest, NameMayHoldAnything) {
  for (const char* comm :
       {"", " ", "a b", "(sd-pam)", ") S 1 2 3", "a) (b", "((", "))", "(", ")",
        "x\ny", "\\)", "\xff\xfe", "1 (2) 3"}) {
    SCOPED_TRACE(comm);
    const auto stat = ParsePidStat(std::string("1234 (") + comm + ")" + kRest);

    ASSERT_THAT(stat, IsOk());
    EXPECT_EQ(stat->comm, comm);
    EXPECT_EQ(stat->utime, 151u);
  }
}

TEST(ParsePidStatTest, RefusesMalformedContents) {
  for (const char* contents :
       {"", "\n", "1234", "1234 (bash", "1234 (bash) ", "1234 (bash) S 1 2",
        "1234 bash S 1 1234 1234 0 -1 4194304 943 2210 0 3 151 42 5 6 20 0 3 0",
        ") (", ") 1 (", "(bash) S",
        "x (bash) S 1 1 1 0 -1 4 9 2 0 3 151 42 5 6 20 0 3 0 8301200 4\n",
        "99999999999 (b) S 1 1 1 0 -1 4 9 2 0 3 15 42 5 6 20 0 3 0 8301200 4\n",
        "1 (b) S x 1 1 0 -1 4 9 2 0 3 15 42 5 6 20 0 3 0 8301200 4\n",
        "1 (b) S 1 1 1 0 -1 4 9 2 0 3 -15 42 5 6 20 0 3 0 8301200 4\n",
        "1 (b) S 1 1 1 0 -1 4 9 2 0 3 15 x 5 6 20 0 3 0 8301200 4\n",
        "1 (b) S 1 1 1 0 -1 4 9 2 0 3 15 42 5 6 20 0 3 0 ? 4\n",
        "1 (b) S 1 1 1 0 -1 4 9 2 0 3 15 42 5 6 20 0 3 0 \n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParsePidStat(contents), StatusIs(absl::StatusCode::kDataLoss));
  }
}

TEST(ParsePidStatTest, LineMayEndAfterTheLastFieldThatIsWanted) {
  const auto stat =
      ParsePidStat("1 (b) S 1 1 1 0 -1 4 9 2 0 3 15 42 5 6 20 0 3 0 8301200");

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->starttime, 8'301'200u);
  EXPECT_EQ(stat->vsize, std::nullopt);
  EXPECT_EQ(stat->rss, std::nullopt);
}

}  // namespace
}  // namespace reeve
