// On directory trees that stand in for the hierarchies.

#include "enforcement/cgroup/parent_offer.h"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/as_nobody.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ParentOfferTest : public ::testing::Test {
 protected:
  ParentOfferTest() {
    EXPECT_EQ(chmod(tree_.Path("").c_str(), 0755), 0);
    Make("v2", "cpu memory pids");
    // Only the root has none.
    tree_.Remove("v2/cgroup.events");
    question_.procfs = tree_.Path("proc");
    tree_.Write("proc/self/cgroup", "0::/\n");
  }

  void Make(const std::string& directory, const std::string& enabled,
            const std::string& processes = "") {
    tree_.Write(directory + "/cgroup.events", "populated 0\n");
    tree_.Write(directory + "/cgroup.procs", processes);
    tree_.Write(directory + "/cgroup.subtree_control", enabled + "\n");
  }

  void GiveToNobody(const std::string& directory) {
    for (const char* file : {"", "/cgroup.procs", "/cgroup.subtree_control"}) {
      ASSERT_EQ(chown(tree_.Path(directory + file).c_str(), AsNobody::kUid,
                      AsNobody::kUid),
                0);
    }
  }

  CgroupMounts V2() const {
    return CgroupMounts({{CgroupVersion::kV2,
                          tree_.Path("v2"),
                          {"cpu", "memory", "pids", "rdma"}}});
  }

  ParentOffer Ask(const CgroupMounts& mounts, const std::string& parent) {
    question_.parent = parent;
    return ReadParentOffer(mounts, question_);
  }

  static std::vector<std::string> OfferedIn(const ParentOffer& offer) {
    return offer.mounts.hierarchies().empty()
               ? std::vector<std::string>()
               : offer.mounts.hierarchies().front().controllers;
  }

  FakeTree tree_;
  OfferQuestion question_;
};

TEST_F(ParentOfferTest, WhoMayWriteEverywhereGetsWhatTasksUse) {
  const ParentOffer offer = Ask(V2(), "/reeve");

  EXPECT_THAT(offer.usable, IsOk());
  EXPECT_THAT(OfferedIn(offer), ElementsAre("cpu", "memory", "pids"));
  EXPECT_THAT(offer.missing, IsEmpty());
}

TEST_F(ParentOfferTest, OnlyWhatIsAskedForIsOffered) {
  question_.controllers = {"pids", "nosuch"};

  EXPECT_THAT(OfferedIn(Ask(V2(), "/reeve")), ElementsAre("pids"));
}

TEST_F(ParentOfferTest, WhatTheOwnerOfADelegatedCgroupKeepsIsMissing) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  Make("v2/user", "memory pids");
  Make("v2/user/given", "");
  GiveToNobody("v2/user/given");
  tree_.Write("proc/self/cgroup", "0::/user/given/agent\n");
  const AsNobody as_nobody;

  const ParentOffer offer = Ask(V2(), "/user/given/reeve");

  EXPECT_THAT(offer.usable, IsOk());
  EXPECT_THAT(OfferedIn(offer), ElementsAre("memory", "pids"));
  ASSERT_EQ(offer.missing.size(), 1u);
  EXPECT_EQ(offer.missing[0].controller, "cpu");
  EXPECT_EQ(offer.missing[0].lack, ControllerLack::kNotDelegated);
  EXPECT_EQ(offer.WhyMissing().at("cpu"),
            absl::StrCat("it is not delegated to /user/given: enable it in ",
                         tree_.Path("v2/user/cgroup.subtree_control"),
                         ", or by Delegate=cpu in the unit"));
}

TEST_F(ParentOfferTest, RootLeavesAloneWhatIsAboveADelegatedCgroup) {
  Make("v2/unit", "memory");
  tree_.Write("v2/cgroup.subtree_control", "memory\n");
  if (setxattr(tree_.Path("v2/unit").c_str(), "user.delegate", "1", 1, 0) !=
      0) {
    GTEST_SKIP() << "no extended attributes here";
  }

  const ParentOffer offer = Ask(V2(), "/unit/reeve");

  EXPECT_THAT(OfferedIn(offer), ElementsAre("memory"));
  EXPECT_THAT(offer.WhyMissing().at("cpu"),
              HasSubstr("not delegated to /unit:"));
}

