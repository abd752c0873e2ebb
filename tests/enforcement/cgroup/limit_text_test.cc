#include "enforcement/cgroup/limit_text.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(CanonicalLimitTest, AllSignsOfNoLimitAreMax) {
  EXPECT_EQ(CanonicalLimit("memory.limit_in_bytes", "9223372036854771712\n"),
            "max");
  EXPECT_EQ(CanonicalLimit("memory.limit_in_bytes", "-1"), "max");
  EXPECT_EQ(CanonicalLimit("memory.max", "max\n"), "max");
  EXPECT_EQ(CanonicalLimit("cpu.cfs_quota_us", "-1\n"), "max");
  EXPECT_EQ(CanonicalLimit("pids.max", "max\n"), "max");
}

TEST(CanonicalLimitTest, BytesAreRoundedDownToPages) {
  EXPECT_EQ(CanonicalLimit("memory.max", "69632\n"), "69632");
  EXPECT_EQ(CanonicalLimit("memory.max", "69633"), "69632");
  EXPECT_EQ(CanonicalLimit("memory.memsw.limit_in_bytes", "73727"), "69632");
  EXPECT_EQ(CanonicalLimit("memory.swap.max", "0\n"), "0");
}

TEST(CanonicalLimitTest, OtherNumbersStayAsTheyAre) {
  EXPECT_EQ(CanonicalLimit("memory.swappiness", "60\n"), "60");
  EXPECT_EQ(CanonicalLimit("cpu.shares", "1025\n"), "1025");
  EXPECT_EQ(CanonicalLimit("pids.max", "64\n"), "64");
  EXPECT_EQ(CanonicalLimit("cpu.max", "max 100000\n"), "max 100000");
}

TEST(SameLimitTest, TellsARoundedLimitFromAnother) {
  EXPECT_TRUE(SameLimit("memory.max", "70000", "69632\n"));
  EXPECT_FALSE(SameLimit("memory.max", "70000", "65536\n"));
}

}  // namespace
}  // namespace reeve
