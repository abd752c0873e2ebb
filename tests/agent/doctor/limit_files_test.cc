#include "agent/doctor/limit_files.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(FindLimitFilesTest, OldKernelsLackSomeOfTheCpuController) {
  FakeTree tree;
  tree.Write("cpu.weight", "100\n");
  tree.Write("cpu.max", "max 100000\n");

  const LimitFilesFound found =
      FindLimitFiles("cpu", CgroupVersion::kV2, tree.Path(""));

  EXPECT_THAT(found.there, ElementsAre("cpu.weight", "cpu.max"));
  EXPECT_THAT(found.missing, ElementsAre("cpu.max.burst (since Linux 5.14)",
                                         "cpu.idle (since Linux 5.15)"));
}

TEST(FindLimitFilesTest, EitherFileOfAWeightWillDo) {
  FakeTree tree;
  tree.Write("io.max", "");
  tree.Write("io.bfq.weight", "default 100\n");

  const LimitFilesFound found =
      FindLimitFiles("io", CgroupVersion::kV2, tree.Path(""));

  EXPECT_THAT(found.there, ElementsAre("io.max", "io.bfq.weight"));
  EXPECT_THAT(found.missing, IsEmpty());
}

TEST(FindLimitFilesTest, ThereIsALimitForEachSizeOfPages) {
  FakeTree tree;
  tree.Write("hugetlb.1GB.max", "max\n");
  tree.Write("hugetlb.2MB.max", "max\n");
  tree.Write("hugetlb.2MB.rsvd.max", "max\n");

  EXPECT_THAT(
      FindLimitFiles("hugetlb", CgroupVersion::kV2, tree.Path("")).there,
      ElementsAre("hugetlb.1GB.max", "hugetlb.2MB.max"));
}

TEST(KeyFileOfTest, NamesAFileOfTheController) {
  EXPECT_EQ(KeyFileOf("cpu", CgroupVersion::kV1), "cpu.shares");
  EXPECT_EQ(KeyFileOf("memory", CgroupVersion::kV2), "memory.max");
  EXPECT_EQ(KeyFileOf("freezer", CgroupVersion::kV2), "cgroup.freeze");
  EXPECT_EQ(KeyFileOf("rdma", CgroupVersion::kV2), "");
}

}  // namespace
}  // namespace reeve
