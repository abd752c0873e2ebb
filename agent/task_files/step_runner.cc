#include "agent/task_files/step_runner.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace reeve {
namespace {

using Action = ApplyStep::Action;

constexpr size_t kMaxStopsAtOnce = 16;

bool StopsTask(const ApplyStep& step) {
  return step.action == Action::kStop || step.action == Action::kRestart;
}

void Fail(const char* failure, const absl::Status& status, ApplyStep* step) {
  step->failure = failure;
  step->status = absl::Status(
      status.code(), absl::StrCat(step->file, ": ", failure, " of task ",
                                  step->id, ": ", status.message()));
}

// Ends the task and forgets it: its id is free afterwards.
void Stop(TaskHost& host, ApplyStep* step) {
  absl::Status status = host.Stop(step->id);
  if (status.ok()) status = host.Remove(step->id);
  // Whoever waited for it may have had it forgotten.
  if (!status.ok() && !absl::IsNotFound(status)) Fail("stop", status, step);
}

// Stops that go on side by side, until they have all ended or this is
// destroyed, which waits for them. Thread-safe.
class StopsUnderWay {
 public:
  // A step is not touched by others before it has ended.
  StopsUnderWay(TaskHost& host, std::vector<ApplyStep*> steps)
      : host_(host), steps_(std::move(steps)) {
    const size_t count = std::min(steps_.size(), kMaxStopsAtOnce);
    threads_.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      threads_.emplace_back([this] { StopRest(); });
    }
  }
  ~StopsUnderWay() {
    for (std::thread& thread : threads_) thread.join();
  }
  StopsUnderWay(const StopsUnderWay&) = delete;
  StopsUnderWay& operator=(const StopsUnderWay&) = delete;

  std::set<const ApplyStep*> Ended() const {
    absl::MutexLock lock(&mutex_);
    return ended_;
  }

  // Waits until more have ended than `count`, or all.
  void AwaitMoreThan(size_t count) const {
    const auto has_more = [&] {
      mutex_.AssertReaderHeld();
      return ended_.size() > count || ended_.size() == steps_.size();
    };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&has_more));
  }

 private:
  void StopRest() {
    while (ApplyStep* const step = TakeNext()) {
      Stop(host_, step);
      absl::MutexLock lock(&mutex_);
      ended_.insert(step);
    }
  }

  ApplyStep* TakeNext() {
    absl::MutexLock lock(&mutex_);
    return next_ < steps_.size() ? steps_[next_++] : nullptr;
  }

  TaskHost& host_;
  const std::vector<ApplyStep*> steps_;
  mutable absl::Mutex mutex_;
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  std::set<const ApplyStep*> ended_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

void Launch(const std::string& origin_prefix, TaskHost& host, ApplyStep* step) {
  absl::Status status;
  if (step->replaces_exited) status = host.Remove(step->id);
  if (status.ok() || absl::IsNotFound(status)) {
    status = host.Launch(step->spec, absl::StrCat(origin_prefix, step->file));
  }
  if (!status.ok()) Fail("launch", status, step);
}

// All but a stop.
void Run(const std::string& origin_prefix, TaskHost& host, ApplyStep* step) {
  if (!step->status.ok()) return;
  if (step->action == Action::kUpdate) {
    const absl::Status status = host.Update(step->change.update);
    if (!status.ok()) Fail("update", status, step);
  } else if (step->action != Action::kNone) {
    Launch(origin_prefix, host, step);
  }
}

// Whether nothing that comes before it is in `waiting`.
bool IsNext(const ApplyStep& step, const std::set<std::string>& waiting) {
  return absl::c_none_of(step.spec.after(), [&](const std::string& id) {
    return waiting.count(id) != 0;
  });
}

}  // namespace

void CheckRestarts(TaskHost& host, std::vector<ApplyStep>* steps) {
  for (ApplyStep& step : *steps) {
    if (!step.status.ok() || step.action != Action::kRestart) continue;
    const absl::Status status = host.CheckLaunch(step.spec);
    if (!status.ok()) Fail("launch", status, &step);
  }
}

void RunSteps(const std::string& origin_prefix, TaskHost& host,
              std::vector<ApplyStep>* steps) {
  std::vector<ApplyStep*> stops;
  std::vector<ApplyStep*> left;
  std::vector<const ApplyStep*> removals;
  for (ApplyStep& step : *steps) {
    if (!step.status.ok()) continue;
    if (StopsTask(step)) stops.push_back(&step);
    if (step.action == Action::kStop) {
      removals.push_back(&step);
    } else {
      left.push_back(&step);
    }
  }
  StopsUnderWay under_way(host, std::move(stops));
  while (!left.empty()) {
    const std::set<const ApplyStep*> ended = under_way.Ended();
    const auto has_ended = [&ended](const ApplyStep* step) {
      return ended.count(step) != 0;
    };
    const bool has_room = absl::c_all_of(removals, has_ended);
    std::vector<ApplyStep*> waiting;
    std::set<std::string> waiting_ids;
    for (ApplyStep* step : left) {
      const bool may_begin = step->action == Action::kRestart  ? has_ended(step)
                             : step->action == Action::kLaunch ? has_room
                                                               : true;
      if (!may_begin || !IsNext(*step, waiting_ids)) {
        waiting.push_back(step);
        waiting_ids.insert(step->id);
      } else {
        Run(origin_prefix, host, step);
      }
    }
    left = std::move(waiting);
    if (!left.empty()) under_way.AwaitMoreThan(ended.size());
  }
}

}  // namespace reeve
