// Launches into real cgroups, whatever hierarchies the host has.

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/launch_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

// Long, since a machine may be emulated.
constexpr absl::Duration kPatience = absl::Seconds(60);

// Runs `body` in a thread in which, and in whose children, clone3() is a call
// that the kernel does not know. Returns whether the thread could be so made.
template <typename Body>
bool RunWithoutClone3(Body body) {
  sock_filter instructions[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter = {4, instructions};
  bool filtered = false;
  std::thread([&] {
    filtered = prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
    if (filtered) body();
  }).join();
  return filtered;
}

class LaunchCgroupTest : public LaunchTest {
 protected:
  void SetUp() override {
    LaunchTest::SetUp();
    if (IsSkipped()) return;
    absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover();
    ASSERT_THAT(mounts, IsOk());
    mounts_ = std::make_unique<CgroupMounts>(*std::move(mounts));
    for (const char* controller : {"cpu", "memory", "pids"}) {
      if (mounts_->Find(controller) == nullptr) {
        GTEST_SKIP() << "this host has no cgroup controller " << controller;
      }
    }
    controller_ = std::make_unique<LibcgroupController>(*mounts_);
    absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup =
        TaskCgroup::Create(*controller_, *mounts_, parent_, "task", {});
    ASSERT_THAT(cgroup, IsOk());
    cgroup_ = *std::move(cgroup);
  }

  void TearDown() override {
    if (cgroup_ != nullptr) {
      EXPECT_THAT(cgroup_->Kill(kPatience), IsOk());
      EXPECT_THAT(cgroup_->Remove(kPatience), IsOk());
      EXPECT_THAT(controller_->Remove(parent_), IsOk());
    }
    LaunchTest::TearDown();
  }

  LaunchRequest RequestInCgroup(const std::string& program,
                                const std::vector<std::string>& args,
                                const std::string& name = "task") {
    LaunchRequest request = Request(program, args, name);
    absl::StatusOr<CgroupEntry> entry = cgroup_->OpenEntry();
    EXPECT_THAT(entry, IsOk());
    if (entry.ok()) request.cgroup = *std::move(entry);
    return request;
  }

  // As on a kernel before 5.14.
  LaunchRequest RequestWithoutKillFile(const std::string& program,
                                       const std::vector<std::string>& args) {
    LaunchRequest request = RequestInCgroup(program, args);
    request.cgroup.kill_file.Reset();
    return request;
  }

  // Checks the lines of /proc/self/cgroup that "show" has printed.
  void ExpectShownInAllHierarchies() {
    const std::string path = absl::StrCat(parent_, "/task");
    const std::string output = tree_.Read("task.out");
    size_t inside = 0;
    for (const absl::string_view line : absl::StrSplit(output, '\n')) {
      if (!absl::StartsWith(line, "cgroup=")) continue;
      // "cgroup=7:cpu,cpuacct:/reeve/task"
      const std::vector<std::string> fields =
          absl::StrSplit(line, absl::MaxSplits(':', 2));
      ASSERT_EQ(fields.size(), 3u) << line;
      if (!IsUsed(fields[1])) continue;
      EXPECT_THAT(fields[2], EndsWith(path)) << line;
      ++inside;
    }
    EXPECT_GT(inside, 0u);
  }

  // Whether tasks are put into the hierarchy of these controllers, "" for v2.
  bool IsUsed(const std::string& controllers) {
    if (controllers.empty()) return mounts_->Unified() != nullptr;
    const std::vector<std::string> names = absl::StrSplit(controllers, ',');
    return std::any_of(names.begin(), names.end(), [](const auto& name) {
      return name == "cpu" || name == "memory" || name == "pids";
    });
  }

  const std::string parent_ = absl::StrCat("/reeve-launch-test-", getpid());
  std::unique_ptr<CgroupMounts> mounts_;
  std::unique_ptr<LibcgroupController> controller_;
  std::unique_ptr<TaskCgroup> cgroup_;
};

TEST_F(LaunchCgroupTest, TaskIsInItsCgroupFromTheStart) {
  ASSERT_THAT(Run(RequestInCgroup(Program("show"), {})), IsOk());
  ExpectShownInAllHierarchies();
}

TEST_F(LaunchCgroupTest, KernelWithoutClone3PutsItThereToo) {
  LaunchRequest request = RequestInCgroup(Program("show"), {});
  absl::StatusOr<ExitStatus> exit;
  if (!RunWithoutClone3([&] { exit = Run(std::move(request)); })) {
    GTEST_SKIP() << "this kernel cannot filter system calls";
  }
  ASSERT_THAT(exit, IsOk());
  ExpectShownInAllHierarchies();
}

TEST_F(LaunchCgroupTest, ShimIsOutsideOfTheCgroup) {
  const absl::StatusOr<LaunchedTask> task = launcher_.Launch(
      RequestInCgroup(Program("ignore_signals"), {"--seconds", "60"}));
  ASSERT_THAT(task, IsOk());

  const absl::StatusOr<std::string> of_shim =
      ReadFile(absl::StrCat("/proc/", task->shim.pid, "/cgroup"));
  const absl::StatusOr<std::string> of_task =
      ReadFile(absl::StrCat("/proc/", task->process.pid, "/cgroup"));
  ASSERT_EQ(kill(task->process.pid, SIGKILL), 0);
  ASSERT_THAT(AwaitExit(*task), IsOk());

  EXPECT_THAT(of_shim, IsOkAndHolds(Not(HasSubstr(parent_))));
  EXPECT_THAT(of_task, IsOkAndHolds(HasSubstr(parent_)));
}

TEST_F(LaunchCgroupTest, KillOfTheCgroupIsSeenAsTheSignalItIs) {
  const absl::StatusOr<LaunchedTask> task = launcher_.Launch(
      RequestInCgroup(Program("ignore_signals"), {"--seconds", "60"}));
  ASSERT_THAT(task, IsOk());
  ASSERT_THAT(cgroup_->Kill(kPatience), IsOk());
  const absl::StatusOr<ExitStatus> exit = AwaitExit(*task);
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 137);
  EXPECT_THAT(cgroup_->Populated(), IsOkAndHolds(false));
}

