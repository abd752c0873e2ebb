#include "agent/tasks/group_registry.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "enforcement/cgroup/group_cgroup.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// A group may end between being found and being joined, each time anew.
constexpr int kMostTries = 100;

absl::Status NoGroup(const std::string& name) {
  return absl::NotFoundError(
      absl::StrCat("no group ", name, " (see \"reeve group ls\")"));
}

}  // namespace

GroupRegistry::GroupRegistry(const Group::Parts& parts,
                             std::string cgroup_parent)
    : parts_(parts), cgroup_parent_(std::move(cgroup_parent)) {}

absl::Status GroupRegistry::Start(const std::string& state_dir) {
  absl::StatusOr<GroupRecords> records = GroupRecords::Open(state_dir);
  if (!records.ok()) return records.status();
  records_ = *std::move(records);
  parts_.records = &*records_;

  const absl::StatusOr<std::vector<std::string>> names = records_->Names();
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) Recover(name);
  return absl::OkStatus();
}

void GroupRegistry::Recover(const std::string& name) {
  const absl::StatusOr<state::GroupRecord> record = records_->Read(name);
  if (!record.ok()) {
    LOG(WARNING) << "group " << name << " of an earlier agent is forgotten: "
                 << record.status().message();
    // Other errors are of this agent: the next one may read it.
    if (absl::IsDataLoss(record.status())) {
      records_->Remove(name).IgnoreError();
    }
    return;
  }
  const absl::Status status =
      FindOrAdd(name, record->cgroup_parent())->Recover(*record);
  if (!status.ok()) {
    LOG(WARNING) << "group " << name
                 << " does not have its limits: " << status.message();
  }
}

void GroupRegistry::RemoveUnused() {
  for (const std::shared_ptr<Group>& group : All()) {
    group->RemoveIfUnused();
    EraseIfEnded(group);
  }
}

absl::StatusOr<std::shared_ptr<Group>> GroupRegistry::Join(
    const std::string& name) {
  return JoinBelow(name, cgroup_parent_);
}

std::shared_ptr<Group> GroupRegistry::Rejoin(const std::string& name,
                                             absl::string_view path) {
  if (!IsGroupCgroupPath(path, name)) return nullptr;
  const absl::StatusOr<std::shared_ptr<Group>> group =
      JoinBelow(name, path.substr(0, path.rfind('/')));
  if (!group.ok()) {
    LOG(WARNING) << group.status().message();
    return nullptr;
  }
  if ((*group)->path() == path) return *group;
  Leave(*group);
  return nullptr;
}

absl::StatusOr<std::shared_ptr<Group>> GroupRegistry::JoinBelow(
    const std::string& name, absl::string_view parent) {
  for (int tries = 1;; ++tries) {
    std::shared_ptr<Group> group = FindOrAdd(name, parent);
    const absl::Status status = group->Join();
    if (status.ok()) return group;
    EraseIfEnded(group);
    if (!absl::IsAborted(status) || tries == kMostTries) return status;
  }
}

void GroupRegistry::Leave(const std::shared_ptr<Group>& group) {
  group->Leave();
  EraseIfEnded(group);
}

absl::StatusOr<LimitUpdate> GroupRegistry::Set(
    const std::string& name, const ResourceLimits& limits,
    const MemoryDecreaseOptions& decrease) {
  for (int tries = 1;; ++tries) {
    const std::shared_ptr<Group> group = FindOrAdd(name, cgroup_parent_);
    absl::StatusOr<LimitUpdate> written = group->Set(limits, decrease);
    if (written.ok()) return written;
    EraseIfEnded(group);
    if (!absl::IsAborted(written.status()) || tries == kMostTries) {
      return written;
    }
  }
}

absl::Status GroupRegistry::Remove(const std::string& name) {
  const absl::StatusOr<std::shared_ptr<Group>> group = Find(name);
  if (!group.ok()) return group.status();
  const absl::Status status = (*group)->Remove();
  EraseIfEnded(*group);
  return absl::IsAborted(status) ? NoGroup(name) : status;
}

absl::StatusOr<std::shared_ptr<Group>> GroupRegistry::Find(
    const std::string& name) const {
  std::shared_ptr<Group> group;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = groups_.find(name);
    if (found != groups_.end()) group = found->second;
  }
  if (group == nullptr || !group->is_used()) return NoGroup(name);
  return group;
}

std::vector<std::shared_ptr<Group>> GroupRegistry::List() const {
  std::vector<std::shared_ptr<Group>> groups = All();
  // Those are being made, or have just ended.
  groups.erase(std::remove_if(groups.begin(), groups.end(),
                              [](const std::shared_ptr<Group>& group) {
                                return !group->is_used();
                              }),
               groups.end());
  return groups;
}

std::vector<std::shared_ptr<Group>> GroupRegistry::All() const {
  std::vector<std::shared_ptr<Group>> groups;
  absl::MutexLock lock(&mutex_);
  for (const auto& [name, group] : groups_) groups.push_back(group);
  return groups;
}

std::shared_ptr<Group> GroupRegistry::FindOrAdd(const std::string& name,
                                                absl::string_view parent) {
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<Group>& group = groups_[name];
  if (group == nullptr) {
    group = std::make_shared<Group>(parts_, name, std::string(parent));
  }
  return group;
}

void GroupRegistry::EraseIfEnded(const std::shared_ptr<Group>& group) {
  if (!group->has_ended()) return;
  absl::MutexLock lock(&mutex_);
  const auto found = groups_.find(group->name());
  if (found != groups_.end() && found->second == group) groups_.erase(found);
}

}  // namespace reeve
