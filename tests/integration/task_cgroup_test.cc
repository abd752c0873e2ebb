// A task's cgroup on the real kernel, whatever hierarchies it has.

#include "enforcement/cgroup/task_cgroup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/file.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/cgroup_child.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

// Every process forks for ever; none outlives a test that fails to stop it.
int ForkBomb() {
  while (true) {
    if (fork() == 0) alarm(60);
  }
}

ResourceLimits SmallLimits() {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(64 * kMiB);
  limits.cpu_shares = 512;
  limits.cpu_quota = CpuQuota{0.5};
  limits.pids = Bound::Of(64);
  return limits;
}

TEST_F(TaskCgroupTest, LimitsAreInTheKernelWhenCreateReturns) {
  const auto cgroup = Create("web", SmallLimits());
  ASSERT_NE(cgroup, nullptr);

  EXPECT_EQ(cgroup->path(), parent_ + "/web");
  EXPECT_EQ(Read(*cgroup, "pids", "pids.max"), "64");
  if (IsV1("memory")) {
    EXPECT_EQ(Read(*cgroup, "memory", "memory.limit_in_bytes"), "67108864");
    EXPECT_EQ(Read(*cgroup, "memory", "memory.swappiness"), "0");
  } else {
    EXPECT_EQ(Read(*cgroup, "memory", "memory.max"), "67108864");
  }
  if (IsV1("cpu")) {
    EXPECT_EQ(Read(*cgroup, "cpu", "cpu.shares"), "512");
    EXPECT_EQ(Read(*cgroup, "cpu", "cpu.cfs_quota_us"), "50000");
  } else {
    EXPECT_EQ(Read(*cgroup, "cpu", "cpu.weight"), "50");
    EXPECT_EQ(Read(*cgroup, "cpu", "cpu.max"), "50000 100000");
  }

  const LimitValues values = cgroup->Limits();
  EXPECT_THAT(values.memory_bytes, Optional(64 * kMiB));
  EXPECT_THAT(values.cpu_shares, Optional(512));
  EXPECT_THAT(values.cpu_cores, Optional(0.5));
  EXPECT_THAT(values.threads, Optional(64));
  EXPECT_THAT(cgroup->Remove(kPatience), IsOk());
  EXPECT_THAT(DirectoriesOf(cgroup->path()), IsEmpty());
}

TEST_F(TaskCgroupTest, SwapIsOffUnderAMemoryLimit) {
  const auto cgroup = Create("web", SmallLimits());
  ASSERT_NE(cgroup, nullptr);
  const std::string directory = cgroup->dirs().memory->path;
  if (IsV1("memory")) {
    if (!Exists(directory + "/memory.memsw.limit_in_bytes")) {
      GTEST_SKIP() << "this kernel does not account for swap";
    }
    EXPECT_EQ(Read(*cgroup, "memory", "memory.memsw.limit_in_bytes"),
              "67108864");
  } else {
    if (!Exists(directory + "/memory.swap.max")) {
      GTEST_SKIP() << "this kernel does not account for swap";
    }
    EXPECT_EQ(Read(*cgroup, "memory", "memory.swap.max"), "0");
  }
}

TEST_F(TaskCgroupTest, ALimitThatTheKernelRoundsIsShownAsItIs) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(64 * kMiB + 1);
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);

  EXPECT_THAT(cgroup->Settings(),
              Contains(AllOf(Field(&LimitSetting::controller, "memory"),
                             Field(&LimitSetting::requested, "67108865"),
                             Field(&LimitSetting::read_back, "67108864"))));
  EXPECT_THAT(cgroup->Limits().memory_bytes, Optional(64 * kMiB));
}

TEST_F(TaskCgroupTest, WithoutLimitsTheKernelsDefaultsStay) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  EXPECT_THAT(cgroup->Settings(), IsEmpty());
  EXPECT_EQ(Read(*cgroup, "pids", "pids.max"), "max");
}

