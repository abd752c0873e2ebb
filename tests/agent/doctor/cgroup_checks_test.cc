// The checks of cgroups, on directories that stand in for hierarchies.
#include <unistd.h>

#include <string>
#include <vector>

#include "agent/doctor/controller_check.h"
#include "agent/doctor/probe_cgroup.h"
#include "agent/doctor/unified_check.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

class CgroupChecksTest : public ::testing::Test {
 protected:
  CgroupChecksTest() {
    tree_.MakeDir("memory");
    tree_.MakeDir("cpu");
    tree_.MakeDir("unified");
  }

  CgroupMounts Hybrid() {
    return CgroupMounts({
        {CgroupVersion::kV1, tree_.Path("memory"), {"memory"}},
        {CgroupVersion::kV1, tree_.Path("cpu"), {"cpu", "cpuacct"}},
        {CgroupVersion::kV1, tree_.Path("missing"), {"pids"}},
        {CgroupVersion::kV2, tree_.Path("unified"), {}},
    });
  }

  FakeTree tree_;
};

TEST_F(CgroupChecksTest, ShowsWhereEachControllerIs) {
  const std::vector<Finding> findings = CheckControllers(Hybrid());

  ASSERT_EQ(findings.size(), 4u);
  EXPECT_EQ(findings[0].check, "memory controller");
  EXPECT_EQ(findings[0].verdict, Verdict::kOk);
  EXPECT_EQ(findings[0].detail, "v1 at " + tree_.Path("memory") + ", writable");
  EXPECT_EQ(findings[3].check, "cpuacct controller");
  EXPECT_EQ(findings[3].verdict, Verdict::kOk);
}

TEST_F(CgroupChecksTest, SaysWhyAHierarchyIsNotWritable) {
  const Finding pids = CheckControllers(Hybrid())[2];

  EXPECT_EQ(pids.check, "pids controller");
  EXPECT_EQ(pids.verdict, Verdict::kFail);
  EXPECT_THAT(pids.detail, HasSubstr("not writable: make a cgroup in " +
                                     tree_.Path("missing") + ": No such file"));
  EXPECT_THAT(pids.remedy, HasSubstr("root"));
}

TEST_F(CgroupChecksTest, AControllerThatIsNowhereFails) {
  const std::vector<Finding> findings =
      CheckControllers(CgroupMounts(std::vector<CgroupHierarchy>()));

  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0].verdict, Verdict::kFail);
  EXPECT_EQ(findings[0].detail, "in no mounted hierarchy");
}

TEST_F(CgroupChecksTest, LeavesNothingBehind) {
  CheckControllers(Hybrid());
  CheckUnified(Hybrid());
  { ASSERT_THAT(ProbeCgroup::Make(tree_.Path("memory")), IsOk()); }

  // rmdir(2) would refuse directories that are not empty.
  EXPECT_EQ(rmdir(tree_.Path("memory").c_str()), 0);
  EXPECT_EQ(rmdir(tree_.Path("cpu").c_str()), 0);
  EXPECT_EQ(rmdir(tree_.Path("unified").c_str()), 0);
}

TEST_F(CgroupChecksTest, SwapIsAccountedWhereV1HasItsFile) {
  EXPECT_EQ(CheckSwapAccounting(Hybrid()).verdict, Verdict::kWarn);

  tree_.Write("memory/memory.memsw.limit_in_bytes", "0\n");

  EXPECT_EQ(CheckSwapAccounting(Hybrid()).verdict, Verdict::kOk);
}

TEST_F(CgroupChecksTest, WithoutAUnifiedHierarchyKillAndPressureAreMissed) {
  const std::vector<Finding> findings =
      CheckUnified(CgroupMounts(std::vector<CgroupHierarchy>()));

  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].verdict, Verdict::kWarn);
  EXPECT_THAT(findings[0].remedy, HasSubstr("mount -t cgroup2"));
}

TEST_F(CgroupChecksTest, NamesWhatTheUnifiedHierarchyDoesNotOffer) {
  // A plain directory has no cgroup.kill, and is no cgroup to clone into.
  tree_.Write("unified/cpu.pressure", "some avg10=0.00\n");

  const std::vector<Finding> findings = CheckUnified(Hybrid());

  ASSERT_EQ(findings.size(), 4u);
  EXPECT_EQ(findings[0].verdict, Verdict::kOk);
  EXPECT_EQ(findings[1].check, "cgroup.kill");
  EXPECT_EQ(findings[1].verdict, Verdict::kWarn);
  EXPECT_EQ(findings[2].check, "CLONE_INTO_CGROUP");
  EXPECT_EQ(findings[2].verdict, Verdict::kWarn);
  EXPECT_THAT(findings[2].detail, HasSubstr("clone3 into a cgroup: "));
  EXPECT_EQ(findings[3].check, "task pressure");
  EXPECT_EQ(findings[3].verdict, Verdict::kOk);
}

TEST_F(CgroupChecksTest, PressureThatIsNotThereIsNotMeasured) {
  EXPECT_EQ(CheckHostPressure(tree_.Path("proc")).verdict, Verdict::kWarn);

  tree_.Write("proc/pressure/cpu", "some avg10=0.00\n");

  EXPECT_EQ(CheckHostPressure(tree_.Path("proc")).verdict, Verdict::kOk);
}

TEST_F(CgroupChecksTest, TheLayoutIsNamed) {
  EXPECT_EQ(CheckCgroupLayout(Hybrid()).detail, "hybrid");
  EXPECT_EQ(
      CheckCgroupLayout(CgroupMounts(std::vector<CgroupHierarchy>())).verdict,
      Verdict::kFail);
}

}  // namespace
}  // namespace reeve
