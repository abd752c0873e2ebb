#ifndef REEVE_TESTS_INTEGRATION_SUPERVISOR_FIXTURE_H_
#define REEVE_TESTS_INTEGRATION_SUPERVISOR_FIXTURE_H_

#include <dirent.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "agent/state/state_directory.h"
#include "agent/tasks/task_supervisor.h"
#include "base/system_clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/sampler.h"
#include "collectors/snapshot_store.h"
#include "enforcement/cgroup/cgroup_parent.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "enforcement/launch/launcher.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {

class IgnoringCollectorObserver final : public CollectorObserver {
 public:
  void OnRound(absl::Duration, absl::Duration, uint64_t, uint64_t) override {}
  void OnError(absl::string_view, const absl::Status&) override {}
};

class CountingTaskObserver final : public TaskObserver {
 public:
  void OnLaunch(const absl::Status& status, absl::Duration) override {
    ++(status.ok() ? launched : failed);
  }
  void OnExit(const ExitStatus&) override { ++exited; }
  void OnUpdate(const ResourceLimits&, const absl::Status&,
                absl::Duration) override {}
  void OnCgroupLeaked(const absl::Status&) override { ++leaked; }

  std::atomic<int> launched{0};
  std::atomic<int> failed{0};
  std::atomic<int> exited{0};
  std::atomic<int> leaked{0};
};

constexpr size_t kMaxExitedTasks = 8;

// All that a supervisor needs, as the agent puts it together.
class World {
 public:
  World(const std::string& state_dir, const std::string& cgroup_parent)
      : state_(StateDirectory::Open(state_dir).value()),
        mounts_(CgroupMounts::Discover().value()),
        controller_(mounts_),
        sampler_(SamplerOptions{absl::Milliseconds(200)}, clock_, store_,
                 ignoring_),
        launcher_(
            {RunfilePath("enforcement/shim/reeve-shim"), absl::Seconds(15)}),
        supervisor_({&clock_, &mounts_, &controller_, &sampler_, &launcher_,
                     &state_, &observer_},
                    OptionsFor(cgroup_parent)),
        cgroup_parent_(cgroup_parent) {
    sampler_.Start();
    EXPECT_THAT(supervisor_.Start(), IsOk());
  }

  ~World() {
    supervisor_.Stop();
    sampler_.Stop();
    RemoveParentIfEmpty(mounts_, cgroup_parent_);
  }

  TaskSupervisor& supervisor() { return supervisor_; }
  const CountingTaskObserver& observer() const { return observer_; }
  const StateDirectory& state() const { return state_; }
  const CgroupMounts& mounts() const { return mounts_; }
  Sampler& sampler() { return sampler_; }
  const SnapshotStore& store() const { return store_; }

 private:
  static TaskSupervisor::Options OptionsFor(const std::string& cgroup_parent) {
    TaskSupervisor::Options options;
    options.cgroup_parent = cgroup_parent;
    options.max_exited_tasks = kMaxExitedTasks;
    return options;
  }

  SystemClock clock_;
  StateDirectory state_;
  CgroupMounts mounts_;
  LibcgroupController controller_;
  SnapshotStore store_;
  IgnoringCollectorObserver ignoring_;
  CountingTaskObserver observer_;
  Sampler sampler_;
  Launcher launcher_;
  TaskSupervisor supervisor_;
  std::string cgroup_parent_;
};

// Descriptors that the test has open.
inline size_t CountOpenFiles() {
  size_t count = 0;
  DIR* const dir = opendir("/proc/self/fd");
  while (readdir(dir) != nullptr) ++count;
  closedir(dir);
  return count;
}

// Has a supervisor, with a parent cgroup and a state directory of its own.
class TaskSupervisorTest : public ::testing::Test {
 protected:
  // Whether something becomes true, however slow the machine is.
  template <typename Condition>
  static bool Soon(const Condition& is_true) {
    const absl::Time until = absl::Now() + absl::Seconds(20);
    while (!is_true()) {
      if (absl::Now() > until) return false;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return true;
  }

  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to make cgroups";
    world_.emplace(tree_.Path("state"), parent_);
  }

  void TearDown() override {
    if (!world_.has_value()) return;
    for (const auto& task : world_->supervisor().List()) {
      (void)world_->supervisor().Stop(task->id(), "", absl::ZeroDuration());
    }
    const CgroupMounts mounts = world_->mounts();
    world_.reset();
    EXPECT_THAT(CgroupsLeft(mounts), ::testing::IsEmpty());
  }

  std::vector<std::string> CgroupsLeft(const CgroupMounts& mounts) {
    std::vector<std::string> left;
    for (const CgroupHierarchy& hierarchy : mounts.hierarchies()) {
      const std::string path = absl::StrCat(hierarchy.mount_point, parent_);
      if (access(path.c_str(), F_OK) == 0) left.push_back(path);
    }
    return left;
  }

  absl::StatusOr<std::shared_ptr<Task>> Launch(const std::string& id,
                                               std::vector<std::string> command,
                                               ResourceLimits limits = {}) {
    TaskSpec spec;
    spec.id = id;
    spec.command = std::move(command);
    spec.limits = std::move(limits);
    return world_->supervisor().Launch(std::move(spec), {}, false);
  }

  // Ends the supervisor as a killed agent would, and starts another on the same
  // state.
  void RestartAgent() {
    world_.reset();
    world_.emplace(tree_.Path("state"), parent_);
  }

  FakeTree tree_;
  std::string parent_ = absl::StrCat("/reeve-test-", getpid());
  std::optional<World> world_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_SUPERVISOR_FIXTURE_H_