TEST_F(TaskCgroupTest, AChildIsInEveryHierarchyFromItsStart) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, Sleep);

  const absl::StatusOr<std::string> membership =
      ReadFile(absl::StrCat("/proc/", child->pid(), "/cgroup"));

  ASSERT_THAT(membership, IsOk());
  size_t found = 0;
  for (size_t at = 0;
       (at = membership->find(cgroup->path() + "\n", at)) != std::string::npos;
       ++at) {
    ++found;
  }
  EXPECT_EQ(found, DirectoriesOf(cgroup->path()).size()) << *membership;
  EXPECT_THAT(cgroup->Populated(), IsOkAndHolds(true));
  child->Stop();
  EXPECT_THAT(cgroup->Populated(), IsOkAndHolds(false));
}

TEST_F(TaskCgroupTest, DescriptorsForALaunchAreClosedOnExec) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const absl::StatusOr<CgroupEntry> entry = cgroup->OpenEntry();
  ASSERT_THAT(entry, IsOk());

  std::vector<const UniqueFd*> fds = {&entry->into_cgroup, &entry->kill_file,
                                      &entry->procs_file, &entry->freeze_file};
  for (const UniqueFd& tasks : entry->tasks_files) fds.push_back(&tasks);
  for (const UniqueFd* fd : fds) {
    if (!*fd) continue;
    EXPECT_EQ(fcntl(fd->get(), F_GETFD), FD_CLOEXEC);
  }
}

TEST_F(TaskCgroupTest, AnUpdateOfARunningTaskWritesOnlyWhatChanges) {
  const auto cgroup = Create("web", SmallLimits());
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, Sleep);
  ResourceLimits limits = SmallLimits();
  limits.cpu_quota = CpuQuota{1.5};

  const auto written = cgroup->Update(limits);

  ASSERT_THAT(written, IsOk());
  EXPECT_THAT(written->written,
              ElementsAre(Field(&LimitSetting::file,
                                IsV1("cpu") ? "cpu.cfs_quota_us" : "cpu.max")));
  EXPECT_THAT(cgroup->Limits().cpu_cores, Optional(1.5));
  EXPECT_THAT(cgroup->Limits().cpu_shares, Optional(512));
}

TEST_F(TaskCgroupTest, LimitsGoUpAndDownAndAway) {
  const auto cgroup = Create("web", SmallLimits());
  ASSERT_NE(cgroup, nullptr);
  for (const uint64_t mib : {128, 32, 256}) {
    ResourceLimits limits;
    limits.memory_bytes = Bound::Of(mib * kMiB);
    limits.cpu_quota = CpuQuota{static_cast<double>(mib) / 64, mib * 1000};
    ASSERT_THAT(cgroup->Update(limits), IsOk());
    EXPECT_THAT(cgroup->Limits().memory_bytes, Optional(mib * kMiB));
  }
  ResourceLimits none;
  none.memory_bytes = Bound::Unlimited();
  none.cpu_quota = CpuQuota{};
  none.pids = Bound::Unlimited();
  ASSERT_THAT(cgroup->Update(none), IsOk());

  EXPECT_FALSE(cgroup->Limits().memory_bytes.has_value());
  EXPECT_FALSE(cgroup->Limits().cpu_cores.has_value());
  EXPECT_FALSE(cgroup->Limits().threads.has_value());
  EXPECT_EQ(Read(*cgroup, "pids", "pids.max"), "max");
}

