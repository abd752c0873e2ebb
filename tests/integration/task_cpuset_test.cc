// The CPUs and memory nodes of a task on the real kernel, whatever version its
// cpuset controller has.

#include <fcntl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/cpu_list.h"
#include "base/file.h"
#include "enforcement/cgroup/tree_processes.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/cpuset_host.h"
#include "tests/integration/process_view.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/cgroup_child.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Optional;

// Starts short processes one after the other, as shell scripts do.
int ForkAgainAndAgain() {
  while (true) {
    const pid_t child = fork();
    if (child == 0) {
      usleep(2000);
      _exit(0);
    }
    waitpid(child, nullptr, 0);
  }
}

// Each process is gone as soon as it has made the next. None outlives a test
// that fails to stop it.
int ForkAndEnd() {
  while (fork() != 0) _exit(0);
  while (true) {
    alarm(60);
    if (fork() != 0) _exit(0);
  }
}

class TaskCpusetTest : public TaskCgroupTest {
 protected:
  void SetUp() override {
    TaskCgroupTest::SetUp();
    if (IsSkipped()) return;
    const CpusetHost host = LookForCpusets(*mounts_, parent_);
    if (!host.why_not.empty()) GTEST_SKIP() << host.why_not;
    all_ = host.all();
    first_ = absl::StrCat(host.cpus[0]);
    second_ = absl::StrCat(host.cpus[1]);
    nodes_ = FormatCpuList(host.mems);
    above_ = absl::StrCat(host.cpus.back() + 1);
  }

  // Affinities of all processes of the cgroup, by any hierarchy.
  std::set<std::string> Affinities(const TaskCgroup& cgroup) const {
    const absl::StatusOr<UniqueFd> dir =
        OpenDirAt(AT_FDCWD, cgroup.dirs().pids->path);
    EXPECT_THAT(dir, IsOk());
    const absl::StatusOr<std::set<pid_t>> pids = TreeProcesses(dir->get());
    EXPECT_THAT(pids, IsOk());
    std::set<std::string> affinities;
    for (const pid_t pid : *pids) affinities.insert(AffinityOf(pid));
    affinities.erase("");
    return affinities;
  }

  bool SettlesOn(const TaskCgroup& cgroup, const std::string& cpus) const {
    const absl::Time deadline = absl::Now() + absl::Seconds(1);
    while (Affinities(cgroup) != std::set<std::string>{cpus}) {
      if (absl::Now() > deadline) return false;
      usleep(1000);
    }
    return true;
  }

  std::string CpusetDirectory(const std::string& path) const {
    return absl::StrCat(mounts_->Find("cpuset")->mount_point, path);
  }

  std::string all_;
  std::string first_;
  std::string second_;
  std::string nodes_;
  // A CPU that is not there.
  std::string above_;
};

TEST_F(TaskCpusetTest, ATaskWithoutOneHasNoCgroupForIt) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  if (!IsV1("cpuset")) GTEST_SKIP() << "cgroup v2 has one hierarchy for all";
  EXPECT_THAT(DirectoriesOf(cgroup->path()),
              Not(Contains(CpusetDirectory(cgroup->path()))));
}

TEST_F(TaskCpusetTest, ItsDirectoryIsThereOnceItWasAskedFor) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const bool is_v1 = IsV1("cpuset");
  EXPECT_TRUE(!is_v1 || !cgroup->dirs().cpuset.has_value());

  ASSERT_THAT(cgroup->Update(Chosen(second_)), IsOk());

  ASSERT_TRUE(cgroup->dirs().cpuset.has_value());
  EXPECT_EQ(cgroup->dirs().cpuset->path, CpusetDirectory(cgroup->path()));
  const auto opened = TaskCgroup::Open(*controller_, *mounts_, parent_, "web");
  ASSERT_THAT(opened, IsOk());
  ASSERT_TRUE((*opened)->dirs().cpuset.has_value());
}

