#ifndef REEVE_TESTS_INTEGRATION_TASK_CGROUP_FIXTURE_H_
#define REEVE_TESTS_INTEGRATION_TASK_CGROUP_FIXTURE_H_

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "gtest/gtest.h"
#include "tests/testing/cgroup_child.h"
#include "tests/testing/status_matchers.h"

namespace reeve {

constexpr uint64_t kMiB = 1 << 20;
// Long, since a machine may be emulated.
constexpr absl::Duration kPatience = absl::Seconds(60);

inline bool Exists(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

inline int Sleep() {
  while (true) pause();
}

// Takes memory until it is killed, or has had enough.
inline int TakeMemory() {
  constexpr size_t kEnough = 512 * kMiB;
  char* memory =
      static_cast<char*>(mmap(nullptr, kEnough, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (memory == MAP_FAILED) return 98;
  for (size_t i = 0; i < kEnough; i += 4096) memory[i] = 1;
  return 0;
}

// Makes cgroups of tasks below one of its own, and removes that in the end.
class TaskCgroupTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "cgroups are made by root";
    absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover();
    ASSERT_THAT(mounts, IsOk());
    mounts_ = std::make_unique<CgroupMounts>(*std::move(mounts));
    for (const char* controller : {"cpu", "memory", "pids"}) {
      if (mounts_->Find(controller) == nullptr) {
        GTEST_SKIP() << "this host has no cgroup controller " << controller;
      }
    }
    controller_ = std::make_unique<LibcgroupController>(*mounts_);
  }

  void TearDown() override {
    if (controller_ == nullptr) return;
    EXPECT_THAT(controller_->Remove(parent_), IsOk());
  }

  std::unique_ptr<TaskCgroup> Create(const std::string& id,
                                     const ResourceLimits& limits = {}) {
    absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup =
        TaskCgroup::Create(*controller_, *mounts_, parent_, id, limits);
    EXPECT_THAT(cgroup, IsOk());
    return cgroup.ok() ? *std::move(cgroup) : nullptr;
  }

  static std::unique_ptr<CgroupChild> Start(const TaskCgroup& cgroup,
                                            const std::function<int()>& body) {
    absl::StatusOr<CgroupEntry> entry = cgroup.OpenEntry();
    EXPECT_THAT(entry, IsOk());
    if (!entry.ok()) return nullptr;
    return std::make_unique<CgroupChild>(*entry, body);
  }

  // The contents of a file of the cgroup, without the newline.
  std::string Read(const TaskCgroup& cgroup, const std::string& controller,
                   const std::string& file) const {
    const CgroupHierarchy* hierarchy = mounts_->Find(controller);
    const absl::StatusOr<std::string> text = ReadFile(
        absl::StrCat(hierarchy->mount_point, cgroup.path(), "/", file));
    EXPECT_THAT(text, IsOk());
    if (!text.ok()) return "";
    return std::string(absl::StripAsciiWhitespace(*text));
  }

  bool IsV1(const std::string& controller) const {
    return mounts_->Find(controller)->version == CgroupVersion::kV1;
  }

  // Directories that a cgroup has in any hierarchy.
  std::vector<std::string> DirectoriesOf(const std::string& path) const {
    std::vector<std::string> found;
    for (const CgroupHierarchy& hierarchy : mounts_->hierarchies()) {
      const std::string directory = absl::StrCat(hierarchy.mount_point, path);
      if (Exists(directory)) found.push_back(directory);
    }
    return found;
  }

  const std::string parent_ = absl::StrCat("/reeve-test-", getpid());
  std::unique_ptr<CgroupMounts> mounts_;
  std::unique_ptr<LibcgroupController> controller_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_TASK_CGROUP_FIXTURE_H_