TEST_F(TaskCgroupTest, AnUpdateThatTheKernelRefusesChangesNothing) {
  const auto cgroup = Create("web", SmallLimits());
  ASSERT_NE(cgroup, nullptr);
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(128 * kMiB);
  limits.cpu_shares = 2048;
  limits.cpu_quota =
      CpuQuota{0.00005, 100'000};  // 5 us: the kernel's least is 1000.
  limits.pids = Bound::Of(32);

  const absl::Status status = cgroup->Update(limits).status();

  const bool is_v1 = IsV1("cpu");
  EXPECT_THAT(
      status,
      StatusIs(
          absl::StatusCode::kInvalidArgument,
          AllOf(HasSubstr(cgroup->path()), HasSubstr("limits not changed"),
                HasSubstr(is_v1 ? "cpu.shares: wanted 2048, put back, in "
                                  "force 512"
                                : "cpu.weight: wanted 200, put back, in "
                                  "force 50"),
                HasSubstr(is_v1 ? "cpu.cfs_quota_us: wanted 5, "
                                : "cpu.max: wanted 5 100000, "),
                HasSubstr("Invalid argument"),
                HasSubstr("pids.max: wanted 32, not tried, in force 64"))));
  const LimitValues values = cgroup->Limits();
  EXPECT_THAT(values.memory_bytes, Optional(64 * kMiB));
  EXPECT_THAT(values.cpu_shares, Optional(512));
  EXPECT_THAT(values.cpu_cores, Optional(0.5));
  EXPECT_EQ(Read(*cgroup, "pids", "pids.max"), "64");
}

TEST_F(TaskCgroupTest, ALaunchThatTheKernelRefusesLeavesNoCgroup) {
  ResourceLimits limits;
  limits.cpu_quota = CpuQuota{0.00005, 100'000};

  EXPECT_THAT(
      TaskCgroup::Create(*controller_, *mounts_, parent_, "web", limits),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("cpu.")));

  EXPECT_THAT(DirectoriesOf(parent_ + "/web"), IsEmpty());
}

TEST_F(TaskCgroupTest, AMissingControllerIsNamedAndNothingIsMade) {
  std::vector<CgroupHierarchy> hierarchies = mounts_->hierarchies();
  for (CgroupHierarchy& hierarchy : hierarchies) {
    auto& names = hierarchy.controllers;
    names.erase(std::remove(names.begin(), names.end(), "pids"), names.end());
  }
  const CgroupMounts without_pids(hierarchies);

  EXPECT_THAT(TaskCgroup::Create(*controller_, without_pids, parent_, "web",
                                 SmallLimits()),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("cgroup controller pids")));
  EXPECT_THAT(controller_->Create(parent_ + "/web", {"cpu", "nosuch"}),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("cgroup controller nosuch")));
  EXPECT_THAT(DirectoriesOf(parent_), IsEmpty());
}

TEST_F(TaskCgroupTest, AHostWithoutCgroupsIsRefused) {
  const CgroupMounts none(std::vector<CgroupHierarchy>{});
  LibcgroupController controller(none);
  EXPECT_THAT(TaskCgroup::Create(controller, none, parent_, "web", {}),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("no cgroup hierarchy is mounted")));
}

TEST_F(TaskCgroupTest, AStaleCgroupIsNotTakenOver) {
  ASSERT_NE(Create("first"), nullptr);
  // Left in one hierarchy by somebody who died between two directories.
  const std::string stale =
      absl::StrCat(mounts_->Find("pids")->mount_point, parent_, "/web");
  ASSERT_EQ(mkdir(stale.c_str(), 0755), 0);

  EXPECT_THAT(TaskCgroup::Create(*controller_, *mounts_, parent_, "web", {}),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr(stale)));

  EXPECT_THAT(DirectoriesOf(parent_ + "/web"), ElementsAre(stale));
  EXPECT_THAT(controller_->Remove(parent_ + "/web"), IsOk());
  EXPECT_NE(Create("web"), nullptr);
}

TEST_F(TaskCgroupTest, AParentMayBeDeep) {
  const absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup = TaskCgroup::Create(
      *controller_, *mounts_, parent_ + "/a/b", "web", SmallLimits());
  ASSERT_THAT(cgroup, IsOk());
  EXPECT_EQ(Read(**cgroup, "pids", "pids.max"), "64");
}

