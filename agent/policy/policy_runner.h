#ifndef REEVE_AGENT_POLICY_POLICY_RUNNER_H_
#define REEVE_AGENT_POLICY_POLICY_RUNNER_H_

#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/api/call_threads.h"
#include "agent/http/bounded_worker.h"
#include "agent/policy/policy_decision.h"
#include "agent/policy/policy_engine.h"
#include "agent/policy/policy_source.h"
#include "agent/policy/policy_tasks.h"
#include "agent/tasks/task_observer.h"
#include "base/clock.h"
#include "collectors/snapshot_store.h"
#include "exporters/prometheus/agent_metrics.h"

namespace reeve {

// Has a policy looked at after each snapshot, and does what it decides: logged,
// counted, and told as an event. It has a thread of its own, and each stop has
// one, so that neither measuring nor other policies wait for an action.
class PolicyRunner {
 public:
  // All must outlive the runner.
  struct Parts {
    SnapshotStore* store;
    PolicyTasks* tasks;
    TaskObserver* observer;
    AgentMetrics* metrics;
    const Clock* clock;
  };

  // `detail_interval` is that of the sampler.
  PolicyRunner(const Parts& parts, std::unique_ptr<PolicySource> source,
               absl::Duration detail_interval);
  // Stops it.
  ~PolicyRunner();
  PolicyRunner(const PolicyRunner&) = delete;
  PolicyRunner& operator=(const PolicyRunner&) = delete;

  // Looks at each snapshot from now on. Once.
  void Start();

  // After this nothing is done any more; waits for the actions under way.
  void Stop();

 private:
  // On the runner's thread.
  void Round();
  void Adopt(const Policy& policy);
  void MarkStopping(PolicyView* view);
  void Carry(const PolicyDecision& decision);
  void CarryStop(const PolicyDecision& decision);
  void NoteStopped(const std::string& task);

  absl::Status Set(const PolicyDecision& decision);
  void Report(const PolicyDecision& decision, const absl::Status& status);
  void Tell(const PolicyDecision& decision, absl::string_view result,
            const std::string& reason);

  const Parts parts_;
  const std::unique_ptr<PolicySource> source_;
  const absl::Duration detail_interval_;
  std::unique_ptr<PolicyEngine> engine_;
  BoundedWorker worker_{"reeve-policy", 1};
  CallThreads stops_{"reeve-pol-stop", "tasks are stopped by policies"};
  int listener_ = 0;

  absl::Mutex mutex_;
  // Tasks whose stop is under way.
  std::multiset<std::string> stopping_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_POLICY_POLICY_RUNNER_H_
