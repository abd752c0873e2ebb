#include "enforcement/process/fork_watch.h"

namespace reeve {
namespace {

// A fork does not sleep where a signal could wake it.
bool MayBeInFork(const ThreadActivity& thread) {
  return thread.state == 'R' || thread.state == 'D';
}

}  // namespace

void ForkWatch::Begin() {
  began_ = clock_.MonotonicNow();
  has_looked_ = false;
  suspects_.clear();
}

bool ForkWatch::HasSettled(const std::vector<ThreadActivity>& threads) {
  std::map<pid_t, absl::Duration> left;
  for (const ThreadActivity& thread : threads) {
    if (!MayBeInFork(thread)) continue;
    if (!has_looked_) {
      left[thread.tid] = thread.run_time;
      continue;
    }
    // What began later is not waited for.
    const auto suspect = suspects_.find(thread.tid);
    if (suspect != suspects_.end() &&
        thread.run_time < suspect->second + kForkRunTime) {
      left.insert(*suspect);
    }
  }
  has_looked_ = true;
  suspects_ = std::move(left);
  return suspects_.empty() || clock_.MonotonicNow() >= began_ + kPatience;
}

}  // namespace reeve
