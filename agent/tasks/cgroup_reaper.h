#ifndef REEVE_AGENT_TASKS_CGROUP_REAPER_H_
#define REEVE_AGENT_TASKS_CGROUP_REAPER_H_

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "agent/tasks/task_observer.h"
#include "enforcement/cgroup/task_cgroup.h"

namespace reeve {

// Kills and removes on a thread of its own the cgroups that would not go at
// once, so that a stuck one holds nothing else up. Thread-safe.
class CgroupReaper {
 public:
  // `observer` must outlive the reaper.
  explicit CgroupReaper(TaskObserver& observer) : observer_(observer) {}
  ~CgroupReaper();
  CgroupReaper(const CgroupReaper&) = delete;
  CgroupReaper& operator=(const CgroupReaper&) = delete;

  void Start();
  // Ends after the cgroup that is being worked on; others are left as they are.
  void Stop();

  // Takes a cgroup over. It is tried again for a minute and then given up;
  // `on_done` is called after either, on the reaper's thread.
  void Add(std::shared_ptr<TaskCgroup> cgroup,
           std::function<void()> on_done = {});

  // Whether no cgroup of that path is here, or none is any more within
  // `timeout`: until then whoever makes one of the same name would lose it.
  bool AwaitGone(const std::string& path, absl::Duration timeout);

 private:
  struct Item {
    std::shared_ptr<TaskCgroup> cgroup;
    std::function<void()> on_done;
    absl::Time give_up_at;
  };

  void Run();
  static absl::Status KillAndRemove(TaskCgroup& cgroup);
  void Finish(const Item& item);

  TaskObserver& observer_;
  std::thread thread_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<Item> queue_ ABSL_GUARDED_BY(mutex_);
  // Of what is in the queue or being worked on.
  std::multiset<std::string> paths_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_CGROUP_REAPER_H_
