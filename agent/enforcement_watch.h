#ifndef REEVE_AGENT_ENFORCEMENT_WATCH_H_
#define REEVE_AGENT_ENFORCEMENT_WATCH_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/controller_survey.h"
#include "exporters/prometheus/agent_metrics.h"

namespace reeve {

// Sees to it that limits which cannot be enforced are seen: by a line in the
// log and by a metric, as long as that is so. Thread-safe.
class EnforcementWatch {
 public:
  // All must outlive the watch. `parent` is that of the tasks' cgroups.
  EnforcementWatch(const Clock& clock, const CgroupMounts& mounts,
                   std::string parent, AgentMetrics& metrics);

  // Looks at every controller, at once and from now on. Nothing is looked at
  // before.
  void Start();

  // A launch or an update has ended. Looks again, at most once a second, if it
  // failed or if something was wrong at the last look.
  void OnAttempt(bool ok);

 private:
  void Look() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  const CgroupMounts& mounts_;
  const std::string parent_;
  AgentMetrics& metrics_;
  absl::Mutex mutex_;
  // Absent before Start().
  std::optional<absl::Duration> looked_at_ ABSL_GUARDED_BY(mutex_);
  std::vector<ControllerState> degraded_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_ENFORCEMENT_WATCH_H_
