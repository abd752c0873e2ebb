#include <dirent.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/doctor/examination.h"
#include "agent/doctor/finding.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

std::vector<std::string> ProbesIn(const std::string& directory) {
  std::vector<std::string> probes;
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(directory.c_str()),
                                                    closedir);
  if (entries == nullptr) return probes;
  while (const dirent* entry = readdir(entries.get())) {
    if (absl::StartsWith(entry->d_name,
                         absl::StrCat("reeve-doctor-", getpid()))) {
      probes.push_back(entry->d_name);
    }
  }
  return probes;
}

TEST(ExamineHostTest, FindsTheControllersThatTasksNeedAndLeavesNothing) {
  const absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover();
  ASSERT_THAT(mounts, IsOk());
  if (mounts->Find("memory") == nullptr) {
    GTEST_SKIP() << "this host has no memory controller";
  }
  FakeTree tree;

  const std::vector<Finding> findings =
      ExamineHost({"/proc", tree.Path("state"), ""});

  for (const Finding& finding : findings) {
    // The shim is not beside this test.
    if (finding.check == "reeve-shim") continue;
    EXPECT_NE(finding.verdict, Verdict::kFail)
        << finding.check << ": " << finding.detail;
  }
  EXPECT_FALSE(tree.Exists("state"));
  for (const CgroupHierarchy& hierarchy : mounts->hierarchies()) {
    EXPECT_THAT(ProbesIn(hierarchy.mount_point), ::testing::IsEmpty())
        << hierarchy.mount_point;
  }
}

TEST(ExamineHostTest, TriesToStartAProcessInsideACgroup) {
  const absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover();
  ASSERT_THAT(mounts, IsOk());
  if (mounts->Unified() == nullptr) {
    GTEST_SKIP() << "this host has no unified hierarchy";
  }

  for (const Finding& finding : ExamineHost({})) {
    if (finding.check != "CLONE_INTO_CGROUP") continue;
    EXPECT_EQ(finding.verdict, Verdict::kOk) << finding.detail;
    return;
  }
  ADD_FAILURE() << "CLONE_INTO_CGROUP was not looked at";
}

}  // namespace
}  // namespace reeve
