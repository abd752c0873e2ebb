#include "agent/tasks/task.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/tasks/pidfd.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr char kHasEnded[] = "has just ended";
constexpr char kRestarts[] = "has ended and waits to be restarted";

}  // namespace

TaskStatus Task::Status() const {
  absl::MutexLock lock(&mutex_);
  return status_;
}

bool Task::HasEnded() const {
  const TaskState state = Status().state;
  if (state == TaskState::kExited) return true;
  if (state == TaskState::kRestarting) return false;
  const std::shared_ptr<TaskCgroup> cgroup = this->cgroup();
  if (cgroup == nullptr) return state != TaskState::kStarting;
  if (cgroup->IsRemoved()) return true;
  if (state == TaskState::kStarting) return false;
  const absl::StatusOr<bool> populated = cgroup->Populated();
  return populated.ok() && !*populated;
}

std::shared_ptr<TaskCgroup> Task::cgroup() const {
  absl::MutexLock lock(&mutex_);
  return cgroup_;
}

void Task::SetCgroup(std::shared_ptr<TaskCgroup> cgroup) {
  absl::MutexLock lock(&mutex_);
  cgroup_ = std::move(cgroup);
}

void Task::SetPhases(std::vector<LaunchPhase> phases) {
  absl::MutexLock lock(&mutex_);
  phases_ = std::move(phases);
}

std::vector<LaunchPhase> Task::phases() const {
  absl::MutexLock lock(&mutex_);
  return phases_;
}

void Task::SetGroup(std::shared_ptr<Group> group) {
  absl::MutexLock lock(&mutex_);
  group_ = std::move(group);
}

std::shared_ptr<Group> Task::group() const {
  absl::MutexLock lock(&mutex_);
  return group_;
}

std::shared_ptr<Group> Task::TakeGroup() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(group_, nullptr);
}

std::vector<LimitSetting> Task::LimitSettings() const {
  const std::shared_ptr<TaskCgroup> live = cgroup();
  if (live != nullptr) return live->Settings();
  absl::MutexLock lock(&mutex_);
  return last_cgroup_ == nullptr ? std::vector<LimitSetting>()
                                 : last_cgroup_->settings;
}

CgroupDirs Task::cgroup_dirs() const {
  const std::shared_ptr<TaskCgroup> live = cgroup();
  if (live != nullptr) return live->dirs();
  absl::MutexLock lock(&mutex_);
  return last_cgroup_ == nullptr ? CgroupDirs() : last_cgroup_->dirs;
}

LimitValues Task::Limits() const {
  const std::shared_ptr<TaskCgroup> live = cgroup();
  if (live != nullptr) return live->Limits();
  absl::MutexLock lock(&mutex_);
  return last_cgroup_ == nullptr ? LimitValues() : last_cgroup_->limits;
}

void Task::SetAskedLimits(const ResourceLimits& limits) {
  auto updated = std::make_unique<const ResourceLimits>(limits);
  absl::MutexLock lock(&mutex_);
  updated_limits_ = std::move(updated);
}

ResourceLimits Task::AskedLimits() const {
  absl::MutexLock lock(&mutex_);
  return updated_limits_ == nullptr ? spec_.limits : *updated_limits_;
}

PolicyBounds Task::policy_bounds() const {
  absl::MutexLock lock(&mutex_);
  return policy_bounds_;
}

void Task::SetPolicyBounds(const PolicyBounds& bounds) {
  absl::MutexLock lock(&mutex_);
  policy_bounds_ = bounds;
}

StopMethod Task::stop_method() const {
  absl::MutexLock lock(&mutex_);
  return stop_method_;
}

void Task::SetStopMethod(const StopMethod& method) {
  absl::MutexLock lock(&mutex_);
  stop_method_ = method;
}

bool Task::AwaitStart(absl::Duration timeout) const {
  const auto started = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return status_.state != TaskState::kStarting;
  };
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&started), timeout);
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

void Task::SetShim(const ProcessIdentity& shim) {
  absl::MutexLock lock(&mutex_);
  status_.shim = shim;
}

absl::StatusOr<UniqueFd> Task::DuplicatePidfd() const {
  absl::MutexLock lock(&mutex_);
  if (!pidfd_) return Refusal(kHasEnded);
  UniqueFd copy(fcntl(pidfd_.get(), F_DUPFD_CLOEXEC, 0));
  if (!copy) return ErrnoStatus(errno, "fcntl F_DUPFD_CLOEXEC");
  return copy;
}

bool Task::MarkRestarting(const ExitStatus& exit, uint32_t restarts_in_row,
                          absl::Time restart_at) {
  absl::MutexLock lock(&mutex_);
  if (is_to_stop_) return false;
  status_.state = TaskState::kRestarting;
  status_.process = {};
  status_.shim = {};
  status_.attempt.restarts_in_row = restarts_in_row;
  status_.attempt.last_exit = exit;
  status_.attempt.restart_at = restart_at;
  pidfd_.Reset();
  return true;
}

bool Task::ClaimRestart() {
  absl::MutexLock lock(&mutex_);
  if (status_.state != TaskState::kRestarting) return false;
  status_.state = TaskState::kStarting;
  status_.attempt.restart_at = absl::InfiniteFuture();
  return true;
}

void Task::BeginAttempt(uint64_t oom_kills_before) {
  absl::MutexLock lock(&mutex_);
  ++status_.attempt.number;
  status_.attempt.oom_kills_before = oom_kills_before;
}

