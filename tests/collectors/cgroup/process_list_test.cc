#include "collectors/cgroup/process_list.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ListProcessesTest : public ::testing::Test {
 protected:
  CgroupDir V1(const std::string& path) const {
    return {CgroupVersion::kV1, tree_.Path(path)};
  }
  CgroupDir V2(const std::string& path) const {
    return {CgroupVersion::kV2, tree_.Path(path)};
  }

  FakeTree tree_;
};

TEST_F(ListProcessesTest, FindsThoseBelowTooEachOnce) {
  tree_.Write("web/cgroup.procs", "30\n7\n");
  tree_.Write("web/a/cgroup.procs", "8\n");
  tree_.Write("web/a/b/cgroup.procs", "9\n7\n");
  tree_.Write("web/c/cgroup.procs", "");
  tree_.Write("other/cgroup.procs", "1\n");
  CgroupDirs dirs;
  dirs.unified = V2("web");

  EXPECT_THAT(ListProcesses(dirs), IsOkAndHolds(ElementsAre(7, 8, 9, 30)));
}

TEST_F(ListProcessesTest, ProcessesThatAreInNoTwinAreFoundInV1) {
  tree_.Write("unified/web/cgroup.procs", "");
  tree_.Write("memory/web/cgroup.procs", "5\n6\n");
  CgroupDirs dirs;
  dirs.unified = V2("unified/web");
  dirs.memory = V1("memory/web");

  EXPECT_THAT(ListProcesses(dirs), IsOkAndHolds(ElementsAre(5, 6)));
}

TEST_F(ListProcessesTest, RemovedCgroupHasNoList) {
  tree_.MakeDir("memory/web");
  CgroupDirs dirs;
  dirs.unified = V2("gone");
  dirs.memory = V1("memory/web");

  EXPECT_THAT(ListProcesses(dirs), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ListProcesses(CgroupDirs()),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ListProcessesTest, CgroupWithoutProcessesHasAnEmptyList) {
  tree_.Write("memory/web/cgroup.procs", "");
  CgroupDirs dirs;
  dirs.unified = V2("gone");
  dirs.memory = V1("memory/web");

  EXPECT_THAT(ListProcesses(dirs), IsOkAndHolds(IsEmpty()));
}

TEST_F(ListProcessesTest, HierarchyThatCannotBeReadIsMadeUpForByAnother) {
  tree_.Write("unified/web/cgroup.procs", "x\n");
  tree_.Write("memory/web/cgroup.procs", "5\n");
  CgroupDirs dirs;
  dirs.unified = V2("unified/web");
  EXPECT_THAT(ListProcesses(dirs), StatusIs(absl::StatusCode::kDataLoss));

  dirs.memory = V1("memory/web");
  EXPECT_THAT(ListProcesses(dirs), IsOkAndHolds(ElementsAre(5)));
}

TEST_F(ListProcessesTest, ListLongerThanABufferIsReadWhole) {
  std::string procs;
  for (int pid = 1; pid <= 5000; ++pid) procs += std::to_string(pid) + "\n";
  tree_.Write("web/cgroup.procs", procs);
  CgroupDirs dirs;
  dirs.unified = V2("web");

  EXPECT_THAT(ListProcesses(dirs), IsOkAndHolds(testing::SizeIs(5000)));
}

TEST(ParseCgroupProcsTest, ProcessesOfOtherPidNamespacesAreLeftOut) {
  EXPECT_THAT(ParseCgroupProcs("0\n12\n0\n"), IsOkAndHolds(ElementsAre(12)));
}

TEST(ParseCgroupProcsTest, RefusesMalformedContents) {
  for (const char* contents :
       {"x\n", "-1\n", "1 2\n", "1\nx\n", "99999999999\n", " 1\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseCgroupProcs(contents),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