TEST_F(TaskCpusetTest, AnUpdateTakesEveryProcessOfARunningTask) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto first = Start(*cgroup, ForkAgainAndAgain);
  const auto second = Start(*cgroup, ForkAgainAndAgain);

  for (const std::string& cpus : {second_, first_, all_}) {
    ASSERT_THAT(cgroup->Update(Chosen(cpus)), IsOk());
    // The kernel gives a child that was being forked meanwhile the CPUs of its
    // parent a moment after it has shown the child.
    EXPECT_TRUE(SettlesOn(*cgroup, cpus));
    for (int i = 0; i < 20; ++i) {
      EXPECT_THAT(Affinities(*cgroup), Each(cpus));
      usleep(1000);
    }
    EXPECT_EQ(AffinityOf(first->pid()), cpus);
    EXPECT_THAT(cgroup->Limits().cpuset_cpus, Optional(cpus));
  }
  ASSERT_THAT(cgroup->Kill(kPatience), IsOk());
  first->Stop();
  second->Stop();
  EXPECT_THAT(cgroup->Remove(kPatience), IsOk());
  EXPECT_THAT(DirectoriesOf(cgroup->path()), IsEmpty());
}

TEST_F(TaskCpusetTest, AnUpdateCatchesATaskThatIsNeverTheSameProcess) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, ForkAndEnd);

  const auto updated = cgroup->Update(Chosen(second_));

  EXPECT_THAT(updated, IsOk());
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(Affinities(*cgroup), Each(second_));
  }
  EXPECT_THAT(cgroup->IsFrozen(), IsOkAndHolds(false));
  EXPECT_THAT(cgroup->Kill(kPatience), IsOk());
}

TEST_F(TaskCpusetTest, AFrozenTaskIsUpdatedAndStaysFrozen) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, Sleep);
  ASSERT_THAT(cgroup->Freeze(kPatience), IsOk());

  EXPECT_THAT(cgroup->Update(Chosen(second_)), IsOk());

  EXPECT_THAT(cgroup->IsFrozen(), IsOkAndHolds(true));
  EXPECT_THAT(cgroup->Thaw(), IsOk());
  EXPECT_EQ(AffinityOf(child->pid()), second_);
}

TEST_F(TaskCpusetTest, AnEmptyListIsAllThatTheParentHas) {
  const auto cgroup = Create("web", Chosen(first_));
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, Sleep);

  const auto written = cgroup->Update(Chosen(""));

  ASSERT_THAT(written, IsOk());
  EXPECT_THAT(written->written,
              Contains(Field(&LimitSetting::requested, "all")));
  EXPECT_EQ(AffinityOf(child->pid()), all_);
  EXPECT_FALSE(cgroup->Limits().cpuset_cpus.has_value());
}

TEST_F(TaskCpusetTest, CpusThatAreNotThereAreRefusedBeforeAnythingIsMade) {
  EXPECT_THAT(TaskCgroup::Create(*controller_, *mounts_, parent_, "web",
                                 Chosen(first_ + "," + above_)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("there is no " + above_),
                             HasSubstr("some of " + all_))));
  EXPECT_THAT(DirectoriesOf(parent_), IsEmpty());

  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const std::vector<std::string> before = DirectoriesOf(cgroup->path());
  EXPECT_THAT(cgroup->Update(Chosen(above_)),
              StatusIs(absl::StatusCode::kInvalidArgument));
  ResourceLimits nodes;
  nodes.cpuset_mems = "8191";
  EXPECT_THAT(cgroup->Update(nodes),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("there is no 8191")));
  EXPECT_EQ(DirectoriesOf(cgroup->path()), before);
}

