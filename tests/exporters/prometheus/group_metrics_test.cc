#include "exporters/prometheus/group_metrics.h"

#include <cstddef>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "exporters/prometheus/task_metrics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::StartsWith;

TEST(GroupMetricsTest, FamiliesOfProcessesAndRestartsAreOfTasksAlone) {
  // A group has no processes but those of its tasks.
  const std::set<absl::string_view> of_processes = {
      "descriptors", "network", "process-states", "schedstat"};
  size_t with_groups = 0;
  for (const TaskMetric& metric : TaskMetrics()) {
    if (metric.has_groups) ++with_groups;
    const bool is_of_tasks_alone = of_processes.count(metric.collector) > 0 ||
                                   metric.name == "reeve_task_restarts_total";
    EXPECT_EQ(metric.has_groups, !is_of_tasks_alone) << metric.name;
  }

  EXPECT_EQ(GroupMetrics().size(), with_groups);
}

TEST(GroupMetricsTest, FamiliesHaveNamesOfTheirOwnAndSpeakOfGroups) {
  std::set<std::string> names;
  for (const TaskMetric& metric : GroupMetrics()) {
    EXPECT_THAT(metric.name, StartsWith("reeve_group_"));
    EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
    EXPECT_FALSE(absl::StrContains(metric.help, "task")) << metric.help;
  }
}

}  // namespace
}  // namespace reeve
