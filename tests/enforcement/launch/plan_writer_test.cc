#include "enforcement/launch/plan_writer.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
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

using ::testing::IsSupersetOf;
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
  request.oom_score_adj = -5;
  request.scheduling = SchedulingPolicy{SchedulingPolicy::Kind::kFifo, 3};
  request.rlimits = {{RLIMIT_NOFILE, Bound::Of(10), Bound::Of(20)},
                     {RLIMIT_CORE, Bound::Of(0), Bound::Unlimited()}};
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
  request.landlock = OpenNull();
  return request;
}

class EncodePlanTest : public ::testing::Test {
 protected:
  void Encode(const LaunchRequest& request,
              PlanPurpose purpose = PlanPurpose::kTask) {
    bytes_ = EncodePlan(request, purpose, kStatusFd);
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
  EXPECT_EQ(header.landlock_fd, request.landlock.get());
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
  EXPECT_EQ(header.has_oom_score_adj, 1u);
  EXPECT_EQ(header.oom_score_adj, -5);
  EXPECT_EQ(header.has_policy, 1u);
  EXPECT_EQ(header.policy, SCHED_FIFO);
  EXPECT_EQ(header.policy_priority, 3);
  ASSERT_EQ(header.rlimit_count, 2u);
  EXPECT_EQ(plan_.rlimits[0].resource, RLIMIT_NOFILE);
  EXPECT_EQ(plan_.rlimits[0].soft, 10u);
  EXPECT_EQ(plan_.rlimits[0].hard, 20u);
  EXPECT_EQ(plan_.rlimits[1].resource, RLIMIT_CORE);
  EXPECT_EQ(plan_.rlimits[1].soft, 0u);
  EXPECT_EQ(plan_.rlimits[1].hard, RLIM_INFINITY);
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
  EXPECT_EQ(plan_.header->rlimit_count, 0u);
  EXPECT_EQ(plan_.header->has_oom_score_adj, 0u);
  EXPECT_EQ(plan_.header->has_policy, 0u);
  EXPECT_EQ(plan_.header->lasts_with_cgroup, 0u);
  EXPECT_EQ(plan_.header->cgroup_dir_fd, kNoFd);
  EXPECT_EQ(plan_.header->controlling_tty, 0u);
  EXPECT_EQ(plan_.header->relay.is_used, 0u);
  EXPECT_EQ(plan_.envp[0], nullptr);
  EXPECT_EQ(plan_.header->report_exit, 0u);
  EXPECT_EQ(plan_.header->tether_fd, kNoFd);
  EXPECT_EQ(plan_.header->landlock_fd, kNoFd);
  EXPECT_EQ(plan_.header->controlling_tty, 0u);
}

TEST_F(EncodePlanTest, ACommandReportsItsEndAndHasNoStateDirectory) {
  LaunchRequest request = FullRequest();
  request.state_dir.Reset();
  request.tether = OpenNull();
  request.controlling_tty = true;

  Encode(request, PlanPurpose::kCommand);

  EXPECT_EQ(plan_.header->report_exit, 1u);
  EXPECT_EQ(plan_.header->state_dir_fd, kNoFd);
  EXPECT_EQ(plan_.header->tether_fd, request.tether.get());
  EXPECT_EQ(plan_.header->controlling_tty, 1u);
}

TEST_F(EncodePlanTest, StreamsThatPassThroughTheShimAreNamed) {
  LaunchRequest request = FullRequest();
  RelayStreams& streams = request.relay;
  streams.input = OpenNull();
  streams.outputs[1] = OpenNull();
  streams.attach = OpenNull();
  streams.client[2] = OpenNull();
  streams.client_closes_input = true;
  streams.has_one_log = true;
  streams.logs[1].file = OpenNull();
  streams.logs[1].dir = OpenNull();
  streams.logs[1].name = std::string(kMaxLogNameSize, 'n');
  streams.logs[1].max_size = 1ull << 40;
  streams.logs[1].max_files = 100;
  request.controlling_tty = true;

  Encode(request);

  const PlanRelay& relay = plan_.header->relay;
  EXPECT_EQ(plan_.header->controlling_tty, 1u);
  EXPECT_EQ(relay.is_used, 1u);
  EXPECT_EQ(relay.input_fd, streams.input.get());
  EXPECT_EQ(relay.output_fds[0], kNoFd);
  EXPECT_EQ(relay.output_fds[1], streams.outputs[1].get());
  EXPECT_EQ(relay.terminal_fd, kNoFd);
  EXPECT_EQ(relay.attach_fd, streams.attach.get());
  EXPECT_EQ(relay.client_fds[0], kNoFd);
  EXPECT_EQ(relay.client_fds[2], streams.client[2].get());
  EXPECT_EQ(relay.client_closes_input, 1u);
  EXPECT_EQ(relay.has_one_log, 1u);
  EXPECT_EQ(relay.logs[0].dir_fd, kNoFd);
  EXPECT_EQ(relay.logs[1].file_fd, streams.logs[1].file.get());
  EXPECT_EQ(relay.logs[1].dir_fd, streams.logs[1].dir.get());
  EXPECT_EQ(relay.logs[1].name, streams.logs[1].name);
  EXPECT_EQ(relay.logs[1].max_size, 1ull << 40);
  EXPECT_EQ(relay.logs[1].max_files, 100u);
  EXPECT_THAT(
      PlanDescriptors(request, kStatusFd),
      IsSupersetOf({streams.input.get(), streams.outputs[1].get(),
                    streams.attach.get(), streams.client[2].get(),
                    streams.logs[1].file.get(), streams.logs[1].dir.get()}));
}

TEST(PlanDescriptorsTest, AreThoseThatThePlanNames) {
  LaunchRequest request = FullRequest();
  request.tether = OpenNull();
  EXPECT_THAT(
      PlanDescriptors(request, kStatusFd),
      UnorderedElementsAre(
          kStatusFd, request.stdin_fd.get(), request.stdout_fd.get(),
          request.stderr_fd.get(), request.state_dir.get(),
          request.cgroup.into_cgroup.get(), request.cgroup.tasks_files[0].get(),
          request.cgroup.tasks_files[1].get(), request.cgroup.procs_file.get(),
          request.cgroup.freeze_file.get(), request.tether.get(),
          request.landlock.get()));
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
