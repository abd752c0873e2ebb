#ifndef REEVE_AGENT_TASKS_GROUP_REGISTRY_H_
#define REEVE_AGENT_TASKS_GROUP_REGISTRY_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "agent/state/group_records.h"
#include "agent/tasks/group.h"

namespace reeve {

// Every group of tasks, by name, from its first task or limit to its last.
// Thread-safe; calls about different groups do not wait for each other.
class GroupRegistry {
 public:
  // Groups are made below `cgroup_parent`. `parts` lacks the records.
  GroupRegistry(const Group::Parts& parts, std::string cgroup_parent);

  // Takes over what an earlier agent left in the state directory. Before any
  // other call, once.
  absl::Status Start(const std::string& state_dir);

  // Forgets what was taken over and has neither tasks nor limits.
  void RemoveUnused();

  // Makes a task a member of the group, which is made if it is not there.
  absl::StatusOr<std::shared_ptr<Group>> Join(const std::string& name);

  // The same for a task that is there already, in a cgroup below `path`. Null
  // if that is not the group's.
  std::shared_ptr<Group> Rejoin(const std::string& name,
                                absl::string_view path);

  // The task's cgroup is gone.
  void Leave(const std::shared_ptr<Group>& group);

  // Group::Set(), of a group that is made if it is not there.
  absl::StatusOr<LimitUpdate> Set(const std::string& name,
                                  const ResourceLimits& limits,
                                  const MemoryDecreaseOptions& decrease = {});

  // Group::Remove(). kNotFound if there is no such group.
  absl::Status Remove(const std::string& name);

  // kNotFound if there is no such group.
  absl::StatusOr<std::shared_ptr<Group>> Find(const std::string& name) const;

  // In the order of their names.
  std::vector<std::shared_ptr<Group>> List() const;

 private:
  void Recover(const std::string& name);
  std::vector<std::shared_ptr<Group>> All() const;
  std::shared_ptr<Group> FindOrAdd(const std::string& name,
                                   absl::string_view parent);
  absl::StatusOr<std::shared_ptr<Group>> JoinBelow(const std::string& name,
                                                   absl::string_view parent);
  void EraseIfEnded(const std::shared_ptr<Group>& group);

  Group::Parts parts_;
  const std::string cgroup_parent_;
  // Absent before Start().
  std::optional<GroupRecords> records_;
  mutable absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<Group>> groups_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace reeve

#endif  // REEVE_AGENT_TASKS_GROUP_REGISTRY_H_
