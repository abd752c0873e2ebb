#include "exporters/prometheus/metrics_document.h"

#include "base/file.h"
#include "base/system_clock.h"
#include "exporters/prometheus/agent_metrics.h"
#include "exporters/prometheus/group_metrics.h"
#include "exporters/prometheus/task_metrics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(MetricsDocumentTest, CommittedDocumentIsThatOfTheTable) {
  const SystemClock clock;
  const AgentMetrics metrics({}, clock);

  EXPECT_THAT(ReadFile(RunfilePath("docs/metrics.md")),
              IsOkAndHolds(MetricsDocument(TaskMetrics(), GroupMetrics(),
                                           metrics.Describe())))
      << "run: bazel run //exporters/prometheus:print_metrics_document > "
         "docs/metrics.md";
}

TEST(MetricsDocumentTest, FamilyIsOneRow) {
  const std::string document = MetricsDocument(
      {{"a_seconds_total",
        "cpu",
        "A | b.",
        "counter",
        "seconds",
        "x.usage",
        "",
        {{R"(mode="user")", nullptr}, {R"(mode="system")", nullptr}}}},
      {}, {{"b", "Help.", "gauge", {"state=on,off", "version"}}});

  EXPECT_THAT(
      document,
      HasSubstr("| `a_seconds_total` | `cpu` | counter | seconds | `mode`: "
                "`user`, `system` | A \\| b. | x.usage | – | – |\n"));
  EXPECT_THAT(document, HasSubstr("| `b` | gauge | `state`: `on`, `off`; "
                                  "`version` | Help. |\n"));
}

TEST(MetricsDocumentTest, FamilyThatIsNotAlwaysThereSaysWhichFlagItNeeds) {
  TaskMetric metric = {"a_bytes", "x", "A.", "gauge", "bytes", "x", "y", {}};
  metric.optional_collector = "memory-stat";

  EXPECT_THAT(MetricsDocument({metric}, {}, {}),
              HasSubstr("| y | `--collector.memory-stat` |\n"));
}

}  // namespace
}  // namespace reeve
