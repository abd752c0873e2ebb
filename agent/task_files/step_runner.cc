#include "agent/task_files/step_runner.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

using Action = ApplyStep::Action;

constexpr size_t kMaxStopsAtOnce = 16;

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

void StopAll(TaskHost& host, const std::vector<ApplyStep*>& steps) {
  std::atomic<size_t> next{0};
  const auto stop_rest = [&] {
    for (size_t i = next++; i < steps.size(); i = next++) Stop(host, steps[i]);
  };
  std::vector<std::thread> threads;
  const size_t count = std::min(steps.size(), kMaxStopsAtOnce);
  threads.reserve(count);
  for (size_t i = 1; i < count; ++i) threads.emplace_back(stop_rest);
  stop_rest();
  for (std::thread& thread : threads) thread.join();
}

void Launch(const std::string& origin_prefix, TaskHost& host, ApplyStep* step) {
  absl::Status status;
  if (step->replaces_exited) status = host.Remove(step->id);
  if (status.ok() || absl::IsNotFound(status)) {
    status = host.Launch(step->spec, absl::StrCat(origin_prefix, step->file));
  }
  if (!status.ok()) Fail("launch", status, step);
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
  for (ApplyStep& step : *steps) {
    const bool stops_task =
        step.action == Action::kStop || step.action == Action::kRestart;
    if (step.status.ok() && stops_task) stops.push_back(&step);
  }
  StopAll(host, stops);

  for (ApplyStep& step : *steps) {
    if (!step.status.ok()) continue;
    switch (step.action) {
      case Action::kLaunch:
      case Action::kRestart:
        Launch(origin_prefix, host, &step);
        break;
      case Action::kUpdate: {
        const absl::Status status = host.Update(step.change.update);
        if (!status.ok()) Fail("update", status, &step);
        break;
      }
      case Action::kNone:
      case Action::kStop:
        break;
    }
  }
}

}  // namespace reeve
