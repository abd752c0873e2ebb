#include "agent/events/sample_events.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/events/task_event.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CountingObserver final : public CollectorObserver {
 public:
  void OnRound(absl::Duration, absl::Duration, uint64_t, uint64_t) override {
    ++rounds;
  }
  void OnError(absl::string_view, const absl::Status&) override { ++errors; }

  int rounds = 0;
  int errors = 0;
};

class KeepingObserver final : public TaskObserver {
 public:
  void OnEvent(const TaskEvent& event) override {
    std::string text = absl::StrCat(EventTypeName(event.type), " ", event.task,
                                    " of ", event.group);
    for (const auto& [key, value] : event.attributes) {
      absl::StrAppend(&text, " ", key, "=", value);
    }
    events.push_back(std::move(text));
  }

  std::vector<std::string> events;
};

class SampleEventsTest : public ::testing::Test {
 protected:
  // One round, a second after the last.
  void Round(CgroupSample sample, bool is_final = false) {
    auto target = std::make_shared<TaskTarget>();
    target->id = "web";
    target->group = "shop";
    auto task = std::make_shared<TaskSnapshot>();
    task->target = std::move(target);
    sample.taken_at = absl::Seconds(++snapshot_.generation);
    task->cgroup = sample;
    task->is_final = is_final;
    snapshot_.tasks = {std::move(task)};
    events_.OnSnapshot(snapshot_);
  }

  static CgroupSample Periods(uint64_t periods, uint64_t throttled,
                              uint64_t inode = 1) {
    CgroupSample sample;
    sample.inode = inode;
    sample.cpu_periods = periods;
    sample.cpu_throttled_periods = throttled;
    return sample;
  }

  CountingObserver next_;
  SnapshotStore store_;
  KeepingObserver observer_;
  std::vector<std::string> kills_;
  Snapshot snapshot_;
  bool has_started_ = true;
  SampleEvents events_{next_, store_, observer_,
                       [this](const std::string& task) {
                         EXPECT_EQ(task, "web");
                         return has_started_;
                       },
                       [this](const std::string& task, uint64_t total) {
                         kills_.push_back(absl::StrCat(task, " ", total));
                       }};
};

TEST_F(SampleEventsTest, ATaskThatIsThrottledIsToldOfOnceUntilItIsNot) {
  Round(Periods(10, 0));
  Round(Periods(20, 5));
  Round(Periods(30, 15));
  for (uint64_t i = 4; i <= 6; ++i) Round(Periods(i * 10, 15));

  EXPECT_THAT(observer_.events,
              ElementsAre("throttled web of shop ratio=0.50",
                          "unthrottled web of shop ratio=0.00"));
}

TEST_F(SampleEventsTest, NothingIsToldBeforeTheStart) {
  has_started_ = false;
  CgroupSample sample = Periods(10, 5);
  sample.oom_kills = 1;
  Round(sample);
  sample.cpu_periods = 20;
  sample.cpu_throttled_periods = 15;
  Round(sample);
  EXPECT_THAT(observer_.events, IsEmpty());
  EXPECT_THAT(kills_, IsEmpty());

  has_started_ = true;
  Round(sample);
  sample.cpu_periods = 30;
  sample.cpu_throttled_periods = 25;
  Round(sample);

  EXPECT_THAT(kills_, ElementsAre("web 1", "web 1"));
  EXPECT_THAT(observer_.events,
              ElementsAre("throttled web of shop ratio=1.00"));
}

TEST_F(SampleEventsTest, AnotherCgroupIsAnotherTask) {
  Round(Periods(10, 0, /*inode=*/1));
  Round(Periods(100, 90, /*inode=*/2));
  EXPECT_THAT(observer_.events, IsEmpty());

  Round(Periods(110, 95, /*inode=*/2));
  EXPECT_THAT(observer_.events,
              ElementsAre("throttled web of shop ratio=0.50"));
}

TEST_F(SampleEventsTest, ATaskWithoutThoseCountersIsNotThrottled) {
  Round({});
  Round({});
  EXPECT_THAT(observer_.events, IsEmpty());
}

TEST_F(SampleEventsTest, KillsAreNotedWhileTheTaskRuns) {
  CgroupSample sample;
  sample.oom_kills = 0;
  Round(sample);
  EXPECT_THAT(kills_, IsEmpty());

  sample.oom_kills = 2;
  Round(sample);
  Round(sample, /*is_final=*/true);
  EXPECT_THAT(kills_, ElementsAre("web 2"));
}

TEST_F(SampleEventsTest, TheOtherObserverIsToldAsBefore) {
  auto published = std::make_shared<Snapshot>();
  store_.Publish(published);
  events_.OnRound(absl::Seconds(1), absl::ZeroDuration(), 1, 0);
  events_.OnError("cpu", absl::InternalError("x"));

  EXPECT_EQ(next_.rounds, 1);
  EXPECT_EQ(next_.errors, 1);
}

}  // namespace
}  // namespace reeve
