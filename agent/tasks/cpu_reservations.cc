#include "agent/tasks/cpu_reservations.h"

#include <pthread.h>

#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "agent/tasks/cpu_role.h"
#include "agent/tasks/group.h"
#include "enforcement/cgroup/task_cgroup.h"
#include "enforcement/spec/merge_limits.h"
#include "glog/logging.h"

namespace reeve {
namespace {

ResourceLimits AskedOf(Task& task) {
  absl::MutexLock lock(&task.update_mutex());
  return task.AskedLimits();
}

// Lists that were checked when they came.
CpuList ListIn(const std::optional<std::string>& text) {
  const absl::StatusOr<CpuList> cpus = ParseCpuList(text.value_or(""));
  return cpus.ok() ? *cpus : CpuList();
}

void AddReserved(uint32_t count, const CpuList& cpus, ResourceLimits& limits) {
  limits.reserved_cpus = count;
  limits.cpuset_cpus = FormatCpuList(cpus);
}

}  // namespace

CpuReservations::~CpuReservations() { Stop(); }

void CpuReservations::Start() {
  thread_ = std::thread([this] { Run(); });
  pthread_setname_np(thread_.native_handle(), "reeve-cpus");
}

void CpuReservations::Stop() {
  if (!thread_.joinable()) return;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void CpuReservations::Run() {
  while (true) {
    {
      const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_ || pool_has_grown_;
      };
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&ready));
      if (stopping_) return;
      pool_has_grown_ = false;
    }
    absl::MutexLock changing(&changing_);
    SetPoolsOrWarn();
  }
}

absl::Status CpuReservations::Admit(Task& task) {
  const ResourceLimits& asked = task.spec().limits;
  if (CpuRoleOf(asked) != CpuRole::kChosen || !is_active_) {
    return absl::OkStatus();
  }
  absl::MutexLock changing(&changing_);
  absl::MutexLock lock(&mutex_);
  return ledger_.CheckUnreserved(ListIn(asked.cpuset_cpus), task.id());
}

absl::Status CpuReservations::Settle(Task& task) {
  if (CpuRoleOf(task.spec().limits) != CpuRole::kReserved && !is_active_) {
    return absl::OkStatus();
  }
  absl::MutexLock changing(&changing_);
  const ResourceLimits asked = AskedOf(task);
  switch (CpuRoleOf(asked)) {
    case CpuRole::kChosen:
      return absl::OkStatus();
    case CpuRole::kPool:
      return SetPool(task, /*leaving=*/{});
    case CpuRole::kReserved:
      break;
  }
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  return Change(task, asked, ResourceLimits(),
                [&cgroup](const ResourceLimits& limits) {
                  return cgroup->Update(limits);
                })
      .status();
}

absl::StatusOr<LimitUpdate> CpuReservations::Update(
    Task& task, const ResourceLimits& limits, const Apply& apply) {
  absl::MutexLock changing(&changing_);
  return Change(task, MergeLimits(AskedOf(task), limits), limits, apply);
}

absl::StatusOr<LimitUpdate> CpuReservations::UpdateGroup(
    const std::string& name, const std::string& cpuset,
    const std::function<absl::StatusOr<LimitUpdate>()>& set) {
  absl::MutexLock changing(&changing_);
  const absl::Status status = CheckGroup(name, ListIn(cpuset));
  if (!status.ok()) return status;
  absl::StatusOr<LimitUpdate> update = set();
  // Its members share what it has now.
  if (update.ok() && is_active_) SetPoolsOrWarn();
  return update;
}

void CpuReservations::Release(const Task& task) {
  if (!is_active_) return;
  absl::MutexLock lock(&mutex_);
  const auto owner = owners_.find(task.id());
  if (owner == owners_.end() || owner->second != &task) return;
  owners_.erase(owner);
  ledger_.Release(task.id());
  NoteActive();
  pool_has_grown_ = true;
}

