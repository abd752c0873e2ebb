// On a directory tree that stands in for the v2 hierarchy.

#include "enforcement/cgroup/agent_place.h"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/as_nobody.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Optional;
using ::testing::StrEq;

TEST(UnifiedCgroupInTest, IsThatOfTheLineWithoutControllers) {
  EXPECT_EQ(UnifiedCgroupIn("4:memory:/a\n1:name=systemd:/b\n0::/c/d\n"),
            "/c/d");
  EXPECT_EQ(UnifiedCgroupIn("0::/\n"), "/");
  EXPECT_EQ(UnifiedCgroupIn("4:memory:/a\n"), "");
  EXPECT_EQ(UnifiedCgroupIn(""), "");
}

TEST(UnifiedCgroupInTest, WhatCannotBeReachedIsNone) {
  EXPECT_EQ(UnifiedCgroupIn("0::/../other\n"), "");
  EXPECT_EQ(UnifiedCgroupIn("0::/gone (deleted)\n"), "");
}

class AgentPlaceTest : public ::testing::Test {
 protected:
  AgentPlaceTest() {
    EXPECT_EQ(chmod(tree_.Path("").c_str(), 0755), 0);
    tree_.Write("cgroup.procs", "1\n");
    Make("unit");
    Make("unit/agent");
  }

  // Every cgroup but the root has cgroup.events.
  void Make(const std::string& cgroup) {
    tree_.Write(cgroup + "/cgroup.events", "populated 0\n");
    tree_.Write(cgroup + "/cgroup.procs", "");
  }

  // Not every file system has extended attributes.
  bool Mark(const std::string& cgroup) {
    return setxattr(tree_.Path(cgroup).c_str(), "user.delegate", "1", 1, 0) ==
           0;
  }

  void GiveToNobody(const std::string& cgroup) {
    for (const char* file : {"", "/cgroup.procs"}) {
      EXPECT_EQ(chown(tree_.Path(cgroup + file).c_str(), AsNobody::kUid,
                      AsNobody::kUid),
                0);
    }
  }

  std::optional<std::string> Find(const std::string& own) {
    return FindDelegation(tree_.Path(""), own);
  }

  AgentPlace Choose(const std::string& own, const std::string& requested = "") {
    return ChooseAgentPlace(tree_.Path(""), own, requested);
  }

  FakeTree tree_;
};

TEST_F(AgentPlaceTest, WithoutDelegationTheParentIsBelowTheRoot) {
  if (geteuid() != 0) GTEST_SKIP() << "who owns the tree was given it";
  const AgentPlace place = Choose("/unit");

  EXPECT_EQ(place.parent, "/reeve");
  EXPECT_EQ(place.leaf, "");
}

TEST_F(AgentPlaceTest, AMarkedCgroupIsTheAgents) {
  if (!Mark("unit")) GTEST_SKIP() << "no extended attributes here";

  const AgentPlace place = Choose("/unit");

  EXPECT_EQ(place.parent, "/unit/reeve");
  EXPECT_EQ(place.leaf, "/unit/agent");
}

TEST_F(AgentPlaceTest, AMarkOfAnotherValueSaysNo) {
  if (!Mark("unit")) GTEST_SKIP() << "no extended attributes here";
  if (geteuid() != 0) GTEST_SKIP() << "who owns the tree was given it";
  ASSERT_EQ(setxattr(tree_.Path("unit").c_str(), "user.delegate", "0", 1, 0),
            0);

  EXPECT_EQ(Choose("/unit").parent, "/reeve");
}

TEST_F(AgentPlaceTest, ALeafOfAMarkedCgroupIsKept) {
  if (!Mark("unit")) GTEST_SKIP() << "no extended attributes here";

  for (const char* own : {"/unit/agent", "/unit/named-by-systemd"}) {
    const AgentPlace place = Choose(own);
    EXPECT_EQ(place.parent, "/unit/reeve") << own;
    EXPECT_EQ(place.leaf, "") << own;
  }
}

TEST_F(AgentPlaceTest, AnOrdinaryUserWasGivenWhatItMayWriteTo) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  GiveToNobody("unit");
  const AsNobody as_nobody;

  EXPECT_THAT(Find("/unit"), Optional(StrEq("/unit")));
  EXPECT_EQ(Choose("/unit").leaf, "/unit/agent");
  EXPECT_EQ(Find("/"), std::nullopt);
  EXPECT_EQ(Find(""), std::nullopt);
}

TEST_F(AgentPlaceTest, TheLeafOfAnEarlierAgentIsNotNestedIn) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  GiveToNobody("unit");
  GiveToNobody("unit/agent");
  const AsNobody as_nobody;

  const AgentPlace place = Choose("/unit/agent");

  EXPECT_EQ(place.parent, "/unit/reeve");
  EXPECT_EQ(place.leaf, "");
}

TEST_F(AgentPlaceTest, ACgroupWhoseProcessesCannotBeMovedIsNotOurs) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  GiveToNobody("unit");
  ASSERT_EQ(chown(tree_.Path("unit/cgroup.procs").c_str(), 0, 0), 0);
  const AsNobody as_nobody;

  EXPECT_EQ(Find("/unit"), std::nullopt);
}

TEST_F(AgentPlaceTest, AParentThatIsNamedIsTaken) {
  if (!Mark("unit")) GTEST_SKIP() << "no extended attributes here";

  EXPECT_EQ(Choose("/unit", "/elsewhere").parent, "/elsewhere");
  EXPECT_EQ(Choose("/unit", "/elsewhere").leaf, "");
}

TEST_F(AgentPlaceTest, TheAgentLeavesWhatIsAboveItsTasks) {
  EXPECT_EQ(Choose("/unit", "/unit/a/b").leaf, "/unit/agent");
  EXPECT_EQ(Choose("/unit", "/unit").leaf, "/unit/agent");
  EXPECT_EQ(Choose("/unit", "/units").leaf, "");
  EXPECT_EQ(Choose("/unit/agent", "/unit/a").leaf, "");
  // Processes may be at the root of all.
  EXPECT_EQ(Choose("/", "/reeve").leaf, "");
}

TEST_F(AgentPlaceTest, TheRootOfANamespaceIsNoneOfAll) {
  tree_.Write("cgroup.events", "populated 1\n");

  EXPECT_EQ(Choose("/", "").leaf, "/agent");
}

TEST_F(AgentPlaceTest, WithoutV2ThereIsOnlyWhatWasNamed) {
  EXPECT_EQ(ChooseAgentPlaceOnV1("").parent, "/reeve");
  EXPECT_EQ(ChooseAgentPlaceOnV1("/a").parent, "/a");
}

TEST_F(AgentPlaceTest, EnteringALeafMakesIt) {
  // A plain directory has no cgroup.procs.
  EXPECT_THAT(EnterLeaf(tree_.Path(""), "/unit/new"),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_TRUE(tree_.Exists("unit/new"));

  ASSERT_THAT(EnterLeaf(tree_.Path(""), "/unit/agent"), IsOk());
  EXPECT_EQ(tree_.Read("unit/agent/cgroup.procs"), "0");
}

}  // namespace
}  // namespace reeve
