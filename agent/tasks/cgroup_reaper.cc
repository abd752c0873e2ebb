#include "agent/tasks/cgroup_reaper.h"

#include <pthread.h>

#include <optional>
#include <utility>

#include "absl/time/clock.h"

namespace reeve {
namespace {

constexpr absl::Duration kGiveUpAfter = absl::Minutes(1);
// Per attempt, so that one stuck cgroup does not starve the next.
constexpr absl::Duration kAttempt = absl::Milliseconds(500);

}  // namespace

CgroupReaper::~CgroupReaper() { Stop(); }

void CgroupReaper::Start() {
  thread_ = std::thread([this] { Run(); });
  pthread_setname_np(thread_.native_handle(), "reeve-reaper");
}

void CgroupReaper::Stop() {
  if (!thread_.joinable()) return;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void CgroupReaper::Add(std::shared_ptr<TaskCgroup> cgroup,
                       std::function<void()> on_done) {
  absl::MutexLock lock(&mutex_);
  paths_.insert(cgroup->path());
  queue_.push_back(
      {std::move(cgroup), std::move(on_done), absl::Now() + kGiveUpAfter});
}

bool CgroupReaper::AwaitGone(const std::string& path, absl::Duration timeout) {
  const auto gone = [this, &path]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return paths_.count(path) == 0;
  };
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&gone), timeout);
}

void CgroupReaper::Run() {
  while (true) {
    Item item;
    {
      const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_ || !queue_.empty();
      };
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&ready));
      if (stopping_) return;
      item = std::move(queue_.front());
      queue_.pop_front();
    }
    const absl::Status status = KillAndRemove(*item.cgroup);
    if (!status.ok() && absl::Now() <= item.give_up_at) {
      absl::MutexLock lock(&mutex_);
      queue_.push_back(std::move(item));
      continue;
    }
    if (!status.ok()) observer_.OnCgroupLeaked(status);
    Finish(item);
  }
}

void CgroupReaper::Finish(const Item& item) {
  if (item.on_done) item.on_done();
  absl::MutexLock lock(&mutex_);
  paths_.erase(paths_.find(item.cgroup->path()));
}

absl::Status CgroupReaper::KillAndRemove(TaskCgroup& cgroup) {
  absl::Status status = cgroup.Kill(kAttempt);
  if (!status.ok()) return status;
  return cgroup.Remove(kAttempt);
}

}  // namespace reeve