absl::StatusOr<LimitUpdate> CpuReservations::Change(Task& task,
                                                    const ResourceLimits& asked,
                                                    ResourceLimits limits,
                                                    const Apply& apply) {
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  if (cgroup == nullptr) return apply(limits);
  SetReserving(true);
  const absl::Cleanup done = [this] { SetReserving(false); };

  const CpuRole role = CpuRoleOf(asked);
  CpuList had;
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    had = ledger_.CpusOf(task.id());
    if (role == CpuRole::kChosen) {
      status = ledger_.CheckUnreserved(ListIn(asked.cpuset_cpus), task.id());
    }
  }
  if (!status.ok()) return status;
  CpuList available;
  if (role == CpuRole::kReserved || !had.empty()) {
    absl::StatusOr<CpuList> all = cgroup->AvailableCpus();
    if (!all.ok()) return all.status();
    available = *std::move(all);
  }
  const uint32_t count = asked.reserved_cpus.value_or(0);
  const absl::StatusOr<CpuList> cpus = Reserve(task, count, available);
  if (!cpus.ok()) return cpus.status();

  limits.reserved_cpus.reset();
  if (role == CpuRole::kReserved) AddReserved(count, *cpus, limits);
  if (role == CpuRole::kChosen) limits.cpuset_cpus = asked.cpuset_cpus;
  if (role == CpuRole::kPool) status = AddPool(*cgroup, {}, limits);
  // Those that it gives back are the pool's only once the task has left them.
  const bool takes = !CpusWithout(*cpus, had).empty();
  if (status.ok() && takes) status = SetPools(&task, /*leaving=*/had);
  absl::StatusOr<LimitUpdate> update =
      status.ok() ? apply(limits) : absl::StatusOr<LimitUpdate>(status);
  if (!update.ok()) Restore(task, had, available);
  if (update.ok() ? !CpusWithout(had, *cpus).empty() : takes) SetPoolsOrWarn();
  return update;
}

absl::StatusOr<CpuList> CpuReservations::Reserve(const Task& task,
                                                 uint32_t count,
                                                 const CpuList& available) {
  const CpuList chosen = count == 0 ? CpuList() : ChosenBeside(task);
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  absl::MutexLock lock(&mutex_);
  const auto owner = owners_.find(task.id());
  const bool is_owned = owner != owners_.end();
  if (is_owned && owner->second != &task) {
    if (count == 0) return CpuList();
    return absl::UnavailableError(absl::StrCat(
        "reserved CPUs: those of an earlier task ", task.id(),
        " are just being given back: try again, or take another id"));
  }
  if (count == 0) {
    if (is_owned) owners_.erase(owner);
    ledger_.Release(task.id());
    return CpuList();
  }
  // Its Release() may have been.
  if (cgroup == nullptr || cgroup->IsRemoved()) {
    return absl::FailedPreconditionError(
        absl::StrCat("task ", task.id(), " has exited"));
  }
  absl::StatusOr<CpuList> cpus =
      ledger_.Reserve(task.id(), count, available, chosen);
  if (cpus.ok()) owners_[task.id()] = &task;
  return cpus;
}

void CpuReservations::Restore(const Task& task, const CpuList& cpus,
                              const CpuList& available) {
  absl::MutexLock lock(&mutex_);
  const auto owner = owners_.find(task.id());
  if (owner != owners_.end() && owner->second != &task) return;
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  const bool has_ended = cgroup == nullptr || cgroup->IsRemoved();
  if (!cpus.empty() && !has_ended &&
      ledger_.Restore(task.id(), cpus, available).ok()) {
    owners_[task.id()] = &task;
    return;
  }
  ledger_.Release(task.id());
  owners_.erase(task.id());
}

absl::Status CpuReservations::SetPools(const Task* except,
                                       const CpuList& leaving) {
  for (const std::shared_ptr<Task>& task : LiveTasks()) {
    if (task.get() == except) continue;
    absl::Status status = SetPool(*task, leaving);
    if (status.ok()) continue;
    return absl::Status(
        status.code(),
        absl::StrCat("no CPUs reserved: task ", task->id(),
                     " cannot be moved to others: ", status.message()));
  }
  return absl::OkStatus();
}

