#include "enforcement/cgroup/controller_survey.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

class ControllerSurveyTest : public ::testing::Test {
 protected:
  // Of the root, from where processes come.
  ControllerSurveyTest() { tree_.Write("cgroup.procs", ""); }

  ControllerState Find(const CgroupMounts& mounts, const std::string& name) {
    OfferQuestion question;
    question.parent = "/reeve";
    for (const ControllerState& state : SurveyControllers(mounts, question)) {
      if (state.controller == name) return state;
    }
    ADD_FAILURE() << name << " was not looked at";
    return {};
  }

  FakeTree tree_;
};

TEST_F(ControllerSurveyTest, EveryControllerThatIsNowhereIsNamed) {
  for (const char* name :
       {"cpu", "memory", "pids", "cpuset", "io", "hugetlb", "freezer"}) {
    EXPECT_EQ(Find(CgroupMounts({}), name).shortfall, "not_mounted") << name;
  }
}

TEST_F(ControllerSurveyTest, IoIsBlkioOnV1) {
  const ControllerState io = Find(
      CgroupMounts({{CgroupVersion::kV1, tree_.Path(""), {"blkio"}}}), "io");

  EXPECT_EQ(io.shortfall, "");
  ASSERT_TRUE(io.hierarchy.has_value());
  EXPECT_EQ(io.hierarchy->version, CgroupVersion::kV1);
}

TEST_F(ControllerSurveyTest, V2FreezesWithoutAController) {
  const ControllerState freezer =
      Find(CgroupMounts({{CgroupVersion::kV2, tree_.Path(""), {}}}), "freezer");

  EXPECT_EQ(freezer.shortfall, "");
}

TEST_F(ControllerSurveyTest, MemoryWithoutAccountingForSwapFallsShort) {
  const CgroupMounts v1({{CgroupVersion::kV1, tree_.Path(""), {"memory"}}});
  EXPECT_EQ(Find(v1, "memory").shortfall, "no_swap_accounting");
  EXPECT_THAT(Find(v1, "memory").why, HasSubstr("swapaccount=1"));

  tree_.Write("memory.memsw.limit_in_bytes", "0\n");

  EXPECT_EQ(Find(v1, "memory").shortfall, "");
}

TEST_F(ControllerSurveyTest, SwapOnV2IsLookedForWhereThereAreLimits) {
  const CgroupMounts v2({{CgroupVersion::kV2, tree_.Path(""), {"memory"}}});
  tree_.Write("cgroup.subtree_control", "memory\n");
  // The root has no limits, so nothing is known yet.
  EXPECT_EQ(Find(v2, "memory").shortfall, "");

  tree_.Write("system.slice/memory.max", "max\n");
  EXPECT_EQ(Find(v2, "memory").shortfall, "no_swap_accounting");

  tree_.Write("system.slice/memory.swap.max", "max\n");
  EXPECT_EQ(Find(v2, "memory").shortfall, "");
}

TEST_F(ControllerSurveyTest, SaysWhyAControllerCannotBeHad) {
  const ControllerState pids = Find(
      CgroupMounts({{CgroupVersion::kV1, tree_.Path("missing"), {"pids"}}}),
      "pids");

  EXPECT_EQ(pids.shortfall, "not_delegated");
  EXPECT_THAT(pids.why, HasSubstr(tree_.Path("missing")));
}

}  // namespace
}  // namespace reeve
