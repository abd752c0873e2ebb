// The checks of cgroups, on directories that stand in for hierarchies.
#include <unistd.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/doctor/controller_check.h"
#include "agent/doctor/device_check.h"
#include "agent/doctor/probe_cgroup.h"
#include "agent/doctor/unified_check.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CgroupChecksTest : public ::testing::Test {
 protected:
  CgroupChecksTest() {
    tree_.MakeDir("memory");
    tree_.MakeDir("cpu");
    tree_.MakeDir("unified");
    question_.parent = "/reeve";
  }

  CgroupMounts Hybrid() {
    return CgroupMounts({
        {CgroupVersion::kV1, tree_.Path("memory"), {"memory"}},
        {CgroupVersion::kV1, tree_.Path("cpu"), {"cpu", "cpuacct"}},
        {CgroupVersion::kV1, tree_.Path("missing"), {"pids"}},
        {CgroupVersion::kV2, tree_.Path("unified"), {}},
    });
  }

  ControllerFinding Find(const CgroupMounts& mounts, const std::string& name) {
    for (ControllerFinding& finding : CheckControllers(mounts, question_)) {
      if (finding.name == name) return std::move(finding);
    }
    ADD_FAILURE() << name << " was not looked at";
    return {};
  }

  FakeTree tree_;
  OfferQuestion question_;
};

TEST_F(CgroupChecksTest, ShowsWhereEachControllerIs) {
  const ControllerFinding memory = Find(Hybrid(), "memory");

  EXPECT_EQ(memory.version, 1);
  EXPECT_EQ(memory.mount_point, tree_.Path("memory"));
  EXPECT_TRUE(memory.usable);
  // A plain directory has no files.
  EXPECT_THAT(memory.limits, IsEmpty());
  EXPECT_THAT(memory.missing_limits,
              Contains("memory.high (cgroup v1 has none)"));
}

TEST_F(CgroupChecksTest, SaysWhyAControllerCannotBeHad) {
  const ControllerFinding pids = Find(Hybrid(), "pids");
  EXPECT_FALSE(pids.usable);
  EXPECT_EQ(pids.reason, "not_delegated");
  EXPECT_THAT(pids.why, HasSubstr(tree_.Path("missing")));

  const ControllerFinding cpuset = Find(Hybrid(), "cpuset");
  EXPECT_FALSE(cpuset.usable);
  EXPECT_EQ(cpuset.version, std::nullopt);
  EXPECT_EQ(cpuset.reason, "not_mounted");
  EXPECT_THAT(cpuset.why, HasSubstr("cgroup_enable=cpuset"));
}

TEST_F(CgroupChecksTest, LooksForFilesWhereACgroupHasTheController) {
  tree_.Write("unified/cgroup.procs", "");
  tree_.Write("unified/reeve/cgroup.subtree_control", "memory\n");
  tree_.Write("unified/reeve/memory.max", "max\n");
  tree_.Write("unified/reeve/memory.high", "max\n");
  const CgroupMounts mounts(
      {{CgroupVersion::kV2, tree_.Path("unified"), {"memory"}}});

  const ControllerFinding memory = Find(mounts, "memory");

  EXPECT_TRUE(memory.usable);
  EXPECT_EQ(memory.reason, "no_swap_accounting");
  EXPECT_THAT(memory.limits, ElementsAre("memory.max", "memory.high"));
  EXPECT_THAT(memory.missing_limits,
              Contains("memory.swap.max (swap accounting is off)"));
}

TEST_F(CgroupChecksTest, TasksHaveCgroupsWhereTheyCanBeMade) {
  EXPECT_EQ(CheckTaskCgroups(Hybrid(), question_).verdict, Verdict::kOk);

  const Finding nowhere = CheckTaskCgroups(
      CgroupMounts({{CgroupVersion::kV1, tree_.Path("missing"), {"pids"}}}),
      question_);

  EXPECT_EQ(nowhere.verdict, Verdict::kFail);
  EXPECT_THAT(nowhere.detail, HasSubstr("no cgroup can be made below /reeve"));
}

TEST_F(CgroupChecksTest, LeavesNothingBehind) {
  CheckControllers(Hybrid(), question_);
  CheckTaskCgroups(Hybrid(), question_);
  CheckUnified(Hybrid(), "/reeve");
  { ASSERT_THAT(ProbeCgroup::Make(tree_.Path("memory")), IsOk()); }

  // rmdir(2) would refuse directories that are not empty.
  EXPECT_EQ(rmdir(tree_.Path("memory").c_str()), 0);
  EXPECT_EQ(rmdir(tree_.Path("cpu").c_str()), 0);
  EXPECT_EQ(rmdir(tree_.Path("unified").c_str()), 0);
}

TEST_F(CgroupChecksTest, WithoutAUnifiedHierarchyKillAndPressureAreMissed) {
  const std::vector<Finding> findings =
      CheckUnified(CgroupMounts(std::vector<CgroupHierarchy>()), "/reeve");

  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].verdict, Verdict::kWarn);
  EXPECT_THAT(findings[0].remedy, HasSubstr("mount -t cgroup2"));
}

TEST_F(CgroupChecksTest, NamesWhatTheUnifiedHierarchyDoesNotOffer) {
  // A plain directory has no cgroup.kill, and is no cgroup to clone into.
  tree_.Write("unified/cpu.pressure", "some avg10=0.00\n");

  const std::vector<Finding> findings = CheckUnified(Hybrid(), "/reeve");

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

TEST_F(CgroupChecksTest, DevicesNeedAHierarchy) {
  const Finding finding = CheckDevices(CgroupMounts({}), question_);

  EXPECT_EQ(finding.check, "devices");
  EXPECT_EQ(finding.verdict, Verdict::kWarn);
  EXPECT_THAT(finding.detail, HasSubstr("mount that of v2"));
}

// A plain directory has no devices.list.
TEST_F(CgroupChecksTest, DevicesAreTriedAndTheProbeIsGone) {
  tree_.MakeDir("devices");
  const CgroupMounts mounts(
      {{CgroupVersion::kV1, tree_.Path("devices"), {"devices"}}});

  const Finding finding = CheckDevices(mounts, question_);

  EXPECT_EQ(finding.verdict, Verdict::kWarn);
  EXPECT_THAT(finding.detail, HasSubstr("devices.list"));
  EXPECT_EQ(rmdir(tree_.Path("devices").c_str()), 0);
}

}  // namespace
}  // namespace reeve