absl::Status CpuReservations::SetPool(Task& task, const CpuList& leaving) {
  absl::MutexLock lock(&task.update_mutex());
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  // One that is just starting sees to it by Settle().
  if (cgroup == nullptr || CpuRoleOf(task.AskedLimits()) != CpuRole::kPool) {
    return absl::OkStatus();
  }
  ResourceLimits limits;
  absl::Status status = AddPool(*cgroup, leaving, limits);
  if (status.ok() && limits.empty()) return absl::OkStatus();
  if (status.ok()) status = cgroup->Update(limits).status();
  if (!status.ok()) return task.HasEnded() ? absl::OkStatus() : status;
  parts_.sampler->SetLimits(task.id(), cgroup->Limits());
  return absl::OkStatus();
}

void CpuReservations::SetPoolsOrWarn() {
  for (const std::shared_ptr<Task>& task : LiveTasks()) {
    const absl::Status status = SetPool(*task, /*leaving=*/{});
    if (status.ok()) continue;
    LOG(WARNING) << "task " << task->id()
                 << " does not have the CPUs that are not reserved: "
                 << status.message();
  }
}

absl::Status CpuReservations::AddPool(const TaskCgroup& cgroup,
                                      const CpuList& leaving,
                                      ResourceLimits& limits) {
  CpuLedger ledger;
  {
    absl::MutexLock lock(&mutex_);
    ledger = ledger_;
  }
  bool is_restricted = false;
  CpuList pool;
  if (!ledger.empty()) {
    const absl::StatusOr<CpuList> available = cgroup.AvailableCpus();
    if (!available.ok()) return available.status();
    pool = CpusWithout(ledger.Pool(*available), leaving);
    is_restricted = pool != *available;
  }
  if (!is_restricted) {
    // What only its parent restricts needs no list of its own.
    if (cgroup.Limits().cpuset_cpus.has_value()) limits.cpuset_cpus = "";
    return absl::OkStatus();
  }
  if (pool.empty()) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cgroup ", cgroup.path(), ": all CPUs of its parent are ",
                     "reserved, and none is left to share"));
  }
  limits.cpuset_cpus = FormatCpuList(pool);
  limits.cpuset_is_pool = true;
  return absl::OkStatus();
}

CpuList CpuReservations::ChosenBeside(const Task& task) const {
  CpuList chosen;
  for (const std::shared_ptr<Task>& other : LiveTasks()) {
    if (other.get() == &task) continue;
    const ResourceLimits asked = AskedOf(*other);
    if (CpuRoleOf(asked) != CpuRole::kChosen) continue;
    chosen = CpusInEither(chosen, ListIn(asked.cpuset_cpus));
  }
  const std::shared_ptr<Group> own = task.group();
  for (const std::shared_ptr<Group>& group : parts_.groups->List()) {
    const std::shared_ptr<TaskCgroup> cgroup = group->cgroup();
    if (group == own || cgroup == nullptr) continue;
    chosen = CpusInEither(chosen, ListIn(cgroup->Limits().cpuset_cpus));
  }
  return chosen;
}

absl::Status CpuReservations::CheckGroup(const std::string& name,
                                         const CpuList& cpus) const {
  // All that its parent has.
  if (cpus.empty()) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  CpuLedger of_others = ledger_;
  for (const auto& [id, task] : owners_) {
    if (task->spec().group != name) continue;
    of_others.Release(id);
    const CpuList missing = CpusWithout(ledger_.CpusOf(id), cpus);
    if (missing.empty()) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "CPUs ", FormatCpuList(cpus), ": task ", id, " of the group has ",
        FormatCpuList(missing), " reserved: \"reeve update --reserve-cpus 0 ",
        id, "\" first"));
  }
  absl::Status status = of_others.CheckUnreserved(cpus, /*asker=*/"");
  if (!status.ok() || !ledger_.Pool(cpus).empty()) return status;
  return absl::ResourceExhaustedError(
      absl::StrCat("CPUs ", FormatCpuList(cpus), ": tasks of the group have ",
                   "reserved all of them, and one is left to all others"));
}

