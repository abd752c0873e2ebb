#include "exporters/prometheus/collector_round_metrics.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<CollectorRounds> Two() {
  CollectorRounds host;
  host.collector = "host";
  host.rounds = 3;
  host.missed = 1;
  host.duration = absl::Milliseconds(1500);
  host.cpu_time = absl::Milliseconds(250);
  host.age = absl::Seconds(2);
  CollectorRounds cgroups;
  cgroups.collector = "cgroups";
  return {host, cgroups};
}

TEST(CollectorRoundMetricsTest, EveryCollectorHasASeries) {
  std::string page;
  AppendCollectorRounds(Two(), TextFormat::kPrometheus, &page);

  EXPECT_THAT(page, HasSubstr("# TYPE reeve_collector_rounds_total counter\n"
                              "reeve_collector_rounds_total"
                              "{collector=\"host\"} 3\n"
                              "reeve_collector_rounds_total"
                              "{collector=\"cgroups\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("reeve_collector_rounds_missed_total"
                              "{collector=\"host\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("reeve_collector_duration_seconds_total"
                              "{collector=\"host\"} 1.5\n"));
  EXPECT_THAT(page, HasSubstr("reeve_collector_cpu_seconds_total"
                              "{collector=\"host\"} 0.25\n"));
  EXPECT_THAT(page,
              HasSubstr("reeve_collector_age_seconds{collector=\"host\"} 2\n"));
}

TEST(CollectorRoundMetricsTest, NothingWithoutCollectors) {
  std::string page;
  AppendCollectorRounds({}, TextFormat::kPrometheus, &page);

  EXPECT_THAT(page, IsEmpty());
}

TEST(CollectorRoundMetricsTest, OpenMetricsHasUnits) {
  std::string page;
  AppendCollectorRounds(Two(), TextFormat::kOpenMetrics, &page);

  EXPECT_THAT(page, HasSubstr("# UNIT reeve_collector_age_seconds seconds\n"));
  EXPECT_THAT(page, HasSubstr("# TYPE reeve_collector_rounds counter\n"));
}

}  // namespace
}  // namespace reeve