TEST_F(LaunchCgroupTest, DaemonDiesWithTheMainProcess) {
  ASSERT_THAT(Run(RequestInCgroup(Program("daemonize"), {"--seconds", "60"})),
              IsOk());
  EXPECT_THAT(cgroup_->Populated(), IsOkAndHolds(false));
}

TEST_F(LaunchCgroupTest, DaemonDiesWithTheMainProcessWithoutCgroupKill) {
  ASSERT_THAT(
      Run(RequestWithoutKillFile(Program("daemonize"), {"--seconds", "60"})),
      IsOk());
  EXPECT_THAT(cgroup_->Populated(), IsOkAndHolds(false));
}

TEST_F(LaunchCgroupTest, ForkBombDiesWithTheMainProcess) {
  // The main process leaves at once, its offspring goes on.
  const std::string script =
      absl::StrCat("ulimit -u 300; ", Program("forkbomb"),
                   " --seconds 60 & sleep 0.3; exit 3");
  ResourceLimits limits;
  limits.pids = Bound::Of(100);
  ASSERT_THAT(cgroup_->Update(limits), IsOk());

  const absl::StatusOr<ExitStatus> exit =
      Run(RequestInCgroup("/bin/sh", {"-c", script}));

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->code, 3);
  EXPECT_THAT(cgroup_->Populated(), IsOkAndHolds(false));
}

// One that entered it later, by another shim.
TEST_F(LaunchCgroupTest, StrangerInTheCgroupDiesWithTheMainProcess) {
  const absl::StatusOr<LaunchedTask> stranger = launcher_.Launch(
      RequestInCgroup(Program("ignore_signals"), {"--seconds", "60"}, "other"));
  ASSERT_THAT(stranger, IsOk());

  ASSERT_THAT(Run(RequestInCgroup(Program("exit_with"), {"0"})), IsOk());

  const absl::StatusOr<ExitStatus> exit = AwaitExit(*stranger, "other");
  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->signal, SIGKILL);
}

TEST_F(LaunchCgroupTest, FailedLaunchLeavesTheCgroupEmpty) {
  LaunchRequest request = RequestInCgroup("/no/such/program", {});
  EXPECT_FALSE(launcher_.Launch(std::move(request)).ok());
  EXPECT_THAT(cgroup_->Populated(), IsOkAndHolds(false));
}

TEST_F(LaunchCgroupTest, RemovedCgroupFailsTheLaunch) {
  LaunchRequest request = RequestInCgroup("/bin/true", {});
  ASSERT_THAT(cgroup_->Remove(kPatience), IsOk());

  const absl::Status status = launcher_.Launch(std::move(request)).status();

  EXPECT_THAT(status, Not(IsOk()));
  EXPECT_THAT(std::string(status.message()), HasSubstr("cgroup"));
}

TEST_F(LaunchCgroupTest, UserOfTheTaskIsInItToo) {
  LaunchRequest request = RequestInCgroup(SharedProgram("show"), {});
  request.credentials = Credentials{54321, 54321, {}, "", ""};
  ASSERT_THAT(Run(std::move(request)), IsOk());
  EXPECT_THAT(tree_.Read("task.out"), HasSubstr("uid=54321,54321,54321"));
  ExpectShownInAllHierarchies();
}

}  // namespace
}  // namespace reeve
