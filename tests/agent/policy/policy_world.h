#ifndef REEVE_TESTS_AGENT_POLICY_POLICY_WORLD_H_
#define REEVE_TESTS_AGENT_POLICY_POLICY_WORLD_H_

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "agent/policy/policy_decision.h"
#include "agent/policy/policy_engine.h"
#include "agent/policy/policy_file.h"
#include "agent/policy/policy_view.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {

// A made-up task, whose counters grow each second as its fields say.
struct MadeUpTask {
  PolicyTask seen;
  uint64_t inode = 1;
  // Of the next second.
  uint64_t periods = 0;
  uint64_t throttled = 0;
  double used_cores = 0;
  uint64_t high_events = 0;
  // Part of it in which it waits for memory.
  std::optional<double> pressure;
  // So far.
  uint64_t all_periods = 0;
  uint64_t all_throttled = 0;
  uint64_t all_high_events = 0;
  uint64_t all_waiting_ns = 0;
};

// Tasks and groups that a policy is tried on, second by second.
class PolicyWorld {
 public:
  explicit PolicyWorld(const std::string& policy) {
    absl::StatusOr<Policy> parsed = ParsePolicy(policy);
    EXPECT_THAT(parsed, IsOk());
    if (parsed.ok()) engine_.emplace(*std::move(parsed), absl::Seconds(1));
  }

  // Goes by another policy from now on.
  void Follow(const std::string& policy) {
    absl::StatusOr<Policy> parsed = ParsePolicy(policy);
    ASSERT_THAT(parsed, IsOk());
    engine_->Follow(*std::move(parsed));
  }

  // With a limit of 0.2 cores, which it had at its launch, and may have 1.
  MadeUpTask& AddTask(const std::string& id, const std::string& group = "") {
    MadeUpTask& task = tasks_.emplace_back();
    task.seen.id = id;
    task.seen.group = group;
    task.seen.runs = true;
    task.seen.started_at = absl::UnixEpoch() + now_;
    task.seen.bounds.cpus_max = 1;
    task.seen.launch_cores = 0.2;
    task.seen.limits.cpu_cores = 0.2;
    return task;
  }

  // With a memory limit of 100 MiB, of which so much is anonymous memory.
  void SetGroup(const std::string& name, uint64_t anon_bytes,
                std::optional<double> pressure = std::nullopt) {
    group_ = {name};
    group_->anon_bytes = anon_bytes;
    group_->pressure = pressure;
  }

  void Forget(const std::string& id) {
    tasks_.remove_if(
        [&id](const MadeUpTask& task) { return task.seen.id == id; });
  }

  // What is decided after another second.
  std::vector<PolicyDecision> Second() {
    now_ += absl::Seconds(1);
    PolicyView view;
    view.now = now_;
    for (MadeUpTask& task : tasks_) {
      task.seen.sample = SampleOf(task);
      view.tasks.push_back(task.seen);
    }
    if (group_.has_value()) view.groups.push_back(ViewOf(*group_));
    return engine_->Decide(view);
  }

  // All that is decided within so many seconds.
  std::vector<PolicyDecision> Seconds(int count) {
    std::vector<PolicyDecision> all;
    for (int i = 0; i < count; ++i) {
      for (PolicyDecision& decision : Second()) {
        all.push_back(std::move(decision));
      }
    }
    return all;
  }

  // Seconds until something is decided, and what; nullopt within ten minutes.
  std::optional<PolicyDecision> Next(int* seconds = nullptr) {
    constexpr int kMost = 600;
    for (int i = 1; i <= kMost; ++i) {
      std::vector<PolicyDecision> decisions = Second();
      if (decisions.empty()) continue;
      EXPECT_EQ(decisions.size(), 1u);
      if (seconds != nullptr) *seconds = i;
      return decisions[0];
    }
    return std::nullopt;
  }

 private:
  struct MadeUpGroup {
    std::string name;
    uint64_t anon_bytes = 0;
    std::optional<double> pressure = {};
    uint64_t all_waiting_ns = 0;
  };

  std::shared_ptr<const TaskSnapshot> SampleOf(MadeUpTask& task) const {
    task.all_periods += task.periods;
    task.all_throttled += task.throttled;
    task.all_high_events += task.high_events;
    auto sample = std::make_shared<TaskSnapshot>();
    sample->cgroup.taken_at = now_;
    sample->cgroup.inode = task.inode;
    sample->cgroup.cpu_periods = task.all_periods;
    sample->cgroup.cpu_throttled_periods = task.all_throttled;
    sample->cgroup.memory_high_events = task.all_high_events;
    sample->cpu_percent = task.used_cores * 100;
    sample->extra = Waited(task.pressure, &task.all_waiting_ns);
    return sample;
  }

  PolicyGroup ViewOf(MadeUpGroup& group) const {
    PolicyGroup view;
    view.name = group.name;
    view.limits.memory_bytes = uint64_t{100} << 20;
    auto sample = std::make_shared<TaskSnapshot>();
    sample->cgroup.taken_at = now_;
    sample->cgroup.inode = 77;
    sample->cgroup.memory_anon_bytes = group.anon_bytes;
    sample->extra = Waited(group.pressure, &group.all_waiting_ns);
    view.sample = std::move(sample);
    return view;
  }

  static std::shared_ptr<const ExtraSample> Waited(
      const std::optional<double>& part, uint64_t* all_ns) {
    if (!part.has_value()) return nullptr;
    constexpr double kSecondNs = 1e9;
    *all_ns += static_cast<uint64_t>(*part * kSecondNs);
    auto extra = std::make_shared<ExtraSample>();
    extra->memory_pressure.waiting_ns = *all_ns;
    return extra;
  }

  std::optional<PolicyEngine> engine_;
  absl::Duration now_ = absl::Hours(1);
  std::list<MadeUpTask> tasks_;
  std::optional<MadeUpGroup> group_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_AGENT_POLICY_POLICY_WORLD_H_
