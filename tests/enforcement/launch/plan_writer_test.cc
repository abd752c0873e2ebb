#include "enforcement/launch/plan_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "enforcement/shim/plan.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::UnorderedElementsAre;

constexpr int kStatusFd = 999;

UniqueFd OpenNull() { return UniqueFd(open("/dev/null", O_RDWR | O_CLOEXEC)); }

LaunchRequest FullRequest() {
  LaunchRequest request;
  request.program = "/bin/x";
  request.args = {"", "two words"};
  request.env = {"A=1", "B="};
  request.cwd = "/srv";
  request.credentials = Credentials{5, 6, {6, 7}, "five", "/home"};
  request.exit_type = ExitType::kCgroup;
  request.nice = 7;
  request.nofile = rlimit{10, 20};
  request.stdin_fd = OpenNull();
  request.stdout_fd = OpenNull();
  request.stderr_fd = OpenNull();
  request.state_dir = OpenNull();
  request.cgroup.into_cgroup = OpenNull();
  request.cgroup.tasks_files.push_back(OpenNull());
  request.cgroup.tasks_files.push_back(OpenNull());
  request.cgroup.procs_file = OpenNull();
  request.cgroup.freeze_file = OpenNull();
  request.cgroup.freeze_file_kind = FreezeFile::kFreezerState;
  return request;
}

class EncodePlanTest : public ::testing::Test {
 protected:
  void Encode(const LaunchRequest& request) {
    bytes_ = EncodePlan(request, kStatusFd);
    pointers_.resize(PlanPointerCount(bytes_.data(), bytes_.size()));
    ASSERT_FALSE(pointers_.empty());
    ASSERT_TRUE(
        LayOutPlan(&bytes_[0], bytes_.size(), pointers_.data(), &plan_));
  }

  std::string bytes_;
  std::vector<const char*> pointers_;
  Plan plan_;
};

TEST_F(EncodePlanTest, ShimReadsWhatWasAskedFor) {
  const LaunchRequest request = FullRequest();

  Encode(request);

  const PlanHeader& header = *plan_.header;
  EXPECT_EQ(header.status_fd, kStatusFd);
  EXPECT_EQ(header.stdin_fd, request.stdin_fd.get());
  EXPECT_EQ(header.stdout_fd, request.stdout_fd.get());
  EXPECT_EQ(header.stderr_fd, request.stderr_fd.get());
  EXPECT_EQ(header.state_dir_fd, request.state_dir.get());
  EXPECT_EQ(header.cgroup_dir_fd, request.cgroup.into_cgroup.get());
  EXPECT_EQ(header.kill_fd, kNoFd);
  EXPECT_EQ(header.procs_fd, request.cgroup.procs_file.get());
  EXPECT_EQ(header.freeze_fd, request.cgroup.freeze_file.get());
  EXPECT_EQ(header.freeze_is_v1, 1u);
  EXPECT_EQ(header.lasts_with_cgroup, 1u);
  EXPECT_EQ(header.has_credentials, 1u);
  EXPECT_EQ(header.uid, 5u);
  EXPECT_EQ(header.gid, 6u);
  EXPECT_EQ(header.umask, 022u);
  EXPECT_EQ(header.nice, 7);
  EXPECT_EQ(header.has_nofile, 1u);
  EXPECT_EQ(header.nofile_soft, 10u);
  EXPECT_EQ(header.nofile_hard, 20u);
  ASSERT_EQ(header.tasks_fd_count, 2u);
  EXPECT_EQ(plan_.tasks_fds[1], request.cgroup.tasks_files[1].get());
  ASSERT_EQ(header.group_count, 2u);
  EXPECT_EQ(plan_.groups[1], 7u);
  EXPECT_STREQ(plan_.cwd, "/srv");
  EXPECT_STREQ(plan_.argv[0], "/bin/x");
  EXPECT_STREQ(plan_.argv[1], "");
  EXPECT_STREQ(plan_.argv[2], "two words");
  EXPECT_EQ(plan_.argv[3], nullptr);
  EXPECT_STREQ(plan_.envp[1], "B=");
  EXPECT_EQ(plan_.envp[2], nullptr);
}

TEST_F(EncodePlanTest, WhatIsNotAskedForIsAbsent) {
  LaunchRequest request;
  request.program = "/bin/x";
  request.cwd = "/";

  Encode(request);

  EXPECT_EQ(plan_.header->has_credentials, 0u);
  EXPECT_EQ(plan_.header->has_nofile, 0u);
  EXPECT_EQ(plan_.header->lasts_with_cgroup, 0u);
  EXPECT_EQ(plan_.header->cgroup_dir_fd, kNoFd);
  EXPECT_EQ(plan_.envp[0], nullptr);
}

TEST(PlanDescriptorsTest, AreThoseThatThePlanNames) {
  const LaunchRequest request = FullRequest();
  EXPECT_THAT(
      PlanDescriptors(request, kStatusFd),
      UnorderedElementsAre(
          kStatusFd, request.stdin_fd.get(), request.stdout_fd.get(),
          request.stderr_fd.get(), request.state_dir.get(),
          request.cgroup.into_cgroup.get(), request.cgroup.tasks_files[0].get(),
          request.cgroup.tasks_files[1].get(), request.cgroup.procs_file.get(),
          request.cgroup.freeze_file.get()));
}

TEST(SealPlanTest, FileHoldsThePlanAndCannotBeChanged) {
  const std::string plan(100'000, 'p');
  const absl::StatusOr<UniqueFd> fd = SealPlan(plan);
  ASSERT_THAT(fd, IsOk());

  std::string contents(plan.size() + 1, '\0');
  EXPECT_EQ(pread(fd->get(), &contents[0], contents.size(), 0), 100'000);
  EXPECT_EQ(contents.substr(0, plan.size()), plan);
  EXPECT_EQ(pwrite(fd->get(), "x", 1, 0), -1);
  EXPECT_EQ(ftruncate(fd->get(), 0), -1);
  EXPECT_EQ(fcntl(fd->get(), F_GETFD), FD_CLOEXEC);
}

}  // namespace
}  // namespace reeve
