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

  ExaminationOptions options;
  options.state_dir = tree.Path("state");
  const Findings found = ExamineHost(options);

  for (const Finding& finding : found.findings) {
    // The shim is not beside this test.
    if (finding.check == "reeve-shim") continue;
    EXPECT_NE(finding.verdict, Verdict::kFail)
        << finding.check << ": " << finding.detail;
  }
  for (const ControllerFinding& controller : found.controllers) {
    if (mounts->Find(controller.name) == nullptr) continue;
    EXPECT_TRUE(controller.usable) << controller.name << ": " << controller.why;
  }
  EXPECT_FALSE(tree.Exists("state"));
  for (const CgroupHierarchy& hierarchy : mounts->hierarchies()) {
    EXPECT_THAT(ProbesIn(hierarchy.mount_point), ::testing::IsEmpty())
        << hierarchy.mount_point;
  }
}

TEST(ExamineHostTest, FindsTheFilesOfLimits) {
  const absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover();
  ASSERT_THAT(mounts, IsOk());
  const CgroupHierarchy* memory = mounts->Find("memory");
  if (memory == nullptr) {
    GTEST_SKIP() << "this host has no memory controller";
  }
  const Findings found = ExamineHost({});

  for (const ControllerFinding& controller : found.controllers) {
    if (controller.name != "memory") continue;
    if (memory->version == CgroupVersion::kV1) {
      EXPECT_THAT(controller.limits,
                  ::testing::Contains("memory.limit_in_bytes"));
      EXPECT_THAT(controller.missing_limits,
                  ::testing::Contains("memory.high (cgroup v1 has none)"));
    } else {
      EXPECT_THAT(controller.limits,
                  ::testing::IsSupersetOf({"memory.max", "memory.high"}));
    }
    return;
  }
  ADD_FAILURE() << "memory was not looked at";
}

TEST(ExamineHostTest, TriesToStartAProcessInsideACgroup) {
  const absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover();
  ASSERT_THAT(mounts, IsOk());
  if (mounts->Unified() == nullptr) {
    GTEST_SKIP() << "this host has no unified hierarchy";
  }

  for (const Finding& finding : ExamineHost({}).findings) {
    if (finding.check != "CLONE_INTO_CGROUP") continue;
    EXPECT_EQ(finding.verdict, Verdict::kOk) << finding.detail;
    return;
  }
  ADD_FAILURE() << "CLONE_INTO_CGROUP was not looked at";
}

TEST(ExamineHostTest, TriesToKeepACgroupFromDevices) {
  if (geteuid() != 0) GTEST_SKIP() << "devices are kept from tasks by root";
  const absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover();
  ASSERT_THAT(mounts, IsOk());
  const bool has_unified = mounts->Unified() != nullptr;
  if (!has_unified && mounts->Find("devices") == nullptr) {
    GTEST_SKIP() << "this host has neither the devices controller nor v2";
  }

  for (const Finding& finding : ExamineHost({}).findings) {
    if (finding.check != "devices") continue;
    EXPECT_EQ(finding.verdict, Verdict::kOk);
    EXPECT_EQ(finding.detail,
              has_unified ? "BPF program on cgroup v2" : "v1 devices cgroup");
    return;
  }
  ADD_FAILURE() << "devices were not looked at";
}

}  // namespace
}  // namespace reeve
