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

TEST(CanonicalLimitTest, HugePagesAreRoundedDownToTheirs) {
  EXPECT_EQ(CanonicalLimit("hugetlb.2MB.max", "3145728"), "2097152");
  EXPECT_EQ(CanonicalLimit("hugetlb.2MB.max", "max\n"), "max");
  EXPECT_EQ(
      CanonicalLimit("hugetlb.2MB.limit_in_bytes", "9223372036852678656\n"),
      "max");
  EXPECT_EQ(
      CanonicalLimit("hugetlb.1GB.limit_in_bytes", "9223372035781033984\n"),
      "max");
}

TEST(CanonicalLimitTest, CpusAreListedAsTheKernelDoes) {
  EXPECT_EQ(CanonicalLimit("cpuset.cpus", "0,1,3\n"), "0-1,3");
  EXPECT_EQ(CanonicalLimit("cpuset.mems", "0\n"), "0");
  EXPECT_EQ(CanonicalLimit("../cpuset.cpus", "1,0"), "0-1");
  EXPECT_EQ(CanonicalLimit("cpuset.cpus", "\n"), "");
}

TEST(CanonicalLimitTest, AWeightIsTheDefaultOneOfItsFile) {
  EXPECT_EQ(CanonicalLimit("io.weight", "default 200\n8:0 300\n"), "200");
  EXPECT_EQ(CanonicalLimit("io.bfq.weight", "default 200\n"), "200");
  EXPECT_EQ(CanonicalLimit("blkio.bfq.weight", "200\n"), "200");
}

TEST(LimitTextInTest, FindsTheLineOfAnItem) {
  const char* const io_max =
      "8:16 rbps=1 wbps=2 riops=3 wiops=4\n8:1 wbps=5 rbps=max\n";
  EXPECT_EQ(LimitTextIn("io.max", io_max, "8:16"),
            "rbps=1 wbps=2 riops=3 wiops=4");
  EXPECT_EQ(LimitTextIn("io.max", io_max, "8:1"),
            "rbps=max wbps=5 riops=max wiops=max");
  EXPECT_EQ(
      LimitTextIn("blkio.throttle.read_bps_device", "8:1 5\n8:16 7\n", "8:16"),
      "7");
  EXPECT_EQ(LimitTextIn("pids.max", "64\n", ""), "64");
  EXPECT_EQ(LimitTextIn("io.weight", "default 200\n8:0 300\n", ""), "200");
}

TEST(LimitTextInTest, AnItemWithoutALineHasNoLimit) {
  EXPECT_EQ(LimitTextIn("io.max", "", "8:0"),
            "rbps=max wbps=max riops=max wiops=max");
  EXPECT_EQ(LimitTextIn("blkio.throttle.read_bps_device", "8:16 7\n", "8:1"),
            "0");
}

TEST(LimitTextForTest, AnItemIsNamedFirst) {
  EXPECT_EQ(LimitTextFor("", "64"), "64");
  EXPECT_EQ(LimitTextFor("8:0", "1024"), "8:0 1024");
  EXPECT_EQ(LimitName("pids.max", ""), "pids.max");
  EXPECT_EQ(LimitName("io.max", "8:0"), "io.max 8:0");
}

TEST(SameLimitTest, TellsARoundedLimitFromAnother) {
  EXPECT_TRUE(SameLimit("memory.max", "70000", "69632\n"));
  EXPECT_FALSE(SameLimit("memory.max", "70000", "65536\n"));
}

}  // namespace
}  // namespace reeve
