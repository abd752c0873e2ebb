#include "agent/policy/policy_runner.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// One throttled task and one full group, and actions as slow as the test wants.
class MadeUpTasks final : public PolicyTasks {
 public:
  PolicyView Look(const Snapshot& /*snapshot*/, absl::Duration now) override {
    absl::MutexLock lock(&mutex_);
    ++looks_;
    PolicyView view;
    view.now = now;
    for (const char* id : {"a", "b"}) {
      PolicyTask task;
      task.id = id;
      task.group = "shop";
      task.runs = true;
      task.bounds.cpus_max = 1;
      task.limits.cpu_cores = 0.2;
      auto sample = std::make_shared<TaskSnapshot>();
      sample->cgroup.taken_at = now;
      sample->cgroup.cpu_periods = 10 * looks_;
      sample->cgroup.cpu_throttled_periods = 10 * looks_;
      task.sample = std::move(sample);
      view.tasks.push_back(std::move(task));
    }
    PolicyGroup group;
    group.name = "shop";
    group.limits.memory_bytes = 100;
    auto sample = std::make_shared<TaskSnapshot>();
    sample->cgroup.taken_at = now;
    sample->cgroup.memory_anon_bytes = 100;
    group.sample = std::move(sample);
    view.groups.push_back(std::move(group));
    return view;
  }

  absl::Status SetCores(const std::string& task, double cores) override {
    Note(absl::StrCat("cores ", task, " ", cores));
    if (hold != nullptr) hold->WaitForNotification();
    absl::MutexLock lock(&mutex_);
    return status_;
  }

  absl::Status SetMemoryHigh(const std::string& task, uint64_t bytes) override {
    Note(absl::StrCat("high ", task, " ", bytes));
    return absl::OkStatus();
  }

  absl::Status Stop(const std::string& task,
                    std::optional<absl::Duration> grace) override {
    Note(absl::StrCat("stop ", task, " ",
                      grace ? absl::FormatDuration(*grace) : "as it says"));
    if (hold != nullptr) hold->WaitForNotification();
    return absl::OkStatus();
  }

  void Fail(const std::string& why) {
    absl::MutexLock lock(&mutex_);
    status_ = absl::InternalError(why);
  }

  uint64_t looks() {
    absl::MutexLock lock(&mutex_);
    return looks_;
  }
  std::vector<std::string> done() {
    absl::MutexLock lock(&mutex_);
    return done_;
  }

  // Set before the runner begins: actions wait for it.
  absl::Notification* hold = nullptr;

 private:
  void Note(std::string what) {
    absl::MutexLock lock(&mutex_);
    done_.push_back(std::move(what));
  }

  absl::Mutex mutex_;
  uint64_t looks_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> done_ ABSL_GUARDED_BY(mutex_);
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

class KeepingObserver final : public TaskObserver {
 public:
  void OnEvent(const TaskEvent& event) override {
    absl::MutexLock lock(&mutex_);
    events_.push_back(event);
  }

  std::vector<TaskEvent> events() {
    absl::MutexLock lock(&mutex_);
    return events_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<TaskEvent> events_ ABSL_GUARDED_BY(mutex_);
};

std::string AttributesText(const TaskEvent& event) {
  return absl::StrJoin(event.attributes, " ", absl::PairFormatter("="));
}

class PolicyRunnerTest : public ::testing::Test {
 protected:
  void Start(const std::string& policy) {
    tree_.Write("policy.yml", policy);
    absl::StatusOr<std::unique_ptr<PolicySource>> source =
        PolicySource::Open(tree_.Path("policy.yml"), {});
    ASSERT_THAT(source, IsOk());
    runner_ = std::make_unique<PolicyRunner>(
        PolicyRunner::Parts{&store_, &tasks_, &observer_, &metrics_, &clock_},
        *std::move(source), absl::Seconds(1));
    runner_->Start();
  }

  void Publish() {
    clock_.Advance(absl::Seconds(1));
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->generation = ++generation_;
    store_.Publish(std::move(snapshot));
  }

  // One look at each of so many snapshots.
  bool Rounds(int count) {
    for (int i = 0; i < count; ++i) {
      const uint64_t before = tasks_.looks();
      Publish();
      if (!Soon([&] { return tasks_.looks() > before; })) return false;
    }
    return true;
  }

