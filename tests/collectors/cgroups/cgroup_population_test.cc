#include "collectors/cgroups/cgroup_population.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

constexpr char kProcCgroups[] =
    "#subsys_name\thierarchy\tnum_cgroups\tenabled\n"
    "cpuset\t3\t1\t1\n"
    "cpu\t1\t12\t1\n"
    "cpuacct\t1\t12\t1\n"
    "memory\t4\t52\t1\n";

TEST(ParseNumCgroupsTest, IsThatOfTheController) {
  EXPECT_THAT(ParseNumCgroups(kProcCgroups, "memory"),
              IsOkAndHolds(Optional(52u)));
  EXPECT_THAT(ParseNumCgroups(kProcCgroups, "cpu"),
              IsOkAndHolds(Optional(12u)));
  EXPECT_THAT(ParseNumCgroups(kProcCgroups, "pids"),
              IsOkAndHolds(std::nullopt));
}

TEST(ParseNumCgroupsTest, LineWithoutANumberIsDataLoss) {
  for (const char* text : {"memory\n", "memory\t4\n", "memory\t4\tx\t1\n"}) {
    EXPECT_THAT(ParseNumCgroups(text, "memory"),
                StatusIs(absl::StatusCode::kDataLoss))
        << text;
  }
}

TEST(ParseCgroupStatTest, TellsLiveAndDying) {
  const absl::StatusOr<CgroupPopulation> stat = ParseCgroupStat(
      "nr_descendants 7\nnr_subsys_memory 9\nnr_dying_descendants 2\n");

  ASSERT_THAT(stat, IsOk());
  EXPECT_THAT(stat->live, Optional(7u));
  EXPECT_THAT(stat->dying, Optional(2u));
  EXPECT_THAT(ParseCgroupStat("nr_descendants x\n"),
              StatusIs(absl::StatusCode::kDataLoss));
}

class ReadCgroupPopulationsTest : public ::testing::Test {
 protected:
  std::vector<CgroupPopulation> Read() {
    std::vector<const CgroupHierarchy*> hierarchies;
    for (const CgroupHierarchy& one : hierarchies_) hierarchies.push_back(&one);
    return ReadCgroupPopulations(
        hierarchies, tree_.Path("proc"),
        [this](absl::string_view, const absl::Status& status) {
          errors_.emplace_back(status.message());
        });
  }

  FakeTree tree_;
  std::vector<CgroupHierarchy> hierarchies_ = {
      {CgroupVersion::kV1, tree_.Path("cpu"), {"cpu", "cpuacct"}},
      {CgroupVersion::kV2, tree_.Path("unified"), {}}};
  std::vector<std::string> errors_;
};

TEST_F(ReadCgroupPopulationsTest, EachHierarchyTellsWhatItCan) {
  tree_.Write("proc/cgroups", kProcCgroups);
  tree_.Write("unified/cgroup.stat",
              "nr_descendants 3\nnr_dying_descendants 0\n");

  const std::vector<CgroupPopulation> populations = Read();

  ASSERT_THAT(populations, SizeIs(2));
  EXPECT_EQ(populations[0].hierarchy, "cpu,cpuacct");
  EXPECT_THAT(populations[0].all, Optional(12u));
  EXPECT_EQ(populations[0].live, std::nullopt);
  EXPECT_EQ(populations[1].hierarchy, "unified");
  EXPECT_THAT(populations[1].live, Optional(3u));
  EXPECT_THAT(populations[1].dying, Optional(0u));
  EXPECT_EQ(populations[1].all, std::nullopt);
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ReadCgroupPopulationsTest, WhatTheKernelDoesNotTellIsAbsent) {
  const std::vector<CgroupPopulation> populations = Read();

  ASSERT_THAT(populations, SizeIs(2));
  EXPECT_EQ(populations[0].all, std::nullopt);
  EXPECT_EQ(populations[1].live, std::nullopt);
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ReadCgroupPopulationsTest, BadFilesAreTold) {
  tree_.Write("proc/cgroups", "cpu\n");
  tree_.Write("unified/cgroup.stat", "nr_descendants x\n");

  Read();

  EXPECT_THAT(errors_, SizeIs(2));
}

}  // namespace
}  // namespace reeve