void Task::RecallAttempt(const AttemptStatus& attempt, absl::Time started_at,
                         bool was_stopped) {
  absl::MutexLock lock(&mutex_);
  status_.attempt = attempt;
  status_.started_at = started_at;
  is_to_stop_ = was_stopped;
}

bool Task::IsToStop() const {
  absl::MutexLock lock(&mutex_);
  return is_to_stop_;
}

void Task::MarkExited(const ExitStatus& exit) {
  std::vector<std::pair<uint64_t, ExitCallback>> callbacks;
  const std::shared_ptr<TaskCgroup> last_cgroup = cgroup();
  {
    absl::MutexLock lock(&mutex_);
    if (last_cgroup != nullptr) {
      last_cgroup_ = std::make_unique<const LastCgroup>(LastCgroup{
          last_cgroup->Settings(), last_cgroup->Limits(), last_cgroup->dirs()});
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
  return Refusal(status_.state == TaskState::kRestarting ? kRestarts
                                                         : "is not running");
}

absl::StatusOr<bool> Task::Pause(absl::Duration timeout) {
  absl::MutexLock turn(&pause_mutex_);
  std::shared_ptr<TaskCgroup> cgroup;
  {
    absl::MutexLock lock(&mutex_);
    absl::Status pausable = CheckPausable();
    if (!pausable.ok()) return pausable;
    cgroup = cgroup_;
  }
  const absl::Status frozen = cgroup->Freeze(timeout);
  // An empty cgroup freezes like any other.
  const absl::StatusOr<bool> populated = cgroup->Populated();
  absl::Status pausable;
  {
    absl::MutexLock lock(&mutex_);
    pausable = CheckPausable();
    if (populated.ok() && !*populated) pausable.Update(Refusal(kHasEnded));
    if (frozen.ok() && pausable.ok()) {
      const bool went_on = status_.state != TaskState::kPaused;
      status_.state = TaskState::kPaused;
      return went_on;
    }
  }
  if (frozen.ok()) pausable.Update(cgroup->Thaw());
  return pausable.ok() ? frozen : pausable;
}

absl::StatusOr<bool> Task::Resume() {
  absl::MutexLock turn(&pause_mutex_);
  std::shared_ptr<TaskCgroup> cgroup;
  {
    absl::MutexLock lock(&mutex_);
    absl::Status running = CheckRunning();
    if (!running.ok()) return running;
    cgroup = cgroup_;
  }
  absl::Status thawed = cgroup->Thaw();
  if (!thawed.ok()) return thawed;
  return MarkGoingOn();
}

void Task::BeginStop() {
  absl::MutexLock lock(&mutex_);
  ++stops_;
  is_to_stop_ = true;
}

void Task::EndStop() {
  absl::MutexLock lock(&mutex_);
  --stops_;
}

void Task::BeginKill() {
  absl::MutexLock lock(&mutex_);
  is_killed_ = true;
}

bool Task::IsEnterable() const {
  absl::MutexLock lock(&mutex_);
  return CheckRunning().ok() && !is_killed_ && !MainHasEnded();
}

bool Task::ThawForStop() {
  const std::shared_ptr<TaskCgroup> cgroup = this->cgroup();
  // What cannot be thawed is killed all the same, after its grace.
  return cgroup != nullptr && cgroup->Thaw().ok() && MarkGoingOn();
}

void Task::AdoptPause() {
  const std::shared_ptr<TaskCgroup> cgroup = this->cgroup();
  if (cgroup == nullptr) return;
  const absl::StatusOr<bool> frozen = cgroup->IsFrozen();
  absl::MutexLock lock(&mutex_);
  if (frozen.ok() && *frozen && status_.state == TaskState::kRunning) {
    status_.state = TaskState::kPaused;
  }
}

absl::Status Task::CheckRunning() const {
  if (status_.state == TaskState::kStarting) {
    return Refusal("is still starting: try again once it runs");
  }
  if (status_.state == TaskState::kRestarting) return Refusal(kRestarts);
  if (status_.state == TaskState::kExited || cgroup_ == nullptr) {
    return Refusal("is not running");
  }
  return absl::OkStatus();
}

absl::Status Task::CheckPausable() const {
  absl::Status running = CheckRunning();
  if (!running.ok()) return running;
  if (stops_ > 0) return Refusal("is being stopped");
  if (MainHasEnded()) return Refusal(kHasEnded);
  return absl::OkStatus();
}

bool Task::MainHasEnded() const {
  return spec_.exit_type == ExitType::kMain && !(pidfd_ && IsRunning(pidfd_));
}

absl::Status Task::Refusal(absl::string_view reason) const {
  return absl::FailedPreconditionError(
      absl::StrCat("task ", id(), " ", reason));
}

bool Task::MarkGoingOn() {
  absl::MutexLock lock(&mutex_);
  if (status_.state != TaskState::kPaused) return false;
  status_.state = TaskState::kRunning;
  return true;
}

uint64_t Task::TellOomKills(uint64_t total) {
  absl::MutexLock lock(&mutex_);
  if (total <= told_oom_kills_) return 0;
  return total - std::exchange(told_oom_kills_, total);
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

std::optional<ExitStatus> Task::AwaitStop(absl::Duration timeout) const {
  const auto is_over = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return status_.exit.has_value() || stops_are_abandoned_;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&is_over), timeout);
  return status_.exit;
}

void Task::AbandonStops() {
  absl::MutexLock lock(&mutex_);
  stops_are_abandoned_ = true;
}

}  // namespace reeve
