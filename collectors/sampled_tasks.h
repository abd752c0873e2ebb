#ifndef REEVE_COLLECTORS_SAMPLED_TASKS_H_
#define REEVE_COLLECTORS_SAMPLED_TASKS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "collectors/event_counts.h"
#include "collectors/snapshot.h"
#include "collectors/task_sampler.h"

namespace reeve {

// The tasks and groups that are sampled, by id, and for how long those that
// have ended are still shown. Thread-safe; never waits for a reading.
class SampledTasks {
 public:
  // How long final values are shown if nobody scrapes, and of how many tasks:
  // of more, those that ended first are forgotten once they were shown.
  SampledTasks(absl::Duration final_retention, size_t max_final)
      : final_retention_(final_retention), max_final_(max_final) {}

  // kAlreadyExists if the id is known and its task has not ended.
  absl::Status Add(const std::string& id, std::shared_ptr<TaskSampler> task);
  void Remove(const std::string& id);

  // Null if the id is unknown.
  std::shared_ptr<TaskSampler> Find(const std::string& id) const;

  // Puts the tasks that have not ended into `tasks`, in the place of what it
  // holds.
  void ListRunning(std::vector<std::shared_ptr<TaskSampler>>& tasks) const;

  // Puts the latest values of all, by id, into `snapshot`. Forgets what has
  // ended, once a snapshot with the final values has been scraped or the
  // retention is over.
  void Collect(uint64_t scraped_generation, Snapshot& snapshot);

 private:
  struct Entry {
    std::shared_ptr<TaskSampler> task;
    // Of the first snapshot with the final values.
    struct Shown {
      uint64_t generation;
      absl::Duration at;
    };
    std::optional<Shown> final_shown;
    // The group of the task ended with it; one of that name is another.
    bool outlived_group = false;
  };

  // A group begins anew: what happened to tasks before does not count for it.
  void BeginGroup(const std::string& group)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(const Entry& entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What nobody has scraped, down to max_final_.
  void ForgetSurplus() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddEventsOfTasks(Snapshot& snapshot) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const absl::Duration final_retention_;
  const size_t max_final_;
  mutable absl::Mutex mutex_;
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);
  // Of every group that is sampled, what happened to its tasks that were
  // forgotten.
  std::map<std::string, EventCounts> past_events_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_SAMPLED_TASKS_H_