TEST_F(TaskCgroupTest, OpenFindsTheLimitsInForce) {
  ASSERT_NE(Create("web", SmallLimits()), nullptr);

  const absl::StatusOr<std::unique_ptr<TaskCgroup>> opened =
      TaskCgroup::Open(*controller_, *mounts_, parent_, "web");

  ASSERT_THAT(opened, IsOk());
  const LimitValues values = (*opened)->Limits();
  EXPECT_THAT(values.memory_bytes, Optional(64 * kMiB));
  EXPECT_THAT(values.cpu_shares, Optional(512));
  EXPECT_THAT(values.cpu_cores, Optional(0.5));
  EXPECT_THAT(values.threads, Optional(64));
  EXPECT_THAT((*opened)->Update(SmallLimits()),
              IsOkAndHolds(Field(&LimitUpdate::written, IsEmpty())));
  EXPECT_THAT((*opened)->Remove(kPatience), IsOk());
  EXPECT_THAT(TaskCgroup::Open(*controller_, *mounts_, parent_, "web"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("web")));
}

TEST_F(TaskCgroupTest, RemovingABusyCgroupIsRefusedAndMovesNobody) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, Sleep);

  EXPECT_THAT(cgroup->Remove(absl::Milliseconds(50)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr(cgroup->path())));

  EXPECT_EQ(kill(child->pid(), 0), 0);
  EXPECT_EQ(Read(*cgroup, "pids", "cgroup.procs"), absl::StrCat(child->pid()));
  EXPECT_THAT(cgroup->Kill(kPatience), IsOk());
  EXPECT_THAT(cgroup->Remove(kPatience), IsOk());
  EXPECT_THAT(DirectoriesOf(cgroup->path()), IsEmpty());
  EXPECT_THAT(cgroup->Remove(kPatience), IsOk());
}

TEST_F(TaskCgroupTest, RemoveTakesCgroupsBelowWithIt) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  for (const std::string& directory : DirectoriesOf(cgroup->path())) {
    ASSERT_EQ(mkdir((directory + "/below").c_str(), 0755), 0);
    ASSERT_EQ(mkdir((directory + "/below/deep").c_str(), 0755), 0);
  }
  EXPECT_THAT(cgroup->Remove(kPatience), IsOk());
  EXPECT_THAT(DirectoriesOf(cgroup->path()), IsEmpty());
}

TEST_F(TaskCgroupTest, KillEndsAllProcessesAndOnlyThose) {
  const auto cgroup = Create("web");
  const auto other = Create("other");
  ASSERT_NE(cgroup, nullptr);
  ASSERT_NE(other, nullptr);
  const auto first = Start(*cgroup, Sleep);
  const auto second = Start(*cgroup, Sleep);
  const auto neighbour = Start(*other, Sleep);

  EXPECT_THAT(cgroup->Kill(kPatience), IsOk());

  for (CgroupChild* child : {first.get(), second.get()}) {
    const auto exit = child->Wait(kPatience);
    ASSERT_TRUE(exit.has_value());
    EXPECT_TRUE(WIFSIGNALED(*exit));
    EXPECT_EQ(WTERMSIG(*exit), SIGKILL);
  }
  EXPECT_FALSE(neighbour->Wait(absl::ZeroDuration()).has_value());
}

TEST_F(TaskCgroupTest, KillOfAnEmptyOrRemovedCgroupIsFine) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  EXPECT_THAT(cgroup->Kill(kPatience), IsOk());
  ASSERT_THAT(cgroup->Remove(kPatience), IsOk());
  EXPECT_THAT(cgroup->Kill(kPatience), IsOk());
  EXPECT_THAT(cgroup->Populated(), IsOkAndHolds(false));
}

