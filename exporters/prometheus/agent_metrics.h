#ifndef REEVE_EXPORTERS_PROMETHEUS_AGENT_METRICS_H_
#define REEVE_EXPORTERS_PROMETHEUS_AGENT_METRICS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "collectors/collector_observer.h"
#include "collectors/snapshot.h"
#include "exporters/prometheus/agent_labels.h"
#include "exporters/prometheus/family_description.h"
#include "exporters/prometheus/policy_rule_labels.h"
#include "exporters/prometheus/task_files_metrics.h"
#include "exporters/prometheus/text_format.h"

namespace reeve {

struct BuildDescription {
  std::string version;
  std::string revision;
  std::string compiler;
};

// A controller whose limits cannot be enforced as they should, and why: both
// values are among those of the documentation.
struct DegradedController {
  std::string controller;
  std::string reason;
};

// How many tasks the agent has in each state.
struct TaskCounts {
  uint64_t starting = 0;
  uint64_t running = 0;
  uint64_t paused = 0;
  uint64_t restarting = 0;
  uint64_t exited = 0;
};

// What of the page's part on the agent is wanted.
struct AgentTextOptions {
  TextFormat format = TextFormat::kPrometheus;
  // What it counts, and what its process uses.
  bool has_agent = true;
  bool has_process = true;
};

// What the agent counts of itself, and what it costs. Thread-safe.
class AgentMetrics final : public CollectorObserver {
 public:
  // `clock` must outlive the metrics. `procfs` is where the agent finds its own
  // process for the process_* metrics.
  AgentMetrics(const BuildDescription& build, const Clock& clock,
               const std::string& procfs = "/proc");
  ~AgentMetrics() override;
  AgentMetrics(const AgentMetrics&) = delete;
  AgentMetrics& operator=(const AgentMetrics&) = delete;

  // Where reeve_tasks comes from, asked once a page. No task in any state until
  // this is called. `counts` must not wait for anything slow.
  void SetTaskCounts(std::function<TaskCounts()> counts);

  // What reeve_enforcement_degraded shows, instead of what it showed before;
  // the family is absent if there is nothing.
  void SetDegraded(std::vector<DegradedController> degraded);

  // What reeve_task_files and its like show; they are absent before.
  void SetTaskFiles(TaskFilesStatus status);

  // Which executor a task that asks for "auto" has on this host.
  void SetAutoIsolation(const std::string& executor);

  void OnRound(absl::Duration duration, absl::Duration late, uint64_t tasks,
               uint64_t missed) override;
  void OnError(absl::string_view collector,
               const absl::Status& status) override;

  // A launch ended after `duration`.
  void OnLaunch(bool ok, absl::Duration duration);
  // A part of a launch that went well. Others than those of the documentation
  // are not counted.
  void OnLaunchPhase(absl::string_view phase, absl::Duration duration);
  void OnExit(TaskExitReason reason);
  void OnOomKills(uint64_t kills);
  // One update of several limits at once ended after `duration`.
  void OnLimitUpdate(const std::vector<LimitResource>& resources, bool ok,
                     absl::Duration duration);
  // A cgroup could not be removed after its task had ended.
  void OnCgroupLeaked();
  // An event of this type, such as "oom_kill". Others than those of the
  // documentation are not counted.
  void OnEvent(absl::string_view type);

  // The rules of the policy in force; what was counted of others is dropped.
  void SetPolicyRules(std::vector<PolicyRuleLabels> rules);
  // The policy file was read, well or not. The families on the policy are
  // absent before.
  void OnPolicyRead(bool ok, absl::Time now);
  // A rule in force acted, or would have: applied, dry_run, refused or failed.
  void OnPolicyAction(absl::string_view rule, absl::string_view action,
                      absl::string_view result);

  void OnHttpResponse(HttpRoute route, int code);

  // Adds the page's part on the agent to `page`. `latest` is the snapshot the
  // page shows; null if there is none yet.
  void AppendText(const Snapshot* latest, std::string* page,
                  const AgentTextOptions& options = {}) const;

  // Every family, sorted by name, for the documentation.
  std::vector<FamilyDescription> Describe() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_AGENT_METRICS_H_
