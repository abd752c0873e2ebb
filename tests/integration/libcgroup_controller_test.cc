// Making, setting and removing cgroups on the real kernel.

#include "enforcement/cgroup/libcgroup_controller.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/cgroup_child.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LibcgroupControllerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "cgroups are made by root";
    absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover();
    ASSERT_THAT(mounts, IsOk());
    mounts_ = std::make_unique<CgroupMounts>(*std::move(mounts));
    if (mounts_->Find("pids") == nullptr) {
      GTEST_SKIP() << "this host has no cgroup controller pids";
    }
    controller_ = std::make_unique<LibcgroupController>(*mounts_);
  }

  void TearDown() override {
    if (controller_ == nullptr) return;
    EXPECT_THAT(controller_->Remove(root_), IsOk());
    EXPECT_THAT(DirectoriesOf(root_), IsEmpty());
  }

  std::vector<std::string> DirectoriesOf(const std::string& path) const {
    std::vector<std::string> found;
    for (const CgroupHierarchy& hierarchy : mounts_->hierarchies()) {
      const std::string directory = absl::StrCat(hierarchy.mount_point, path);
      if (access(directory.c_str(), F_OK) == 0) found.push_back(directory);
    }
    return found;
  }

  std::string PidsDirectory(const std::string& path) const {
    return absl::StrCat(mounts_->Find("pids")->mount_point, path);
  }

  const std::string root_ = absl::StrCat("/reeve-test-", getpid());
  std::unique_ptr<CgroupMounts> mounts_;
  std::unique_ptr<LibcgroupController> controller_;
};

TEST_F(LibcgroupControllerTest, MakesADirectoryInEachHierarchyAndTheUnified) {
  ASSERT_THAT(controller_->Create(root_ + "/a", {"pids"}), IsOk());
  const bool has_twin = mounts_->Unified() != nullptr &&
                        mounts_->Find("pids") != mounts_->Unified();
  EXPECT_THAT(DirectoriesOf(root_ + "/a"), SizeIs(has_twin ? 2 : 1));
}

TEST_F(LibcgroupControllerTest, WithoutControllersOnlyTheUnifiedIsUsed) {
  if (mounts_->Unified() == nullptr) {
    EXPECT_THAT(controller_->Create(root_ + "/a", {}),
                StatusIs(absl::StatusCode::kUnavailable));
    return;
  }
  ASSERT_THAT(controller_->Create(root_ + "/a", {}), IsOk());
  EXPECT_THAT(DirectoriesOf(root_ + "/a"), SizeIs(1));
}

TEST_F(LibcgroupControllerTest, CreatingTwiceIsRefusedAndKeepsTheFirst) {
  ASSERT_THAT(controller_->Create(root_, {"pids"}), IsOk());
  EXPECT_THAT(controller_->Create(root_, {"pids"}),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr(root_)));
  EXPECT_THAT(DirectoriesOf(root_), testing::Not(IsEmpty()));
}

TEST_F(LibcgroupControllerTest, SetsValuesInTheirOrderUpToTheFirstFailure) {
  ASSERT_THAT(controller_->Create(root_, {"pids"}), IsOk());

  EXPECT_THAT(controller_->Set(root_, {{"pids", "pids.max", "7"},
                                       {"pids", "pids.max", "8"},
                                       {"pids", "pids.max", "-5"},
                                       {"pids", "pids.max", "9"}}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr(PidsDirectory(root_) + "/pids.max"),
                             HasSubstr("-5"), HasSubstr("Invalid argument"))));

  EXPECT_THAT(ReadFile(PidsDirectory(root_) + "/pids.max"),
              IsOkAndHolds("8\n"));
}

TEST_F(LibcgroupControllerTest, NamesWhatIsNotThere) {
  ASSERT_THAT(controller_->Create(root_, {"pids"}), IsOk());
  EXPECT_THAT(controller_->Set(root_, {{"pids", "pids.nosuch", "7"}}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("pids.nosuch")));
  EXPECT_THAT(controller_->Set(root_ + "/gone", {{"pids", "pids.max", "7"}}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/gone")));
  EXPECT_THAT(controller_->Set(root_, {{"nosuch", "x", "7"}}),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("nosuch")));
}

TEST_F(LibcgroupControllerTest, RefusesAValueThatTheLibraryWouldCut) {
  ASSERT_THAT(controller_->Create(root_, {"pids"}), IsOk());
  EXPECT_THAT(
      controller_->Set(root_, {{"pids", "pids.max", std::string(100, '1')}}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at most 99")));
}

TEST_F(LibcgroupControllerTest, RefusesPathsThatLeaveTheHierarchy) {
  for (const char* path :
       {"", "/", "reeve", "/a/../b", "/a//b", "/a/", "/./a"}) {
    SCOPED_TRACE(path);
    EXPECT_THAT(controller_->Create(path, {"pids"}),
                StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(controller_->Remove(path),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST_F(LibcgroupControllerTest, RemovingWhatIsNotThereIsFine) {
  EXPECT_THAT(controller_->Remove(root_), IsOk());
}

// The deepest level that the parent allows: the library makes directories in
// some hierarchies and fails in another.
TEST_F(LibcgroupControllerTest, AFailureHalfwayLeavesNothing) {
  if (mounts_->Unified() == nullptr) {
    GTEST_SKIP() << "cgroup.max.depth is of cgroup v2";
  }
  ASSERT_THAT(controller_->Create(root_, {"pids"}), IsOk());
  ASSERT_THAT(WriteFileAt(AT_FDCWD,
                          absl::StrCat(mounts_->Unified()->mount_point, root_,
                                       "/cgroup.max.depth"),
                          "1"),
              IsOk());

  EXPECT_FALSE(controller_->Create(root_ + "/a/b", {"pids"}).ok());

  EXPECT_THAT(DirectoriesOf(root_ + "/a"), IsEmpty());
  EXPECT_THAT(DirectoriesOf(root_), testing::Not(IsEmpty()));
}

TEST_F(LibcgroupControllerTest, AParentWithProcessesGivesNoControllersOnV2) {
  const CgroupHierarchy* memory = mounts_->Find("memory");
  if (memory == nullptr || memory->version == CgroupVersion::kV1) {
    GTEST_SKIP() << "only v2 forbids processes beside child cgroups";
  }
  ASSERT_THAT(controller_->Create(root_, {"memory"}), IsOk());
  absl::StatusOr<UniqueFd> dir = OpenDirAt(AT_FDCWD, PidsDirectory(root_));
  ASSERT_THAT(dir, IsOk());
  CgroupEntry entry;
  entry.into_cgroup = *std::move(dir);
  CgroupChild child(entry, [] { return pause(); });

  EXPECT_THAT(controller_->Create(root_ + "/a", {"memory"}),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       AllOf(HasSubstr(PidsDirectory(root_)),
                             HasSubstr("processes of its own"))));

  EXPECT_THAT(DirectoriesOf(root_ + "/a"), IsEmpty());
  child.Stop();
}

TEST_F(LibcgroupControllerTest, ThreadsMakeAndRemoveSideBySide) {
  ASSERT_THAT(controller_->Create(root_, {"pids"}), IsOk());
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      LibcgroupController own(*mounts_);
      for (int i = 0; i < 25; ++i) {
        const std::string path = absl::StrCat(root_, "/", t, "-", i);
        EXPECT_THAT(own.Create(path, {"pids"}), IsOk());
        EXPECT_THAT(own.Set(path, {{"pids", "pids.max", "5"}}), IsOk());
        EXPECT_THAT(own.Remove(path), IsOk());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace reeve
