#include "exporters/prometheus/policy_metrics.h"

#include <string>

#include "exporters/prometheus/family_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string TextOf(const PolicyMetrics& metrics) {
  std::string text;
  for (const prometheus::MetricFamily& family : metrics.Collect()) {
    AppendFamily(family, TextFormat::kPrometheus, &text);
  }
  return text;
}

TEST(PolicyMetricsTest, WithoutAPolicyThereIsNothing) {
  const PolicyMetrics metrics;

  EXPECT_THAT(metrics.Collect(), IsEmpty());
}

TEST(PolicyMetricsTest, EverySeriesOfARuleIsThereFromTheStart) {
  PolicyMetrics metrics;
  metrics.SetRules({{"up", "raise_cpus", false}, {"down", "lower_cpus", true}});
  metrics.OnRead(true, absl::FromUnixSeconds(1700000000));

  const std::string text = TextOf(metrics);
  for (
      const char* series : {
          R"(reeve_policy_actions_total{action="raise_cpus",result="applied",rule="up"} 0)",
          R"(reeve_policy_actions_total{action="raise_cpus",result="dry_run",rule="up"} 0)",
          R"(reeve_policy_actions_total{action="raise_cpus",result="refused",rule="up"} 0)",
          R"(reeve_policy_actions_total{action="lower_cpus",result="failed",rule="down"} 0)",
          R"(reeve_policy_rules{mode="active"} 1)",
          R"(reeve_policy_rules{mode="dry_run"} 1)",
          "reeve_policy_reload_success 1",
          "reeve_policy_reload_success_timestamp_seconds 1700000000",
      }) {
    EXPECT_THAT(text, HasSubstr(series));
  }
}

TEST(PolicyMetricsTest, ActionsAreCountedWhileTheirRuleIsInForce) {
  PolicyMetrics metrics;
  metrics.SetRules({{"up", "raise_cpus", false}, {"old", "lower_cpus", true}});
  metrics.OnRead(true, absl::UnixEpoch());
  metrics.OnAction("up", "raise_cpus", "applied");
  metrics.OnAction("up", "raise_cpus", "applied");
  metrics.OnAction("old", "lower_cpus", "dry_run");
  metrics.OnAction("nobody", "lower_cpus", "dry_run");
  metrics.OnAction("up", "raise_cpus", "whatever");
  const std::string counted =
      R"({action="raise_cpus",result="applied",rule="up"} 2)";
  EXPECT_THAT(TextOf(metrics), HasSubstr(counted));
  EXPECT_THAT(TextOf(metrics), HasSubstr(R"(result="dry_run",rule="old"} 1)"));
  EXPECT_THAT(TextOf(metrics), Not(HasSubstr("nobody")));

  metrics.SetRules({{"up", "raise_cpus", false}});
  EXPECT_THAT(TextOf(metrics), HasSubstr(counted));
  EXPECT_THAT(TextOf(metrics), Not(HasSubstr("old")));
}

TEST(PolicyMetricsTest, AFailedReadKeepsTheTimeOfTheOneBefore) {
  PolicyMetrics metrics;
  metrics.OnRead(true, absl::FromUnixSeconds(1700000000));
  metrics.OnRead(false, absl::FromUnixSeconds(1800000000));

  EXPECT_THAT(TextOf(metrics), HasSubstr("reeve_policy_reload_success 0\n"));
  EXPECT_THAT(TextOf(metrics), HasSubstr("_timestamp_seconds 1700000000\n"));
}

}  // namespace
}  // namespace reeve
