// Moves to the pool that fail, on the kernel's real cgroups behind a controller
// that fails when it is told to; and what a launch finds at each of its steps.

#include "agent/tasks/cpu_reservations.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/system_clock.h"
#include "collectors/sampler.h"
#include "collectors/snapshot_store.h"
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
using ::testing::HasSubstr;
using ::testing::Optional;

class NoObserver final : public CollectorObserver {
 public:
  void OnRound(absl::Duration, absl::Duration, uint64_t, uint64_t) override {}
  void OnError(absl::string_view, const absl::Status&) override {}
};

// The real one, but for cgroups that cannot be given a controller.
class StubbornController final : public CgroupController {
 public:
  explicit StubbornController(CgroupController& real) : real_(real) {}

  void Refuse(const std::string& cgroup) {
    absl::MutexLock lock(&mutex_);
    refused_.insert(cgroup);
  }

  absl::Status Create(const std::string& cgroup,
                      const std::vector<std::string>& controllers) override {
    return real_.Create(cgroup, controllers);
  }
  absl::Status Extend(const std::string& cgroup,
                      const std::vector<std::string>& controllers) override {
    absl::MutexLock lock(&mutex_);
    if (refused_.count(cgroup) > 0) {
      return absl::PermissionDeniedError("made to fail");
    }
    return real_.Extend(cgroup, controllers);
  }
  absl::Status Set(const std::string& cgroup,
                   const std::vector<CgroupSetting>& settings) override {
    return real_.Set(cgroup, settings);
  }
  absl::Status Remove(const std::string& cgroup) override {
    return real_.Remove(cgroup);
  }

 private:
  CgroupController& real_;
  absl::Mutex mutex_;
  std::set<std::string> refused_ ABSL_GUARDED_BY(mutex_);
};

class CpuReservationsTest : public TaskCgroupTest {
 protected:
  void SetUp() override {
    TaskCgroupTest::SetUp();
    if (IsSkipped()) return;
    const CpusetHost host = LookForCpusets(*mounts_, parent_);
    if (!host.why_not.empty()) GTEST_SKIP() << host.why_not;
    all_ = host.all();
    last_ = host.last();
    rest_ = host.all_but_last();
    stubborn_ = std::make_unique<StubbornController>(*controller_);
    sampler_ = std::make_unique<Sampler>(SamplerOptions{absl::Seconds(1)},
                                         clock_, store_, observer_);
    groups_ = std::make_unique<GroupRegistry>(
        Group::Parts{&clock_, mounts_.get(), stubborn_.get(), sampler_.get(),
                     /*records=*/nullptr,
                     /*high_records=*/nullptr},
        parent_);
    // Without its thread: children are forked.
    reservations_ = std::make_unique<CpuReservations>(
        CpuReservations::Parts{&tasks_, groups_.get(), sampler_.get()});
  }

  void TearDown() override {
    children_.clear();
    for (const auto& task : tasks_.List()) {
      if (task->cgroup() == nullptr) continue;
      EXPECT_THAT(task->cgroup()->Remove(kPatience), IsOk());
    }
    reservations_.reset();
    TaskCgroupTest::TearDown();
  }

  // The first step of a launch.
  std::shared_ptr<Task> Register(const std::string& id,
                                 const ResourceLimits& limits = {}) {
    TaskSpec spec;
    spec.id = id;
    spec.limits = limits;
    auto task = std::make_shared<Task>(std::move(spec), /*auto_remove=*/false);
    EXPECT_THAT(tasks_.Add(task), IsOk());
    return task;
  }

  // The second.
  void MakeCgroup(Task& task) {
    absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup = TaskCgroup::Create(
        *stubborn_, *mounts_, parent_, task.id(), task.spec().limits);
    ASSERT_THAT(cgroup, IsOk());
    task.SetCgroup(*std::move(cgroup));
  }