TEST_F(TaskCpusetTest, ReservedCpusAreThoseThatAreSaidWithTheirNumber) {
  ResourceLimits limits;
  limits.reserved_cpus = 1;
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);
  EXPECT_THAT(cgroup->Update(limits),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("1 reserved CPUs")));
  limits.cpuset_cpus = second_;

  EXPECT_THAT(cgroup->Update(limits), IsOk());

  EXPECT_THAT(cgroup->Settings(),
              Contains(AllOf(Field(&LimitSetting::requested, "1 reserved"),
                             Field(&LimitSetting::applied, second_),
                             Field(&LimitSetting::read_back, second_))));
  EXPECT_THAT(cgroup->Limits().reserved_cpu_count, Optional(1));
}

TEST_F(TaskCpusetTest, CpusCannotBeReservedWithoutTheController) {
  std::vector<CgroupHierarchy> hierarchies = mounts_->hierarchies();
  for (CgroupHierarchy& hierarchy : hierarchies) {
    auto& names = hierarchy.controllers;
    names.erase(std::remove(names.begin(), names.end(), "cpuset"), names.end());
  }
  const CgroupMounts without(hierarchies);
  ResourceLimits limits;
  limits.reserved_cpus = 1;

  EXPECT_THAT(TaskCgroup::Create(*controller_, without, parent_, "web", limits),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cpuset")));
  EXPECT_THAT(DirectoriesOf(parent_), IsEmpty());
}

TEST_F(TaskCpusetTest, AnUpdateThatFailsLimitsNothing) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, Sleep);
  ResourceLimits limits = Chosen(second_);
  limits.cpu_burst_usec = 1000;  // Without a quota.

  EXPECT_THAT(cgroup->Update(limits),
              StatusIs(absl::StatusCode::kInvalidArgument));

  EXPECT_EQ(AffinityOf(child->pid()), all_);
  EXPECT_THAT(cgroup->Settings(), IsEmpty());
  EXPECT_FALSE(cgroup->Limits().cpuset_cpus.has_value());
  child->Stop();
  EXPECT_THAT(cgroup->Remove(kPatience), IsOk());
  EXPECT_THAT(DirectoriesOf(cgroup->path()), IsEmpty());
}

TEST_F(TaskCpusetTest, AnUpdateDuringALaunchTakesTheProcessToo) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const absl::StatusOr<CgroupEntry> entry = cgroup->OpenEntry();
  ASSERT_THAT(entry, IsOk());
  ASSERT_THAT(cgroup->Update(Chosen(second_)), IsOk());
  CgroupChild child(*entry, Sleep);

  ASSERT_THAT(cgroup->FinishEntry(entry->v1_count), IsOk());

  EXPECT_EQ(AffinityOf(child.pid()), second_);
}

TEST_F(TaskCpusetTest, AnotherAgentFindsItAndGoesOn) {
  const auto first = Create("web");
  ASSERT_NE(first, nullptr);
  const auto child = Start(*first, Sleep);
  ASSERT_THAT(first->Update(Chosen(second_)), IsOk());

  const auto second = TaskCgroup::Open(*controller_, *mounts_, parent_, "web");

  ASSERT_THAT(second, IsOk());
  EXPECT_THAT((*second)->Limits().cpuset_cpus, Optional(second_));
  EXPECT_FALSE((*second)->Limits().cpuset_mems.has_value());
  EXPECT_THAT((*second)->Settings(), testing::SizeIs(1));
  ASSERT_THAT((*second)->Update(Chosen(first_)), IsOk());
  EXPECT_EQ(AffinityOf(child->pid()), first_);
  child->Stop();
  EXPECT_THAT((*second)->Remove(kPatience), IsOk());
  EXPECT_THAT(DirectoriesOf(first->path()), IsEmpty());
}

TEST_F(TaskCpusetTest, ACgroupThatIsGoneIsNotMadeAgain) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  ASSERT_THAT(cgroup->Remove(kPatience), IsOk());

  EXPECT_THAT(cgroup->Update(Chosen(second_)),
              StatusIs(absl::StatusCode::kNotFound));

  EXPECT_THAT(DirectoriesOf(cgroup->path()), IsEmpty());
}

}  // namespace
}  // namespace reeve
