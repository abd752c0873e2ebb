#include "exporters/prometheus/cgroup_metrics.h"

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::Contains;
using ::testing::Not;
using ::testing::StartsWith;

std::set<std::string> Names() {
  std::set<std::string> names;
  for (const TaskMetric& metric : CgroupMetrics()) names.insert(metric.name);
  return names;
}

TEST(CgroupMetricsTest, FamiliesHaveNamesOfTheirOwnAndSpeakOfCgroups) {
  std::set<std::string> names;
  for (const TaskMetric& metric : CgroupMetrics()) {
    EXPECT_THAT(metric.name, StartsWith("reeve_cgroup_"));
    EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
    EXPECT_FALSE(absl::StrContains(metric.help, "task")) << metric.help;
    EXPECT_FALSE(absl::StrContains(metric.help, "started")) << metric.help;
    EXPECT_EQ(metric.collector, "cgroups");
  }
}

TEST(CgroupMetricsTest, HasWhatEveryCgroupHas) {
  for (const char* name :
       {"info", "cpu_usage_seconds_total", "cpu_seconds_total",
        "cpu_usage_ratio", "cpu_cfs_throttled_seconds_total", "cpu_limit_cores",
        "memory_usage_bytes", "memory_working_set_bytes", "memory_limit_bytes",
        "memory_events_total", "memory_oom_kills_total", "threads",
        "threads_limit", "fork_failures_total"}) {
    EXPECT_THAT(Names(), Contains(std::string("reeve_cgroup_") + name));
  }
}

TEST(CgroupMetricsTest, HasNothingThatIsOfTasksAlone) {
  for (const char* name :
       {"restarts_total", "cpu_ticks_hertz", "cpu_ticks_total", "cpu_shares",
        "cpu_cfs_burst_periods_total", "memory_swap_limit_bytes", "cpuset_cpus",
        "pressure_cpu_waiting_seconds_total"}) {
    EXPECT_THAT(Names(), Not(Contains(std::string("reeve_cgroup_") + name)));
  }
}

}  // namespace
}  // namespace reeve
