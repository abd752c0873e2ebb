#include "exporters/prometheus/policy_metrics.h"

#include <prometheus/client_metric.h>

#include <utility>

#include "exporters/prometheus/gauge_family.h"

namespace reeve {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr const char* kResults[] = {"applied", "dry_run", "refused", "failed"};
constexpr const char* kActions[] = {
    "lower_cpus", "raise_cpus", "raise_memory_high", "stop_lowest_priority"};

}  // namespace

void PolicyMetrics::SetRules(std::vector<PolicyRuleLabels> rules) {
  absl::MutexLock lock(&mutex_);
  std::map<std::vector<std::string>, uint64_t> actions;
  for (const PolicyRuleLabels& rule : rules) {
    for (const char* result : kResults) {
      const std::vector<std::string> key = {rule.rule, rule.action, result};
      const auto known = actions_.find(key);
      actions[key] = known == actions_.end() ? 0 : known->second;
    }
  }
  actions_ = std::move(actions);
  rules_ = std::move(rules);
}

void PolicyMetrics::OnRead(bool ok, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  was_read_ = ok;
  if (ok) read_at_ = now;
}

void PolicyMetrics::OnAction(absl::string_view rule, absl::string_view action,
                             absl::string_view result) {
  absl::MutexLock lock(&mutex_);
  const auto known = actions_.find(
      {std::string(rule), std::string(action), std::string(result)});
  if (known != actions_.end()) ++known->second;
}

std::vector<MetricFamily> PolicyMetrics::Collect() const {
  absl::MutexLock lock(&mutex_);
  if (!was_read_.has_value()) return {};
  MetricFamily actions;
  actions.name = "reeve_policy_actions_total";
  actions.help =
      "What the rules of the policy did, or would have done: applied, "
      "dry_run, refused because of a bound or of how often, failed.";
  actions.type = MetricType::Counter;
  for (const auto& [key, count] : actions_) {
    ClientMetric metric;
    metric.label = {{"action", key[1]}, {"result", key[2]}, {"rule", key[0]}};
    metric.counter.value = static_cast<double>(count);
    actions.metric.push_back(std::move(metric));
  }
  MetricFamily success =
      GaugeFamily("reeve_policy_reload_success",
                  "1 if the policy file was last read well, 0 if an earlier "
                  "one is still in force.");
  AddGauge({}, *was_read_ ? 1 : 0, &success);
  MetricFamily read_at =
      GaugeFamily("reeve_policy_reload_success_timestamp_seconds",
                  "When the policy file was last read well.");
  AddGauge({}, absl::ToDoubleSeconds(read_at_ - absl::UnixEpoch()), &read_at);
  MetricFamily rules =
      GaugeFamily("reeve_policy_rules", "Rules of the policy in force.");
  double dry = 0;
  for (const PolicyRuleLabels& rule : rules_) dry += rule.dry_run ? 1 : 0;
  AddGauge({{"mode", "active"}}, static_cast<double>(rules_.size()) - dry,
           &rules);
  AddGauge({{"mode", "dry_run"}}, dry, &rules);
  return {actions, success, read_at, rules};
}

std::vector<MetricFamily> PolicyMetrics::Example() {
  PolicyMetrics metrics;
  std::vector<PolicyRuleLabels> rules;
  for (const char* action : kActions) rules.push_back({"", action, true});
  metrics.SetRules(std::move(rules));
  metrics.OnRead(true, absl::UnixEpoch());
  return metrics.Collect();
}

}  // namespace reeve
