#include "exporters/prometheus/task_metrics.h"

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/variant.h"
#include "collectors/collector_set.h"
#include "collectors/snapshot.h"
#include "collectors/task_target.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/exporters/prometheus/snapshots.h"

namespace reeve {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Not;
using ::testing::StartsWith;

// The series that a task has: their family and label.
std::set<std::string> SeriesOf(const TaskSnapshot& task) {
  std::set<std::string> names;
  for (const TaskMetric& metric : TaskMetrics()) {
    for (const TaskSeries& series : metric.series) {
      if (absl::holds_alternative<absl::monostate>(series.value(task)))
        continue;
      names.insert(absl::StrCat(metric.name, "{", series.label, "}"));
    }
    const size_t items =
        metric.items.count == nullptr ? 0 : metric.items.count(task);
    for (size_t item = 0; item < items; ++item) {
      for (const ItemSeries& series : metric.item_series) {
        if (absl::holds_alternative<absl::monostate>(series.value(task, item)))
          continue;
        names.insert(absl::StrCat(metric.name, "{",
                                  metric.items.name(task, item), ",",
                                  series.label, "}"));
      }
    }
  }
  return names;
}

// The same task with other limits.
TaskSnapshot With(const LimitValues& limits, TaskSnapshot task) {
  TaskTarget target = *task.target;
  target.limits = limits;
  task.target = std::make_shared<const TaskTarget>(std::move(target));
  return task;
}

// The same task with a restart policy.
TaskSnapshot Restarted(TaskSnapshot task) {
  TaskTarget target = *task.target;
  target.restarts = 2;
  task.target = std::make_shared<const TaskTarget>(std::move(target));
  return task;
}

LimitValues AllLimits() {
  LimitValues limits = TaskOnV2().target->limits;
  limits.memory_high_bytes = 1;
  limits.memory_low_bytes = 1;
  limits.memory_min_bytes = 1;
  limits.memory_oom_group = 1;
  limits.cpu_burst_seconds = 1;
  limits.cpu_idle = 0;
  limits.cpuset_cpu_count = 1;
  limits.io_weight = 100;
  limits.io = {{"8:0", 1, 1, 1, 1}};
  limits.hugetlb = {{"2MB", 0}};
  return limits;
}

TEST(TaskMetricsTest, ATaskWithOrdinaryLimitsHasThirtySeriesAtMost) {
  EXPECT_LE(SeriesOf(TaskOnV1()).size(), 30u);
  EXPECT_LE(SeriesOf(TaskOnV2()).size(), 30u);
  EXPECT_LE(SeriesOf(TaskOnHybrid()).size(), 30u);
}

// Without it the test above would count too few.
TEST(TaskMetricsTest, EverySeriesIsThatOfSomeTask) {
  std::set<std::string> of_tasks =
      SeriesOf(WithExtra(Restarted(With(AllLimits(), TaskOnV1()))));
  of_tasks.merge(SeriesOf(With(AllLimits(), TaskOnV2())));
  size_t series = 0;
  for (const TaskMetric& metric : TaskMetrics()) {
    series += metric.series.size() + metric.item_series.size();
  }

  EXPECT_EQ(of_tasks.size(), series);
}

TEST(TaskMetricsTest, AFamilyOfAnOptionalCollectorIsOnlyInItsSamples) {
  std::set<std::string> names;
  for (const OptionalCollector& one : OptionalCollectors()) {
    names.insert(std::string(one.name));
  }
  std::set<std::string> used;
  for (const TaskMetric& metric : TaskMetrics()) {
    if (metric.optional_collector.empty()) continue;
    used.insert(std::string(metric.optional_collector));
    for (const TaskSeries& series : metric.series) {
      EXPECT_TRUE(
          absl::holds_alternative<absl::monostate>(series.value(TaskOnV2())))
          << metric.name;
    }
    if (metric.items.count != nullptr) {
      EXPECT_EQ(metric.items.count(TaskOnV2()), 0u) << metric.name;
    }
  }

  EXPECT_EQ(used, names);
}

TEST(TaskMetricsTest, OnlyATaskThatIsRestartedHasACountOfThat) {
  constexpr char kRestarts[] = "reeve_task_restarts_total{}";

  EXPECT_EQ(SeriesOf(Restarted(TaskOnV2())).count(kRestarts), 1u);
  EXPECT_EQ(SeriesOf(TaskOnV2()).count(kRestarts), 0u);
}

TEST(TaskMetricsTest, ALimitThatIsNotInForceHasNoSeries) {
  const TaskSnapshot task = TaskNamed("web");

  EXPECT_EQ(SeriesOf(With(TaskOnV2().target->limits, task)).size() -
                SeriesOf(task).size(),
            5u);
}

TEST(TaskMetricsTest, EventsOfALimitThatIsNotSetHaveNoSeries) {
  constexpr char kLow[] = "reeve_task_memory_events_total{event=\"low\"}";
  constexpr char kHigh[] = "reeve_task_memory_events_total{event=\"high\"}";
  LimitValues low;
  low.memory_low_bytes = 0;
  LimitValues min;
  min.memory_min_bytes = 4096;
  LimitValues high;
  high.memory_high_bytes = 4096;

  EXPECT_THAT(SeriesOf(TaskOnV2()),
              Not(AnyOf(Contains(kLow), Contains(kHigh))));
  EXPECT_THAT(SeriesOf(With(low, TaskOnV2())), Contains(kLow));
  EXPECT_THAT(SeriesOf(With(min, TaskOnV2())), Contains(kLow));
  EXPECT_THAT(SeriesOf(With(high, TaskOnV2())), Contains(kHigh));
}

TEST(TaskMetricsTest, BurstsAreShownOfATaskThatMayHaveSome) {
  constexpr char kPeriods[] = "reeve_task_cpu_cfs_burst_periods_total{}";
  constexpr char kSeconds[] = "reeve_task_cpu_cfs_burst_seconds_total{}";
  LimitValues limits;
  limits.cpu_burst_seconds = 0;

  EXPECT_THAT(SeriesOf(TaskOnV2()),
              Not(AnyOf(Contains(kPeriods), Contains(kSeconds))));
  EXPECT_THAT(SeriesOf(With(limits, TaskOnV2())), Contains(kPeriods));
  EXPECT_THAT(SeriesOf(With(limits, TaskOnV2())), Contains(kSeconds));
}

TEST(TaskMetricsTest, EveryFamilyIsInTheTableOnce) {
  std::set<std::string> names;
  for (const TaskMetric& metric : TaskMetrics()) {
    EXPECT_TRUE(names.insert(std::string(metric.name)).second) << metric.name;
  }
}

TEST(TaskMetricsTest, NamesSayTypeAndUnit) {
  for (const TaskMetric& metric : TaskMetrics()) {
    EXPECT_THAT(std::string(metric.name), StartsWith("reeve_task_"));
    EXPECT_THAT(std::string(metric.type), AnyOf("counter", "gauge"));
    EXPECT_EQ(metric.type == "counter", absl::EndsWith(metric.name, "_total"))
        << metric.name;
    // Cycles are counted in "ticks", as the hertz they come from.
    if (metric.unit == "cycles") continue;
    EXPECT_TRUE(absl::StrContains(metric.name, metric.unit)) << metric.name;
  }
}

TEST(TaskMetricsTest, EveryFamilySaysWhatItIsAndWhereItComesFrom) {
  for (const TaskMetric& metric : TaskMetrics()) {
    EXPECT_FALSE(metric.help.empty()) << metric.name;
    EXPECT_FALSE(metric.v1_source.empty() && metric.v2_source.empty())
        << metric.name;
    EXPECT_FALSE(metric.series.empty() && metric.item_series.empty())
        << metric.name;
  }
}

}  // namespace
}  // namespace reeve