  template <typename Condition>
  static bool Soon(const Condition& is_true) {
    for (int i = 0; i < 6000; ++i) {
      if (is_true()) return true;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return false;
  }

  std::string Page() {
    std::string page;
    metrics_.AppendText(nullptr, &page);
    return page;
  }

  FakeTree tree_;
  FakeClock clock_;
  SnapshotStore store_;
  AgentMetrics metrics_{{"1", "a", "gcc"}, clock_};
  KeepingObserver observer_;
  MadeUpTasks tasks_;
  std::unique_ptr<PolicyRunner> runner_;
  uint64_t generation_ = 0;
};

constexpr char kRaise[] =
    "dry_run: false\nrules:\n"
    "  - {name: up, action: raise_cpus, tasks: a, for: 2s, cooldown: 1h}\n";
constexpr char kStop[] =
    "dry_run: false\nrules:\n"
    "  - {name: stop, action: stop_lowest_priority, for: 2s, cooldown: 1h}\n";

TEST_F(PolicyRunnerTest, AnActionIsDoneToldAndCounted) {
  Start(kRaise);
  ASSERT_TRUE(Rounds(4));

  ASSERT_TRUE(Soon([this] { return !observer_.events().empty(); }));
  EXPECT_THAT(tasks_.done(), ElementsAre("cores a 0.3"));
  const TaskEvent event = observer_.events()[0];
  EXPECT_EQ(event.type, EventType::kPolicyAction);
  EXPECT_EQ(event.task, "a");
  EXPECT_EQ(event.group, "shop");
  EXPECT_EQ(AttributesText(event),
            "rule=up action=raise_cpus result=applied "
            "seen=100% of its periods throttled, for 2.0s from=0.2 to=0.3");
  EXPECT_THAT(Page(), HasSubstr("reeve_policy_actions_total{action="
                                "\"raise_cpus\",result=\"applied\",rule="
                                "\"up\"} 1\n"));
}

TEST_F(PolicyRunnerTest, ADryRunDoesNothingAndSaysSo) {
  Start("rules:\n  - {name: up, action: raise_cpus, tasks: a, for: 2s}\n");
  ASSERT_TRUE(Rounds(4));

  ASSERT_TRUE(Soon([this] { return !observer_.events().empty(); }));
  EXPECT_THAT(AttributesText(observer_.events()[0]),
              HasSubstr("result=dry_run"));
  EXPECT_TRUE(tasks_.done().empty());
  EXPECT_THAT(Page(), HasSubstr("result=\"dry_run\",rule=\"up\"} 1\n"));
}

TEST_F(PolicyRunnerTest, AnActionThatFailsIsToldWithItsReason) {
  tasks_.Fail("the kernel says no");
  Start(kRaise);
  ASSERT_TRUE(Rounds(4));

  ASSERT_TRUE(Soon([this] { return !observer_.events().empty(); }));
  EXPECT_THAT(AttributesText(observer_.events()[0]),
              HasSubstr("result=failed"));
  EXPECT_THAT(AttributesText(observer_.events()[0]),
              HasSubstr("reason=the kernel says no"));
  EXPECT_THAT(Page(), HasSubstr("result=\"failed\",rule=\"up\"} 1\n"));
}

TEST_F(PolicyRunnerTest, ASlowActionHoldsUpNeitherSamplingNorItsEnd) {
  absl::Notification hold;
  tasks_.hold = &hold;
  Start(kRaise);
  ASSERT_TRUE(Rounds(3));
  ASSERT_TRUE(Soon([this] { return !tasks_.done().empty(); }));

  // The publisher goes on, whatever the action does.
  for (int i = 0; i < 100; ++i) Publish();
  EXPECT_EQ(store_.Latest()->generation, generation_);
  EXPECT_TRUE(observer_.events().empty());
  hold.Notify();
  ASSERT_TRUE(Soon([this] { return !observer_.events().empty(); }));
}

TEST_F(PolicyRunnerTest, AStopHoldsUpNoOtherRule) {
  absl::Notification hold;
  tasks_.hold = &hold;
  Start(kStop);
  ASSERT_TRUE(Rounds(3));
  ASSERT_TRUE(Soon([this] { return !tasks_.done().empty(); }));
  EXPECT_THAT(tasks_.done(), ElementsAre("stop a as it says"));

  EXPECT_TRUE(Rounds(3));
  EXPECT_TRUE(observer_.events().empty());
  hold.Notify();
  runner_->Stop();
  // It waits for what is under way, and tells of it.
  ASSERT_EQ(observer_.events().size(), 1u);
  EXPECT_THAT(AttributesText(observer_.events()[0]),
              HasSubstr("result=applied"));
}

TEST_F(PolicyRunnerTest, AnotherRuleWaitsForAStopThatIsUnderWay) {
  absl::Notification hold;
  tasks_.hold = &hold;
  Start(
      "dry_run: false\nrules:\n"
      "  - {name: one, action: stop_lowest_priority, tasks: a, for: 1s}\n"
      "  - {name: two, action: stop_lowest_priority, tasks: b, for: 2s}\n");
  ASSERT_TRUE(Rounds(2));
  ASSERT_TRUE(Soon([this] { return !tasks_.done().empty(); }));

  // The task itself does not say that it ends, as one that only just begins to.
  EXPECT_TRUE(Rounds(6));
  EXPECT_THAT(tasks_.done(), ElementsAre("stop a as it says"));
  hold.Notify();
  EXPECT_TRUE(Soon([this] { return observer_.events().size() == 1; }));
}

TEST_F(PolicyRunnerTest, AChangedFileIsFollowedAndAWrongOneIsNot) {
  Start("rules: []\n");
  EXPECT_THAT(Page(), HasSubstr("\nreeve_policy_reload_success 1\n"));
  ASSERT_TRUE(Rounds(4));
  tree_.Write("policy.yml", "rules: wrong\n");
  ASSERT_TRUE(Rounds(1));
  EXPECT_THAT(Page(), HasSubstr("\nreeve_policy_reload_success 0\n"));
  EXPECT_THAT(Page(), HasSubstr("reeve_policy_rules{mode=\"active\"} 0\n"));

  tree_.Write("policy.yml", kRaise);
  ASSERT_TRUE(Rounds(5));
  EXPECT_THAT(Page(), HasSubstr("\nreeve_policy_reload_success 1\n"));
  EXPECT_THAT(Page(), HasSubstr("reeve_policy_rules{mode=\"active\"} 1\n"));
  ASSERT_TRUE(Soon([this] { return !tasks_.done().empty(); }));
}

TEST_F(PolicyRunnerTest, NothingIsDoneAfterItsStop) {
  Start(kRaise);
  ASSERT_TRUE(Rounds(1));
  runner_->Stop();
  const uint64_t looks = tasks_.looks();
  for (int i = 0; i < 10; ++i) Publish();

  EXPECT_EQ(tasks_.looks(), looks);
}

}  // namespace
}  // namespace reeve