TEST_F(TaskCgroupTest, KillEndsFrozenProcesses) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, Sleep);
  const std::string freeze =
      cgroup->dirs().unified.has_value()
          ? cgroup->dirs().unified->path + "/cgroup.freeze"
          : absl::StrCat(mounts_->Find("freezer")->mount_point, cgroup->path(),
                         "/freezer.state");
  ASSERT_THAT(WriteFileAt(AT_FDCWD, freeze,
                          cgroup->dirs().unified.has_value() ? "1" : "FROZEN"),
              IsOk());
  absl::SleepFor(absl::Milliseconds(50));

  EXPECT_THAT(cgroup->Kill(kPatience), IsOk());

  EXPECT_TRUE(child->Wait(kPatience).has_value());
}

TEST_F(TaskCgroupTest, AForkBombStaysInsideItsPidsLimitAndIsKilled) {
  ResourceLimits limits;
  limits.pids = Bound::Of(24);
  limits.cpu_quota = CpuQuota{0.5};
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, ForkBomb);
  const absl::Time deadline = absl::Now() + kPatience;
  while (Read(*cgroup, "pids", "pids.current") != "24" &&
         absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_EQ(Read(*cgroup, "pids", "pids.current"), "24");

  EXPECT_THAT(cgroup->Kill(kPatience), IsOk());

  EXPECT_THAT(cgroup->Populated(), IsOkAndHolds(false));
  EXPECT_TRUE(child->Wait(kPatience).has_value());
}

// Without cgroup.kill, as on older kernels and pure v1.
TEST_F(TaskCgroupTest, AForkBombIsKilledByFreezingToo) {
  ResourceLimits limits;
  limits.pids = Bound::Of(24);
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, ForkBomb);
  absl::SleepFor(absl::Milliseconds(200));
  const bool is_v2 = cgroup->dirs().unified.has_value();
  const std::string directory =
      is_v2 ? cgroup->dirs().unified->path
            : mounts_->Find("freezer")->mount_point + cgroup->path();
  const absl::StatusOr<UniqueFd> procs =
      OpenAt(AT_FDCWD, directory + "/cgroup.procs", O_RDONLY);
  const absl::StatusOr<UniqueFd> freeze =
      OpenAt(AT_FDCWD,
             directory + (is_v2 ? "/cgroup.freeze" : "/freezer.state"), O_RDWR);
  ASSERT_THAT(procs, IsOk());
  ASSERT_THAT(freeze, IsOk());

  EXPECT_EQ(KillCgroupUntilEmpty(
                -1, procs->get(), freeze->get(),
                is_v2 ? FreezeFile::kCgroupFreeze : FreezeFile::kFreezerState,
                absl::ToInt64Milliseconds(kPatience)),
            0);

  EXPECT_THAT(cgroup->Populated(), IsOkAndHolds(false));
  EXPECT_TRUE(child->Wait(kPatience).has_value());
  EXPECT_THAT(
      ReadFile(directory + (is_v2 ? "/cgroup.freeze" : "/freezer.state")),
      IsOkAndHolds(is_v2 ? "0\n" : "THAWED\n"));
}

TEST_F(TaskCgroupTest, AProcessThatTakesTooMuchMemoryIsKilledAndCounted) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(16 * kMiB);
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);
  EXPECT_THAT(cgroup->OomKills(), IsOkAndHolds(0));

  const auto child = Start(*cgroup, TakeMemory);
  const auto exit = child->Wait(kPatience);

  ASSERT_TRUE(exit.has_value());
  EXPECT_TRUE(WIFSIGNALED(*exit));
  EXPECT_EQ(WTERMSIG(*exit), SIGKILL);
  EXPECT_THAT(cgroup->OomKills(), IsOkAndHolds(1));
}

TEST_F(TaskCgroupTest, AKillFromOutsideIsNotCountedAsOutOfMemory) {
  const auto cgroup = Create("web", SmallLimits());
  ASSERT_NE(cgroup, nullptr);
  Start(*cgroup, Sleep)->Stop();
  EXPECT_THAT(cgroup->OomKills(), IsOkAndHolds(0));
}

}  // namespace
}  // namespace reeve
