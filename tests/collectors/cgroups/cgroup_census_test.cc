#include "collectors/cgroups/cgroup_census.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/as_nobody.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

std::string TextOf(PlaceChange change) {
  switch (change) {
    case PlaceChange::kNone:
      return "new";
    case PlaceChange::kMoved:
      return "moved";
    case PlaceChange::kAnew:
      return "anew";
    case PlaceChange::kGone:
      return "gone";
  }
  return "?";
}

// A host whose memory is on v1, and that has a v2 hierarchy, too.
class CgroupCensusTest : public ::testing::Test {
 protected:
  CgroupCensusTest() {
    tree_.MakeDir("memory");
    tree_.MakeDir("unified");
  }

  // What has changed, as "new /a".
  std::vector<std::string> Count() {
    std::vector<std::string> changes;
    errors_.clear();
    for (const CgroupChange& one :
         census_.Count(populations_, [this](const absl::Status& status) {
           errors_.emplace_back(status.message());
         })) {
      changes.push_back(absl::StrCat(TextOf(one.change), " ", one.path));
    }
    return changes;
  }

  // As one that is removed and made again between two counts: with another
  // inode, which a file system may give to the next directory.
  void MakeAnew(const std::string& path) {
    tree_.MakeDir(path + ".new");
    tree_.Remove(path);
    ASSERT_EQ(std::rename(tree_.Path(path + ".new").c_str(),
                          tree_.Path(path).c_str()),
              0);
  }

  FakeTree tree_;
  MeasuredHierarchies hierarchies_{
      CgroupMounts({{CgroupVersion::kV1, tree_.Path("memory"), {"memory"}},
                    {CgroupVersion::kV2, tree_.Path("unified"), {}}})};
  CgroupCensus census_{hierarchies_};
  // In the order of the hierarchies; nothing is told.
  std::vector<CgroupPopulation> populations_{2};
  std::vector<std::string> errors_;
};

TEST_F(CgroupCensusTest, SamePathInTwoHierarchiesIsOneCgroup) {
  tree_.MakeDir("memory/a");
  tree_.MakeDir("unified/a/b");

  EXPECT_THAT(Count(), UnorderedElementsAre("new /", "new /a", "new /a/b"));
  EXPECT_EQ(census_.size(), 3u);
  EXPECT_THAT(Count(), IsEmpty());
}

TEST_F(CgroupCensusTest, TellsWhatWasMadeAndRemoved) {
  tree_.MakeDir("memory/a");
  Count();
  tree_.MakeDir("memory/b");
  tree_.Remove("memory/a");

  EXPECT_THAT(Count(), UnorderedElementsAre("new /b", "gone /a"));
  EXPECT_EQ(census_.size(), 2u);
}

TEST_F(CgroupCensusTest, OneThatStaysInAHierarchyHasMoved) {
  tree_.MakeDir("memory/a");
  Count();
  tree_.MakeDir("unified/a");
  EXPECT_THAT(Count(), ElementsAre("moved /a"));
  tree_.Remove("memory/a");
  EXPECT_THAT(Count(), ElementsAre("moved /a"));
  tree_.Remove("unified/a");
  EXPECT_THAT(Count(), ElementsAre("gone /a"));
}

TEST_F(CgroupCensusTest, OneThatWasMadeAnewIsAnother) {
  tree_.MakeDir("memory/a");
  tree_.MakeDir("unified/a");
  Count();
  MakeAnew("memory/a");

  EXPECT_THAT(Count(), ElementsAre("anew /a"));
  EXPECT_THAT(Count(), IsEmpty());
}

TEST_F(CgroupCensusTest, WhatCannotBeListedIsTakenToBeThereStill) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  tree_.MakeDir("memory/a/b");
  tree_.MakeDir("memory/c");
  ASSERT_EQ(chmod(tree_.Path("").c_str(), 0755), 0);
  Count();
  EXPECT_THAT(errors_, IsEmpty());
  ASSERT_EQ(chmod(tree_.Path("memory/a").c_str(), 0700), 0);
  {
    const AsNobody as_nobody;
    EXPECT_THAT(Count(), IsEmpty());
    EXPECT_THAT(errors_, SizeIs(1));
  }
  tree_.Remove("memory/a/b");
  EXPECT_THAT(Count(), ElementsAre("gone /a/b"));
}

// Cgroups that had none below them are not asked again, if the kernel's own
// count says that none is missing.
class CgroupCountTest : public CgroupCensusTest {
 protected:
  void SetUp() override {
    tree_.MakeDir("memory/a");
    tree_.MakeDir("unified/b");
    Tell(/*memory=*/2 + kDying, /*unified=*/1);
    Count();
    // Directories of other file systems have no count of those below them.
    struct stat info;
    ASSERT_EQ(stat(tree_.Path("memory/a").c_str(), &info), 0);
    if (info.st_nlink != 2) {
      GTEST_SKIP() << "this file system does not count directories";
    }
  }

  // What the kernel says from now on.
  void Tell(uint64_t memory, uint64_t unified) {
    populations_[0].all = memory;
    populations_[1].live = unified;
  }

  static constexpr uint64_t kDying = 5;
};

TEST_F(CgroupCountTest, OneBelowAnotherIsSeenByTheCount) {
  tree_.MakeDir("memory/a/x");
  tree_.MakeDir("unified/b/y");
  Tell(3 + kDying, 2);

  EXPECT_THAT(Count(), UnorderedElementsAre("new /a/x", "new /b/y"));
}

TEST_F(CgroupCountTest, OneThatTheKernelDoesNotCountYetIsSeenTheNextTime) {
  tree_.MakeDir("unified/b/y");
  EXPECT_THAT(Count(), IsEmpty());
  Tell(2 + kDying, 2);

  EXPECT_THAT(Count(), ElementsAre("new /b/y"));
}

TEST_F(CgroupCountTest, OneThatComesAsAnotherGoesIsSeen) {
  tree_.MakeDir("unified/c");
  Tell(2 + kDying, 2);
  Count();
  tree_.Remove("unified/c");
  tree_.MakeDir("unified/b/y");

  EXPECT_THAT(Count(), UnorderedElementsAre("gone /c", "new /b/y"));
}

TEST_F(CgroupCountTest, OnV1AllAreAskedNowAndThen) {
  // A dying one has gone.
  tree_.MakeDir("memory/a/x");
  uint32_t counts = 1;
  while (Count().empty()) ASSERT_LE(++counts, CgroupCensus::kAskAllEvery);

  EXPECT_EQ(census_.size(), 4u);
}

TEST_F(CgroupCountTest, OneThatWasMadeAnewIsAskedAgain) {
  tree_.MakeDir("unified/b.new/y");
  tree_.Remove("unified/b");
  ASSERT_EQ(std::rename(tree_.Path("unified/b.new").c_str(),
                        tree_.Path("unified/b").c_str()),
            0);
  Tell(2 + kDying, 2);

  EXPECT_THAT(Count(), UnorderedElementsAre("anew /b", "new /b/y"));
}

}  // namespace
}  // namespace reeve