void CpuReservations::Recover(const std::function<void(Task&)>& lose) {
  absl::MutexLock changing(&changing_);
  SetReserving(true);
  const absl::Cleanup done = [this] { SetReserving(false); };
  std::vector<std::shared_ptr<Task>> reserving;
  for (std::shared_ptr<Task>& task : LiveTasks()) {
    if (task->cgroup() == nullptr ||
        CpuRoleOf(AskedOf(*task)) != CpuRole::kReserved) {
      continue;
    }
    reserving.push_back(std::move(task));
  }
  // Before any gets others than it has.
  for (const std::shared_ptr<Task>& task : reserving) TakeOver(*task);
  for (const std::shared_ptr<Task>& task : reserving) {
    const absl::Status status = Finish(*task);
    if (status.ok() || task->HasEnded()) continue;
    LOG(WARNING) << "task " << task->id()
                 << " has lost its reserved CPUs: " << status.message();
    lose(*task);
  }
  SetPoolsOrWarn();
  for (const std::shared_ptr<Task>& task : reserving) {
    const absl::Status status = SetReserved(*task);
    if (status.ok() || task->HasEnded()) continue;
    LOG(WARNING) << "task " << task->id()
                 << " does not have its reserved CPUs: " << status.message();
  }
}

// Nothing, if that is not of its own: an agent that was killed may have written
// down what the task was to reserve, and got no further. Then it has what was
// left to all.
void CpuReservations::TakeOver(Task& task) {
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  if (cgroup == nullptr) return;
  const absl::StatusOr<CpuList> available = cgroup->AvailableCpus();
  const CpuList cpus = ListIn(cgroup->Limits().cpuset_cpus);
  if (!available.ok() || cpus.empty() ||
      cpus.size() > AskedOf(task).reserved_cpus.value_or(0) ||
      !CpusInBoth(cpus, ChosenBeside(task)).empty()) {
    return;
  }
  Restore(task, cpus, *available);
}

// With as many as it is to have, those that it has first.
absl::Status CpuReservations::Finish(Task& task) {
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  if (cgroup == nullptr) return absl::OkStatus();
  const absl::StatusOr<CpuList> available = cgroup->AvailableCpus();
  if (!available.ok()) return available.status();
  return Reserve(task, AskedOf(task).reserved_cpus.value_or(0), *available)
      .status();
}

absl::Status CpuReservations::SetReserved(Task& task) {
  CpuList cpus;
  {
    absl::MutexLock lock(&mutex_);
    cpus = ledger_.CpusOf(task.id());
  }
  const std::shared_ptr<TaskCgroup> cgroup = task.cgroup();
  if (cpus.empty() || cgroup == nullptr) return absl::OkStatus();
  ResourceLimits limits;
  AddReserved(static_cast<uint32_t>(cpus.size()), cpus, limits);
  absl::Status status = cgroup->Update(limits).status();
  if (status.ok()) parts_.sampler->SetLimits(task.id(), cgroup->Limits());
  return status;
}

std::vector<std::shared_ptr<Task>> CpuReservations::LiveTasks() const {
  std::vector<std::shared_ptr<Task>> live;
  for (std::shared_ptr<Task>& task : parts_.tasks->List()) {
    if (task->Status().state == TaskState::kExited) continue;
    live.push_back(std::move(task));
  }
  return live;
}

void CpuReservations::SetReserving(bool reserving) {
  absl::MutexLock lock(&mutex_);
  is_reserving_ = reserving;
  NoteActive();
}

void CpuReservations::NoteActive() {
  is_active_ = is_reserving_ || !ledger_.empty();
}

}  // namespace reeve
