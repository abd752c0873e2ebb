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
#include "exporters/prometheus/family_description.h"

namespace reeve {

// Label values of the agent's own metrics: all that can ever occur, so that
// every series is there from the start.
enum class TaskExitReason { kSuccess, kError, kSignal, kOom, kUnknown };
enum class LimitResource { kMemory, kCpu, kPids };
enum class HttpRoute {
  kLanding,
  kMetrics,
  kHealthy,
  kReady,
  kTasks,
  kTask,
  kOther,
};

struct BuildDescription {
  std::string version;
  std::string revision;
  std::string compiler;
};

// How many tasks the agent has in each state.
struct TaskCounts {
  uint64_t starting = 0;
  uint64_t running = 0;
  uint64_t exited = 0;
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

  void OnRound(absl::Duration duration, absl::Duration late, uint64_t tasks,
               uint64_t missed) override;
  void OnError(absl::string_view collector,
               const absl::Status& status) override;

  // A launch ended after `duration`.
  void OnLaunch(bool ok, absl::Duration duration);
  void OnExit(TaskExitReason reason);
  void OnOomKills(uint64_t kills);
  // One update of several limits at once ended after `duration`.
  void OnLimitUpdate(const std::vector<LimitResource>& resources, bool ok,
                     absl::Duration duration);
  // A cgroup could not be removed after its task had ended.
  void OnCgroupLeaked();
  void OnHttpResponse(HttpRoute route, int code);

  // Adds the page's part on the agent to `page`. `latest` is the snapshot the
  // page shows; null if there is none yet.
  void AppendText(const Snapshot* latest, std::string* page) const;

  // Every family, sorted by name, for the documentation.
  std::vector<FamilyDescription> Describe() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeve

#endif  // REEVE_EXPORTERS_PROMETHEUS_AGENT_METRICS_H_
