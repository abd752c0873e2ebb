#ifndef REEVE_AGENT_TASKS_CPU_RESERVATIONS_H_
#define REEVE_AGENT_TASKS_CPU_RESERVATIONS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "agent/tasks/group_registry.h"
#include "agent/tasks/task.h"
#include "agent/tasks/task_registry.h"
#include "base/cpu_list.h"
#include "collectors/sampler.h"
#include "enforcement/cgroup/cpu_ledger.h"
#include "enforcement/cgroup/limit_update.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// Which CPUs the tasks of an agent have: what a task has reserved is its own,
// one with a cpuset has what it chose, and all others share the pool, which is
// what their parent has and nobody has reserved. While nobody has reserved any,
// nothing is done and nothing is in the way.
//
// Thread-safe. Changes wait for each other, and for updates of the tasks whose
// CPUs they change; taken before any task's update_mutex, which no caller may
// hold.
class CpuReservations {
 public:
  // All must outlive the reservations.
  struct Parts {
    const TaskRegistry* tasks;
    const GroupRegistry* groups;
    Sampler* sampler;
  };

  // Brings limits into force in the cgroup of one task.
  using Apply =
      std::function<absl::StatusOr<LimitUpdate>(const ResourceLimits& limits)>;

  explicit CpuReservations(const Parts& parts) : parts_(parts) {}
  ~CpuReservations();
  CpuReservations(const CpuReservations&) = delete;
  CpuReservations& operator=(const CpuReservations&) = delete;

  // Starts the thread that gives CPUs back to the pool.
  void Start();
  void Stop();

  // Takes over what earlier reservations have left in the cgroups of the tasks,
  // and finishes what was half done. `lose` is called, with no lock of a task
  // held, for one that cannot have any more what it reserved. Before any other
  // call.
  void Recover(const std::function<void(Task&)>& lose);

  // Of a starting task that is registered and has no cgroup yet:
  // kFailedPrecondition, naming the owner, if it has chosen CPUs that are
  // reserved.
  absl::Status Admit(Task& task);

  // Of a starting task that has a cgroup but no process: gives it the CPUs that
  // it reserves, or puts it into the pool. All or nothing: after an error
  // every task has what it had. kResourceExhausted, with how many could be had,
  // or the error of a task that cannot leave them, by name.
  absl::Status Settle(Task& task);

  // Changes limits of a running task, among them its CPUs, all or nothing as in
  // Settle(). `apply` gets those for its cgroup, CPUs chosen.
  absl::StatusOr<LimitUpdate> Update(Task& task, const ResourceLimits& limits,
                                     const Apply& apply);

  // Lets `set` give the group a cpuset. kFailedPrecondition, naming the owner,
  // if that has CPUs that others have reserved, or lacks those that a member
  // has; kResourceExhausted if it leaves the other members none.
  absl::StatusOr<LimitUpdate> UpdateGroup(
      const std::string& name, const std::string& cpuset,
      const std::function<absl::StatusOr<LimitUpdate>()>& set);

  // The task's cgroup is gone, or will never be: its CPUs are free. The pool
  // gets them a moment later, since nobody who ends a task waits for others.
  void Release(const Task& task);

 private:
  // Gives `task` what `asked` says of CPUs, by `apply` with `limits`.
  absl::StatusOr<LimitUpdate> Change(Task& task, const ResourceLimits& asked,
                                     ResourceLimits limits, const Apply& apply)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);
  // Takes `count` CPUs into the table, 0 for none.
  absl::StatusOr<CpuList> Reserve(const Task& task, uint32_t count,
                                  const CpuList& available)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);
  // Puts back into the table what the task had, unless it has ended.
  void Restore(const Task& task, const CpuList& cpus, const CpuList& available);

  // Gives all tasks of the pool, but `except`, what nobody has reserved and is
  // not in `leaving`. Ends with the first that cannot be: its error.
  absl::Status SetPools(const Task* except, const CpuList& leaving)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);
  absl::Status SetPool(Task& task, const CpuList& leaving)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);
  // SetPools() for all that can be.
  void SetPoolsOrWarn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);
  // Names the pool's CPUs in `limits`; nothing if they are not to change.
  absl::Status AddPool(const TaskCgroup& cgroup, const CpuList& leaving,
                       ResourceLimits& limits)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);

  // What others have chosen for themselves: tasks by their cpuset, groups by
  // theirs if `task` is not in them.
  CpuList ChosenBeside(const Task& task) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);
  absl::Status CheckGroup(const std::string& name, const CpuList& cpus) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);

  std::vector<std::shared_ptr<Task>> LiveTasks() const;

  // The three steps of taking a reservation over: into the table what the task
  // has, then what it is to have, then that into its cgroup.
  void TakeOver(Task& task) ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);
  absl::Status Finish(Task& task) ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);
  absl::Status SetReserved(Task& task) ABSL_EXCLUSIVE_LOCKS_REQUIRED(changing_);

  void SetReserving(bool reserving) ABSL_LOCKS_EXCLUDED(mutex_);
  void NoteActive() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run();

  const Parts parts_;
  std::thread thread_;

  // Held while the CPUs of tasks change, which may take its time.
  absl::Mutex changing_ ABSL_ACQUIRED_BEFORE(mutex_);

  mutable absl::Mutex mutex_;
  CpuLedger ledger_ ABSL_GUARDED_BY(mutex_);
  // Whose entries those are: an id may be taken again. Whoever removes the
  // cgroup of a task keeps it until Release().
  std::map<std::string, const Task*> owners_ ABSL_GUARDED_BY(mutex_);
  // A reservation is being made.
  bool is_reserving_ ABSL_GUARDED_BY(mutex_) = false;
  bool pool_has_grown_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Whether there is a reservation, or may be one in a moment. Who has
  // registered a task, or its cgroup, and then reads false here will be seen by
  // the next reservation.
  std::atomic<bool> is_active_{false};
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_CPU_RESERVATIONS_H_
