#ifndef REEVE_AGENT_EVENTS_SAMPLE_EVENTS_H_
#define REEVE_AGENT_EVENTS_SAMPLE_EVENTS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "agent/events/throttle_detector.h"
#include "agent/tasks/task_observer.h"
#include "collectors/collector_observer.h"
#include "collectors/snapshot.h"
#include "collectors/snapshot_store.h"

namespace reeve {

// Finds in each round of sampling what nobody else is told of: tasks that are
// throttled, and kills for want of memory. Stands between the sampler and its
// other observer, which is told of everything as before. OnRound() and
// OnSnapshot() are called by one thread at a time, OnError() by any.
class SampleEvents final : public CollectorObserver {
 public:
  // Told of each task's kills in all, so far.
  using NoteOomKills =
      std::function<void(const std::string& task, uint64_t total)>;

  // Whether it was told that a task has started: what happens to it is told
  // after that, though a sample may see it before.
  using HasStarted = std::function<bool(const std::string& task)>;

  // All must outlive this.
  SampleEvents(CollectorObserver& next, const SnapshotStore& store,
               TaskObserver& observer, HasStarted has_started,
               NoteOomKills note_oom_kills)
      : next_(next),
        store_(store),
        observer_(observer),
        has_started_(std::move(has_started)),
        note_oom_kills_(std::move(note_oom_kills)) {}

  void OnRound(absl::Duration duration, absl::Duration late, uint64_t tasks,
               uint64_t missed) override;
  void OnError(absl::string_view collector,
               const absl::Status& status) override;

  // Looks at the tasks that run.
  void OnSnapshot(const Snapshot& snapshot);

 private:
  struct Seen {
    // Of the cgroup: another is another task of the same id.
    uint64_t inode = 0;
    uint64_t generation = 0;
    bool has_started = false;
    ThrottleDetector detector;
  };

  // What is known of a task; all of it is new if its cgroup is.
  Seen& Recall(const TaskSnapshot& task, uint64_t generation);
  void LookForThrottling(const TaskSnapshot& task, Seen& seen);

  CollectorObserver& next_;
  const SnapshotStore& store_;
  TaskObserver& observer_;
  const HasStarted has_started_;
  const NoteOomKills note_oom_kills_;
  absl::flat_hash_map<std::string, Seen> seen_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_EVENTS_SAMPLE_EVENTS_H_