  // The last. Returns the process.
  pid_t StartProcess(Task& task) {
    children_.push_back(Start(*task.cgroup(), Sleep));
    const pid_t pid = children_.back()->pid();
    (void)task.MarkRunning(ProcessIdentity(), ProcessIdentity(), absl::Now());
    return pid;
  }

  absl::StatusOr<LimitUpdate> Update(Task& task, const ResourceLimits& limits) {
    return reservations_->Update(task, limits,
                                 [&task](const ResourceLimits& given) {
                                   return task.cgroup()->Update(given);
                                 });
  }

  SystemClock clock_;
  SnapshotStore store_;
  NoObserver observer_;
  TaskRegistry tasks_;
  std::unique_ptr<StubbornController> stubborn_;
  std::unique_ptr<Sampler> sampler_;
  std::unique_ptr<GroupRegistry> groups_;
  std::unique_ptr<CpuReservations> reservations_;
  std::vector<std::unique_ptr<CgroupChild>> children_;
  std::string all_;
  std::string last_;
  std::string rest_;
};

TEST_F(CpuReservationsTest, OneTaskThatCannotBeMovedUndoesItForAll) {
  const auto first = Register("a-first");
  MakeCgroup(*first);
  const auto stuck = Register("b-stuck");
  MakeCgroup(*stuck);
  const auto own = Register("own", Reserved(1));
  MakeCgroup(*own);
  const pid_t first_pid = StartProcess(*first);
  const pid_t stuck_pid = StartProcess(*stuck);
  stubborn_->Refuse(stuck->cgroup()->path());

  EXPECT_THAT(
      reservations_->Settle(*own),
      StatusIs(absl::StatusCode::kPermissionDenied,
               AllOf(HasSubstr("task b-stuck"), HasSubstr("made to fail"))));

  EXPECT_EQ(AffinityOf(first_pid), all_);
  EXPECT_EQ(AffinityOf(stuck_pid), all_);
  EXPECT_FALSE(first->Limits().cpuset_cpus.has_value());
  // Nobody is taken for one that has reserved.
  const auto chosen = Register("chosen", Chosen(last_));
  EXPECT_THAT(reservations_->Admit(*chosen), IsOk());
  MakeCgroup(*chosen);
  EXPECT_THAT(reservations_->Settle(*chosen), IsOk());
}

TEST_F(CpuReservationsTest, OneTaskThatCannotBeMovedUndoesAnUpdate) {
  const auto own = Register("own");
  MakeCgroup(*own);
  const auto stuck = Register("stuck");
  MakeCgroup(*stuck);
  const pid_t own_pid = StartProcess(*own);
  StartProcess(*stuck);
  stubborn_->Refuse(stuck->cgroup()->path());

  EXPECT_THAT(
      Update(*own, Reserved(1)),
      StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("task stuck")));

  EXPECT_EQ(AffinityOf(own_pid), all_);
  EXPECT_FALSE(own->Limits().reserved_cpu_count.has_value());
}

TEST_F(CpuReservationsTest, WithoutTheControllerAnUpdateMovesNobody) {
  std::vector<CgroupHierarchy> hierarchies = mounts_->hierarchies();
  for (CgroupHierarchy& hierarchy : hierarchies) {
    auto& names = hierarchy.controllers;
    names.erase(std::remove(names.begin(), names.end(), "cpuset"), names.end());
  }
  const auto own = Register("own");
  absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup = TaskCgroup::Create(
      *stubborn_, CgroupMounts(hierarchies), parent_, "own", ResourceLimits());
  ASSERT_THAT(cgroup, IsOk());
  own->SetCgroup(*std::move(cgroup));
  const auto other = Register("other");
  MakeCgroup(*other);
  const std::vector<std::string> before = DirectoriesOf(parent_ + "/other");

  EXPECT_THAT(Update(*own, Reserved(1)),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("cpuset")));

  EXPECT_EQ(DirectoriesOf(parent_ + "/other"), before);
  EXPECT_THAT(other->Limits().cpuset_cpus, std::nullopt);
}

