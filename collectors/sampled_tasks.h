#ifndef REEVE_COLLECTORS_SAMPLED_TASKS_H_
#define REEVE_COLLECTORS_SAMPLED_TASKS_H_

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
#include "collectors/snapshot.h"
#include "collectors/task_sampler.h"

namespace reeve {

// The tasks that are sampled, by id, and for how long those that have ended are
// still shown. Thread-safe; never waits for a reading.
class SampledTasks {
 public:
  // How long final values are shown if nobody scrapes.
  explicit SampledTasks(absl::Duration final_retention)
      : final_retention_(final_retention) {}

  // kAlreadyExists if the id is known and its task has not ended.
  absl::Status Add(const std::string& id, std::shared_ptr<TaskSampler> task);
  void Remove(const std::string& id);

  // Null if the id is unknown.
  std::shared_ptr<TaskSampler> Find(const std::string& id) const;

  // Puts the tasks that have not ended into `tasks`, in the place of what it
  // holds.
  void ListRunning(std::vector<std::shared_ptr<TaskSampler>>& tasks) const;

  // The latest values of every task, by id, for the snapshot `generation`.
  // Forgets tasks that have ended, once a snapshot with their final values has
  // been scraped or the retention is over.
  std::vector<std::shared_ptr<const TaskSnapshot>> Collect(
      uint64_t generation, absl::Duration now, uint64_t scraped_generation);

 private:
  struct Entry {
    std::shared_ptr<TaskSampler> task;
    // Of the first snapshot with the final values.
    struct Shown {
      uint64_t generation;
      absl::Duration at;
    };
    std::optional<Shown> final_shown;
  };

  const absl::Duration final_retention_;
  mutable absl::Mutex mutex_;
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_SAMPLED_TASKS_H_
