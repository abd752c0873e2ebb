#include "exporters/prometheus/metrics_document.h"

#include "base/file.h"
#include "exporters/prometheus/metric_tables.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(MetricsDocumentTest, CommittedDocumentIsThatOfTheTable) {
  EXPECT_THAT(ReadFile(RunfilePath("docs/metrics.md")),
              IsOkAndHolds(MetricsDocument(EveryMetric())))
      << "run: bazel run //exporters/prometheus:print_metrics_document > "
         "docs/metrics.md";
}

TEST(MetricsDocumentTest, FamilyIsOneRow) {
  MetricTables tables;
  tables.tasks = {
      {"a_seconds_total",
       "cpu",
       "A | b.",
       "counter",
       "seconds",
       "x.usage",
       "",
       {{R"(mode="user")", nullptr}, {R"(mode="system")", nullptr}}}};
  tables.agent = {{"b", "Help.", "gauge", {"state=on,off", "version"}}};

  const std::string document = MetricsDocument(tables);

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

  MetricTables tables;
  tables.tasks = {metric};

  EXPECT_THAT(MetricsDocument(tables),
              HasSubstr("| y | `--collector.memory-stat` |\n"));
}

TEST(MetricsDocumentTest, CollectorOfTheHostIsAChapter) {
  MetricTables tables;
  tables.host = {{"Host",
                  "All of it.",
                  {{"h_seconds_total",
                    "H.",
                    "counter",
                    "seconds",
                    {"mode=user,idle"},
                    "/proc/stat cpu",
                    "--collector.h"}}}};

  EXPECT_THAT(MetricsDocument(tables),
              HasSubstr("\n## Host\n\nAll of it.\n\n| Name | Type | Unit | "
                        "Labels | Meaning | Source | Flag |\n"
                        "|---|---|---|---|---|---|---|\n"
                        "| `h_seconds_total` | counter | seconds | `mode`: "
                        "`user`, `idle` | H. | /proc/stat cpu | "
                        "`--collector.h` |\n"));
}

}  // namespace
}  // namespace reeve