TEST_F(CpuReservationsTest, ATaskThatHasEndedNeedNotBeMoved) {
  const auto ended = Register("ended");
  MakeCgroup(*ended);
  StartProcess(*ended);
  const auto removed = Register("removed");
  MakeCgroup(*removed);
  StartProcess(*removed);
  const auto own = Register("own", Reserved(1));
  MakeCgroup(*own);
  stubborn_->Refuse(ended->cgroup()->path());
  children_.clear();
  ASSERT_THAT(removed->cgroup()->Remove(kPatience), IsOk());

  EXPECT_THAT(reservations_->Settle(*own), IsOk());

  EXPECT_THAT(own->Limits().cpuset_cpus, Optional(last_));
}

TEST_F(CpuReservationsTest, AReservationFindsATaskThatOnlyHasItsCgroup) {
  const auto starting = Register("starting");
  MakeCgroup(*starting);
  ASSERT_THAT(reservations_->Settle(*starting), IsOk());
  const auto own = Register("own", Reserved(1));
  MakeCgroup(*own);

  ASSERT_THAT(reservations_->Settle(*own), IsOk());

  EXPECT_EQ(AffinityOf(StartProcess(*starting)), rest_);
  EXPECT_EQ(AffinityOf(StartProcess(*own)), last_);
}

TEST_F(CpuReservationsTest, ATaskWithoutACgroupYetFindsTheReservation) {
  const auto starting = Register("starting");
  const auto own = Register("own", Reserved(1));
  MakeCgroup(*own);
  ASSERT_THAT(reservations_->Settle(*own), IsOk());
  MakeCgroup(*starting);

  ASSERT_THAT(reservations_->Settle(*starting), IsOk());

  EXPECT_EQ(AffinityOf(StartProcess(*starting)), rest_);
}

TEST_F(CpuReservationsTest, WhatAStartingTaskHasChosenIsNotReserved) {
  const auto starting = Register("starting", Chosen(last_));
  ASSERT_THAT(reservations_->Admit(*starting), IsOk());
  const auto own = Register("own", Reserved(1));
  MakeCgroup(*own);

  ASSERT_THAT(reservations_->Settle(*own), IsOk());

  EXPECT_NE(own->Limits().cpuset_cpus, last_);
}

TEST_F(CpuReservationsTest, AnIdIsFreeOnceItsCpusAre) {
  const auto earlier = Register("own", Reserved(1));
  MakeCgroup(*earlier);
  ASSERT_THAT(reservations_->Settle(*earlier), IsOk());
  // It was forgotten, but not all of it is gone.
  const std::shared_ptr<TaskCgroup> cgroup = earlier->cgroup();
  tasks_.Erase("own");
  ASSERT_THAT(cgroup->Remove(kPatience), IsOk());
  const auto later = Register("own", Reserved(1));
  MakeCgroup(*later);

  EXPECT_THAT(
      reservations_->Settle(*later),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("earlier task own")));
  reservations_->Release(*earlier);
  EXPECT_THAT(reservations_->Settle(*later), IsOk());
  // Told once more, it takes nothing from its successor.
  reservations_->Release(*earlier);
  const auto greedy = Register("greedy", Chosen(last_));
  EXPECT_THAT(reservations_->Admit(*greedy),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(CpuReservationsTest, ATaskThatIsGoneReservesNothing) {
  const auto gone = Register("gone");
  MakeCgroup(*gone);
  ASSERT_THAT(gone->cgroup()->Remove(kPatience), IsOk());
  reservations_->Release(*gone);

  EXPECT_THAT(Update(*gone, Reserved(1)),
              StatusIs(absl::StatusCode::kFailedPrecondition));

  const auto chosen = Register("chosen", Chosen(last_));
  EXPECT_THAT(reservations_->Admit(*chosen), IsOk());
}

}  // namespace
}  // namespace reeve
