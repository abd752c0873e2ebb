#include "collectors/procfs/process_tree.h"

#include <unistd.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr ProcessIdentity kShim = {10, 1000};
constexpr ProcessIdentity kMain = {20, 1001};

// The parameter: whether the kernel has lists of children.
class ProcessTreeTest : public ::testing::TestWithParam<bool> {
 protected:
  ProcessTreeTest() {
    SetProcess(1, 0, 1, {10, 30});
    SetProcess(10, 1, 1000, {20});
    SetProcess(20, 10, 1001, {});
    // Somebody else's.
    SetProcess(30, 1, 1002, {31});
    SetProcess(31, 30, 1003, {});
  }

  void SetProcess(pid_t pid, pid_t parent, uint64_t start_ticks,
                  const std::vector<pid_t>& children) {
    tree_.Write(absl::StrCat("proc/", pid, "/stat"),
                absl::StrCat(pid, " (a) b) S ", parent,
                             " 12 12 0 -1 4194304 9 2 0 3 7 8 5 6 20 0 3 0 ",
                             start_ticks, " 4571136 883\n"));
    if (GetParam()) SetChildren(pid, pid, children);
  }

  void SetChildren(pid_t pid, pid_t thread,
                   const std::vector<pid_t>& children) {
    tree_.Write(absl::StrCat("proc/", pid, "/task/", thread, "/children"),
                children.empty() ? "" : absl::StrJoin(children, " ") + " ");
  }

  std::vector<pid_t> List(const TaskRoots& roots) {
    return ListProcessTree(
        tree_.OpenDir("proc").get(), roots,
        [this](absl::string_view collector, const absl::Status& status) {
          errors_.push_back(absl::StrCat(collector, ": ", status.message()));
        });
  }

  FakeTree tree_;
  std::vector<std::string> errors_;
};

INSTANTIATE_TEST_SUITE_P(, ProcessTreeTest, ::testing::Bool(),
                         [](const auto& mode) {
                           return mode.param ? "ByListsOfChildren"
                                             : "ByParents";
                         });

TEST_P(ProcessTreeTest, DescendantsAreFoundWithoutTheShim) {
  SetProcess(20, 10, 1001, {21, 22});
  SetProcess(21, 20, 1100, {});
  SetProcess(22, 20, 1101, {23});
  SetProcess(23, 22, 1102, {});

  EXPECT_THAT(List({kMain, kShim}), ElementsAre(20, 21, 22, 23));
  EXPECT_THAT(List({kMain, {}}), ElementsAre(20, 21, 22, 23));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_P(ProcessTreeTest, OrphansAreFoundAsChildrenOfTheShim) {
  SetProcess(10, 1, 1000, {20, 25});
  SetProcess(25, 10, 1100, {26});
  SetProcess(26, 25, 1101, {});

  EXPECT_THAT(List({kMain, kShim}), ElementsAre(20, 25, 26));
  EXPECT_THAT(List({kMain, {}}), ElementsAre(20));
}

TEST_P(ProcessTreeTest, OrphansOutliveTheMainProcess) {
  tree_.Remove("proc/20");
  SetProcess(10, 1, 1000, {25});
  SetProcess(25, 10, 1100, {});

  EXPECT_THAT(List({kMain, kShim}), ElementsAre(25));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_P(ProcessTreeTest, RootWithAnotherStartTimeHasNoProcesses) {
  EXPECT_THAT(List({{30, 999}, {1, 999}}), IsEmpty());
  EXPECT_THAT(List({{20, 999}, {}}), IsEmpty());
  EXPECT_THAT(List({{99, 999}, {98, 999}}), IsEmpty());
  EXPECT_THAT(List({}), IsEmpty());
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_P(ProcessTreeTest, CallerIsNeverAProcessOfATask) {
  SetProcess(20, 10, 1001, {getpid(), 21});
  SetProcess(getpid(), 20, 1100, {});
  SetProcess(21, 20, 1101, {});

  EXPECT_THAT(List({kMain, kShim}), ElementsAre(20, 21));
}

TEST_P(ProcessTreeTest, MalformedProcessIsToldAndLeftOut) {
  SetProcess(20, 10, 1001, {21, 22});
  SetProcess(21, 20, 1100, {});
  SetProcess(22, 20, 1101, {});
  tree_.Write("proc/21/stat", "21 21\n");

  EXPECT_THAT(List({kMain, kShim}), ElementsAre(20, 22));
  EXPECT_THAT(errors_,
              ElementsAre(HasSubstr("process: process 21: not the stat")));
}

TEST_P(ProcessTreeTest, VanishedProcessIsLeftOutQuietly) {
  SetProcess(20, 10, 1001, {21, 22});
  tree_.MakeDir("proc/21");
  SetProcess(22, 20, 1101, {});

  EXPECT_THAT(List({kMain, kShim}), ElementsAre(20, 22));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_P(ProcessTreeTest, ParentIsGivenWithItsStartTime) {
  const UniqueFd procfs = tree_.OpenDir("proc");

  EXPECT_EQ(ParentOf(procfs.get(), kMain), kShim);
  EXPECT_EQ(ParentOf(procfs.get(), {20, 999}), ProcessIdentity());
  EXPECT_EQ(ParentOf(procfs.get(), {99, 999}), ProcessIdentity());
  EXPECT_EQ(ParentOf(procfs.get(), {1, 1}), ProcessIdentity());
}

using ProcessTreeByListsTest = ProcessTreeTest;

INSTANTIATE_TEST_SUITE_P(, ProcessTreeByListsTest, ::testing::Values(true));

TEST_P(ProcessTreeByListsTest, ChildrenOfEveryThreadCount) {
  SetChildren(20, 24, {21});
  SetProcess(21, 20, 1100, {});
  tree_.MakeDir("proc/20/task/25");

  EXPECT_THAT(List({kMain, kShim}), ElementsAre(20, 21));
}

TEST_P(ProcessTreeByListsTest, PidThatBecameAnothersIsLeftOut) {
  SetProcess(20, 10, 1001, {30});

  EXPECT_THAT(List({kMain, kShim}), ElementsAre(20));
}

TEST_P(ProcessTreeByListsTest, ChildThatWasAdoptedMeanwhileIsKept) {
  SetProcess(20, 10, 1001, {21});
  SetProcess(21, 10, 1100, {});

  EXPECT_THAT(List({kMain, kShim}), ElementsAre(20, 21));
}

TEST_P(ProcessTreeByListsTest, MalformedListIsTold) {
  SetProcess(21, 20, 1100, {});
  tree_.Write("proc/20/task/20/children", "x 21 ");

  EXPECT_THAT(List({kMain, kShim}), ElementsAre(20, 21));
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("not a pid: \"x\"")));
}

using ProcessTreeByParentsTest = ProcessTreeTest;

INSTANTIATE_TEST_SUITE_P(, ProcessTreeByParentsTest, ::testing::Values(false));

TEST_P(ProcessTreeByParentsTest, ChildOlderThanItsParentIsAnothers) {
  SetProcess(21, 20, 900, {});

  EXPECT_THAT(List({kMain, kShim}), ElementsAre(20));
}

}  // namespace
}  // namespace reeve
