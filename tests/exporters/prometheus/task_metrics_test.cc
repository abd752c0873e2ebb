#include "exporters/prometheus/task_metrics.h"

#include <cstddef>
#include <memory>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/types/variant.h"
#include "collectors/snapshot.h"
#include "collectors/task_target.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::AnyOf;
using ::testing::StartsWith;

// Of a task with these limits, of which nothing was measured yet.
size_t SeriesOf(const LimitValues& limits) {
  TaskTarget target;
  target.limits = limits;
  TaskSnapshot task;
  task.target = std::make_shared<const TaskTarget>(target);
  size_t count = 0;
  for (const TaskMetric& metric : TaskMetrics()) {
    for (const TaskSeries& series : metric.series) {
      if (!absl::holds_alternative<absl::monostate>(series.value(task))) {
        ++count;
      }
    }
  }
  return count;
}

LimitValues OrdinaryLimits() {
  LimitValues limits;
  limits.memory_bytes = 1;
  limits.memory_swap_bytes = 0;
  limits.cpu_cores = 1;
  limits.cpu_shares = 1024;
  limits.threads = 1;
  return limits;
}

TEST(TaskMetricsTest, ATaskWithOrdinaryLimitsHasThirtySeriesAtMost) {
  LimitValues all_limits = OrdinaryLimits();
  all_limits.memory_high_bytes = 1;
  all_limits.memory_low_bytes = 1;
  all_limits.memory_min_bytes = 1;
  all_limits.memory_oom_group = 1;
  all_limits.cpu_burst_seconds = 1;
  all_limits.cpu_idle = 0;
  size_t series = 0;
  for (const TaskMetric& metric : TaskMetrics()) series += metric.series.size();

  const size_t seldom = SeriesOf(all_limits) - SeriesOf(OrdinaryLimits());

  EXPECT_LE(series - seldom, 30u);
}

TEST(TaskMetricsTest, ALimitThatIsNotInForceHasNoSeries) {
  EXPECT_EQ(SeriesOf(OrdinaryLimits()) - SeriesOf(LimitValues()), 5u);
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
    EXPECT_FALSE(metric.series.empty()) << metric.name;
  }
}

}  // namespace
}  // namespace reeve
