#ifndef REEVE_EXPORTERS_PROMETHEUS_POLICY_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_POLICY_METRICS_H_

#include <prometheus/metric_family.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "exporters/prometheus/policy_rule_labels.h"

namespace reeve {

// The families on the policy of an agent; none while it has none. Thread-safe.
class PolicyMetrics {
 public:
  // The rules in force. What was counted of a rule goes with it.
  void SetRules(std::vector<PolicyRuleLabels> rules);

  // The file was read, well or not.
  void OnRead(bool ok, absl::Time now);

  // One of the results of the documentation. Others, and rules that are not in
  // force, are not counted.
  void OnAction(absl::string_view rule, absl::string_view action,
                absl::string_view result);

  std::vector<prometheus::MetricFamily> Collect() const;

  // Every family, with a rule that has no name, for the documentation.
  static std::vector<prometheus::MetricFamily> Example();

 private:
  mutable absl::Mutex mutex_;
  std::vector<PolicyRuleLabels> rules_ ABSL_GUARDED_BY(mutex_);
  // By rule, action and result.
  std::map<std::vector<std::string>, uint64_t> actions_ ABSL_GUARDED_BY(mutex_);
  // Absent while there is no policy.
  std::optional<bool> was_read_ ABSL_GUARDED_BY(mutex_);
  absl::Time read_at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_POLICY_METRICS_H_
