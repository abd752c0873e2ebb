#include "exporters/prometheus/task_metrics.h"

#include <cstddef>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::AnyOf;
using ::testing::StartsWith;

TEST(TaskMetricsTest, ATaskHasThirtySeriesAtMost) {
  size_t series = 0;
  for (const TaskMetric& metric : TaskMetrics()) series += metric.series.size();

  EXPECT_LE(series, 30);
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