TEST_F(ParentOfferTest, ALevelWithProcessesGivesOnlyThreadedControllers) {
  Make("v2/a", "", "17\n");

  const ParentOffer offer = Ask(V2(), "/a/b");

  EXPECT_THAT(OfferedIn(offer), ElementsAre("cpu", "pids"));
  ASSERT_EQ(offer.missing.size(), 1u);
  EXPECT_EQ(offer.missing[0].lack, ControllerLack::kHasProcesses);
  EXPECT_THAT(offer.missing[0].why,
              AllOf(HasSubstr(tree_.Path("v2/a/cgroup.subtree_control")),
                    HasSubstr("move them to a child cgroup")));
}

TEST_F(ParentOfferTest, AProcessThatIsAboutToLeaveDoesNotCount) {
  Make("v2/a", "", absl::StrCat(getpid(), "\n"));
  EXPECT_EQ(Ask(V2(), "/a/b").missing.size(), 1u);

  question_.self_leaves = true;

  EXPECT_THAT(Ask(V2(), "/a/b").missing, IsEmpty());
}

TEST_F(ParentOfferTest, ProcessesAtTheRootAreInNobodysWay) {
  tree_.Write("v2/cgroup.subtree_control", "\n");
  tree_.Write("v2/cgroup.procs", "1\n");

  EXPECT_THAT(Ask(V2(), "/reeve").missing, IsEmpty());
}

TEST_F(ParentOfferTest, WhatIsEnabledAlreadyNeedsNoPermission) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  Make("v2/given", "cpu memory");
  GiveToNobody("v2/given");
  ASSERT_EQ(chown(tree_.Path("v2/given/cgroup.subtree_control").c_str(), 0, 0),
            0);
  tree_.Write("proc/self/cgroup", "0::/given\n");
  const AsNobody as_nobody;

  EXPECT_THAT(OfferedIn(Ask(V2(), "/given")), ElementsAre("cpu", "memory"));
}

TEST_F(ParentOfferTest, V1HierarchiesThatBelongToOthersAreLeftOut) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  tree_.MakeDir("memory");
  Make("v2/given", "");
  GiveToNobody("v2/given");
  tree_.Write("proc/self/cgroup", "0::/given\n");
  const CgroupMounts mounts(
      {{CgroupVersion::kV1, tree_.Path("memory"), {"memory"}},
       {CgroupVersion::kV2, tree_.Path("v2"), {}}});
  const AsNobody as_nobody;

  const ParentOffer offer = Ask(mounts, "/given/reeve");

  EXPECT_THAT(offer.usable, IsOk());
  EXPECT_EQ(offer.mounts.Find("memory"), nullptr);
  EXPECT_NE(offer.mounts.Unified(), nullptr);
  EXPECT_THAT(offer.WhyMissing().at("memory"),
              AllOf(HasSubstr("user 65534 may not write to "),
                    HasSubstr(tree_.Path("memory"))));
}

TEST_F(ParentOfferTest, WhereNoCgroupCanBeMadeItSaysWhatToDo) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  const AsNobody as_nobody;

  EXPECT_THAT(Ask(V2(), "/reeve").usable,
              StatusIs(absl::StatusCode::kPermissionDenied,
                       AllOf(HasSubstr("no cgroup can be made below /reeve"),
                             HasSubstr("Delegate=yes"))));
}

TEST_F(ParentOfferTest, FromOutsideNoProcessCanGoIn) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  Make("v2/given", "");
  GiveToNobody("v2/given");
  tree_.Write("proc/self/cgroup", "0::/session\n");
  const AsNobody as_nobody;

  EXPECT_THAT(Ask(V2(), "/given/reeve").usable,
              StatusIs(absl::StatusCode::kPermissionDenied,
                       AllOf(HasSubstr(tree_.Path("v2/cgroup.procs")),
                             HasSubstr("start reeve inside"))));
}

TEST_F(ParentOfferTest, WithoutHierarchiesNothingIsRefused) {
  const ParentOffer offer = Ask(CgroupMounts({}), "/reeve");

  EXPECT_THAT(offer.usable, IsOk());
  EXPECT_THAT(offer.mounts.hierarchies(), IsEmpty());
}

}  // namespace
}  // namespace reeve
