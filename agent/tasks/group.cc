#include "agent/tasks/group.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/api/convert.h"
#include "agent/api/limits_convert.h"
#include "agent/tasks/limit_changes.h"
#include "agent/tasks/memory_high.h"
#include "collectors/cgroup/later_dirs.h"
#include "enforcement/cgroup/group_cgroup.h"
#include "enforcement/cgroup/parent_offer.h"
#include "enforcement/spec/group_limits.h"
#include "enforcement/spec/merge_limits.h"

namespace reeve {
namespace {

constexpr absl::Duration kLastLeaves = absl::Seconds(2);

}  // namespace

Group::Group(const Parts& parts, std::string name, std::string parent)
    : parts_(parts),
      name_(std::move(name)),
      parent_(std::move(parent)),
      path_(GroupCgroupPath(parent_, name_)),
      made_at_(parts.clock->WallNow()) {}

std::shared_ptr<TaskCgroup> Group::cgroup() const {
  absl::MutexLock lock(&mutex_);
  return cgroup_;
}

bool Group::has_ended() const {
  absl::MutexLock lock(&mutex_);
  return has_ended_;
}

bool Group::is_used() const {
  absl::MutexLock lock(&mutex_);
  return IsUsed();
}

absl::Status Group::HasEnded() const {
  return absl::AbortedError(absl::StrCat("group ", name_, " has just ended"));
}

absl::Status Group::Recover(const state::GroupRecord& record) {
  const absl::StatusOr<ResourceLimits> limits =
      LimitsFromProto(record.limits());
  if (!limits.ok()) return limits.status();
  absl::MutexLock lock(&mutex_);
  made_at_ = TimeFromProto(record.created_at());
  limits_ = *limits;
  if (!limits_.empty()) return MakeWithLimits();

  const absl::Status is_there = Open().status();
  return absl::IsNotFound(is_there) ? absl::OkStatus() : Make();
}

absl::Status Group::Join() {
  absl::MutexLock lock(&mutex_);
  if (has_ended_) return HasEnded();
  if (cgroup_ == nullptr) {
    absl::Status status = MakeWithLimits();
    if (!status.ok()) {
      EndIfUnused();
      return absl::Status(
          status.code(), absl::StrCat("group ", name_, ": ", status.message()));
    }
    Tell(EventType::kGroupCreated);
  }
  ++members_;
  return absl::OkStatus();
}

void Group::Leave() {
  absl::MutexLock lock(&mutex_);
  --members_;
  EndIfUnused();
}

void Group::RemoveIfUnused() {
  absl::MutexLock lock(&mutex_);
  EndIfUnused();
}

absl::StatusOr<LimitUpdate> Group::Set(const ResourceLimits& limits,
                                       const MemoryDecreaseOptions& decrease) {
  absl::MutexLock setting(&setting_);
  std::shared_ptr<TaskCgroup> cgroup;
  ResourceLimits before;
  ResourceLimits update = limits;
  bool was_made = false;
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    if (has_ended_) return HasEnded();
    before = limits_;
    // From here on nobody who leaves ends the group.
    limits_ = MergeLimits(before, limits);
    if (cgroup_ == nullptr) {
      update = limits_;
      status = Make();
      was_made = status.ok();
      if (was_made) Tell(EventType::kGroupCreated);
    } else {
      status = WriteRecord();
    }
    cgroup = cgroup_;
  }

  const std::vector<LimitSetting> settings_before =
      status.ok() ? cgroup->Settings() : std::vector<LimitSetting>();
  absl::StatusOr<LimitUpdate> written =
      status.ok()
          ? UpdateRecordingHigh(*parts_.high_records, *cgroup, update, decrease)
          : absl::StatusOr<LimitUpdate>(status);
  if (written.ok()) {
    parts_.sampler->SetLimits(GroupCgroupName(name_), cgroup->Limits());
    if (!written->written.empty()) {
      Tell(EventType::kGroupUpdated,
           LimitChanges(settings_before, written->written));
    }
    return written;
  }
  absl::MutexLock lock(&mutex_);
  limits_ = before;
  if (was_made && members_ == 0 && Unmake().ok()) {
    Tell(EventType::kGroupRemoved);
  }
  if (IsUsed()) {
    // What was wanted is on disk until then: an agent that starts tries again.
    WriteRecord().IgnoreError();
  } else {
    End();
  }
  return written;
}

absl::Status Group::Remove() {
  absl::MutexLock setting(&setting_);
  absl::MutexLock lock(&mutex_);
  if (has_ended_) return HasEnded();
  // An ended task is told before its cgroup is gone, if that is slow to go.
  const auto is_left = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return members_ == 0;
  };
  if (!mutex_.AwaitWithTimeout(absl::Condition(&is_left), kLastLeaves)) {
    return absl::FailedPreconditionError(
        absl::StrCat("group ", name_,
                     ": a task of it is just starting or ending: try "
                     "again"));
  }
  if (has_ended_) return HasEnded();
  const absl::Status status = Unmake();
  if (!status.ok()) {
    return absl::Status(status.code(),
                        absl::StrCat("group ", name_, ": ", status.message()));
  }
  limits_ = ResourceLimits();
  Tell(EventType::kGroupRemoved);
  End();
  return absl::OkStatus();
}

