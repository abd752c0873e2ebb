#include "agent/tasks/task.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/tasks/pidfd.h"

namespace reeve {
TaskStatus Task::Status() const {
  absl::MutexLock lock(&mutex_);
  return status_;
}

std::shared_ptr<TaskCgroup> Task::cgroup() const {
  absl::MutexLock lock(&mutex_);
  return cgroup_;
}

void Task::SetCgroup(std::shared_ptr<TaskCgroup> cgroup) {
  absl::MutexLock lock(&mutex_);
  cgroup_dirs_ = cgroup->dirs();
  cgroup_ = std::move(cgroup);
}

std::vector<LimitSetting> Task::LimitSettings() const {
  const std::shared_ptr<TaskCgroup> live = cgroup();
  if (live != nullptr) return live->Settings();
  absl::MutexLock lock(&mutex_);
  return last_settings_;
}

CgroupDirs Task::cgroup_dirs() const {
  absl::MutexLock lock(&mutex_);
  return cgroup_dirs_;
}

LimitValues Task::Limits() const {
  const std::shared_ptr<TaskCgroup> live = cgroup();
  if (live != nullptr) return live->Limits();
  absl::MutexLock lock(&mutex_);
  return last_limits_;
}

absl::Status Task::MarkRunning(const ProcessIdentity& process,
                               const ProcessIdentity& shim,
                               absl::Time started_at) {
  absl::StatusOr<UniqueFd> pidfd = OpenPidfd(process);
  absl::MutexLock lock(&mutex_);
  status_.state = TaskState::kRunning;
  status_.process = process;
  status_.shim = shim;
  status_.started_at = started_at;
  if (!pidfd.ok()) return pidfd.status();
  pidfd_ = *std::move(pidfd);
  return absl::OkStatus();
}

void Task::MarkExited(const ExitStatus& exit) {
  std::vector<std::pair<uint64_t, ExitCallback>> callbacks;
  const std::shared_ptr<TaskCgroup> last_cgroup = cgroup();
  {
    absl::MutexLock lock(&mutex_);
    if (last_cgroup != nullptr) {
      last_settings_ = last_cgroup->Settings();
      last_limits_ = last_cgroup->Limits();
    }
    status_.state = TaskState::kExited;
    status_.exit = exit;
    pidfd_.Reset();
    cgroup_ = nullptr;
    callbacks.swap(callbacks_);
  }
  for (const auto& [key, callback] : callbacks) callback(exit);
}

absl::Status Task::SendSignal(int signal) const {
  absl::MutexLock lock(&mutex_);
  absl::Status status = absl::FailedPreconditionError("it has ended");
  if (pidfd_) status = reeve::SendSignal(pidfd_, signal);
  if (!absl::IsFailedPrecondition(status)) return status;
  return absl::FailedPreconditionError(
      absl::StrCat("task ", id(), " is not running"));
}

uint64_t Task::OnExit(ExitCallback callback) {
  uint64_t key;
  std::optional<ExitStatus> exit;
  {
    absl::MutexLock lock(&mutex_);
    key = next_callback_++;
    exit = status_.exit;
    if (!exit.has_value()) {
      callbacks_.emplace_back(key, std::move(callback));
      return key;
    }
  }
  callback(*exit);
  return key;
}

void Task::CancelOnExit(uint64_t key) {
  absl::MutexLock lock(&mutex_);
  callbacks_.erase(
      std::remove_if(callbacks_.begin(), callbacks_.end(),
                     [key](const auto& entry) { return entry.first == key; }),
      callbacks_.end());
}

std::optional<ExitStatus> Task::WaitForExit(absl::Duration timeout) const {
  const auto exited = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return status_.exit.has_value();
  };
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&exited), timeout);
  return status_.exit;
}

}  // namespace reeve