absl::Status Group::MakeWithLimits() {
  absl::Status status = Make();
  if (!status.ok() || limits_.empty()) return status;
  // They may be those of a record.
  status = ValidateGroupLimits(limits_);
  if (status.ok()) {
    status = UpdateRecordingHigh(*parts_.high_records, *cgroup_, limits_,
                                 MemoryDecreaseOptions())
                 .status();
  }
  if (status.ok()) {
    parts_.sampler->SetLimits(GroupCgroupName(name_), cgroup_->Limits());
  } else {
    Unmake().IgnoreError();
  }
  return status;
}

absl::Status Group::Make() {
  absl::Status status = WriteRecord();
  if (!status.ok()) return status;
  absl::StatusOr<std::unique_ptr<TaskCgroup>> cgroup = CreateOrOpen();
  if (!cgroup.ok()) return cgroup.status();
  cgroup_ = *std::move(cgroup);
  status = Measure();
  if (!status.ok()) Unmake().IgnoreError();
  return status;
}

absl::StatusOr<std::unique_ptr<TaskCgroup>> Group::CreateOrOpen() const {
  const auto create = [this] {
    return TaskCgroup::Create(*parts_.controller, *parts_.mounts, parent_,
                              GroupCgroupName(name_), ResourceLimits(),
                              parts_.cpu_weight_mapping);
  };
  absl::StatusOr<std::unique_ptr<TaskCgroup>> made = create();
  // Another process of ours may just have removed the common parent, empty.
  if (absl::IsNotFound(made.status())) made = create();
  if (!absl::IsAlreadyExists(made.status())) return made;

  // Left by an earlier agent, or shared with another one.
  absl::StatusOr<std::unique_ptr<TaskCgroup>> opened = Open();
  if (absl::IsNotFound(opened.status())) return create();
  OfferQuestion question;
  question.parent = parent_;
  const ParentOffer offer = ReadParentOffer(*parts_.mounts, question);
  if (!opened.ok() || IsWholeCgroup(offer.mounts, path_, (*opened)->dirs())) {
    return opened;
  }
  if (RemoveGroupCgroup(*parts_.mounts, path_).ok()) return create();
  return opened;
}

absl::StatusOr<std::unique_ptr<TaskCgroup>> Group::Open() const {
  return TaskCgroup::Open(*parts_.controller, *parts_.mounts, parent_,
                          GroupCgroupName(name_), parts_.cpu_weight_mapping);
}

absl::Status Group::Measure() {
  TaskTarget target;
  target.id = GroupCgroupName(name_);
  target.group = name_;
  target.is_group = true;
  target.started_at = made_at_;
  target.cgroup = WithLaterDirs(cgroup_->dirs(), *parts_.mounts, path_);
  target.limits = cgroup_->Limits();
  target.info = {{"cgroup", path_},
                 {"cgroup_layout", parts_.mounts->LayoutName()}};
  return parts_.sampler->Add(std::move(target));
}

absl::Status Group::Unmake() {
  if (cgroup_ == nullptr) return absl::OkStatus();
  // May not be measured.
  (void)parts_.sampler->TakeFinal(GroupCgroupName(name_));
  absl::Status status = RemoveGroupCgroup(*parts_.mounts, path_);
  if (!status.ok()) {
    Measure().IgnoreError();
    return status;
  }
  cgroup_ = nullptr;
  return absl::OkStatus();
}

void Group::End() {
  has_ended_ = true;
  if (cgroup_ != nullptr) {
    cgroup_ = nullptr;
    Tell(EventType::kGroupRemoved);
    // May not be measured.
    (void)parts_.sampler->TakeFinal(GroupCgroupName(name_));
    // Somebody else has cgroups in it: the next agent tries again.
    if (!RemoveGroupCgroup(*parts_.mounts, path_).ok()) return;
  }
  parts_.records->Remove(name_).IgnoreError();
}

void Group::Tell(EventType type, EventAttributes attributes) const {
  if (parts_.observer == nullptr) return;
  parts_.observer->OnEvent({type, "", name_, std::move(attributes)});
}

void Group::EndIfUnused() {
  if (!has_ended_ && !IsUsed()) End();
}

absl::Status Group::WriteRecord() const {
  state::GroupRecord record;
  record.set_version(1);
  record.set_group(name_);
  *record.mutable_limits() = ToProto(limits_);
  record.set_cgroup_parent(parent_);
  *record.mutable_created_at() = ToProto(made_at_);
  return parts_.records->Write(record);
}

}  // namespace reeve
