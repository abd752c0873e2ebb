#ifndef REEVE_TESTS_AGENT_TASK_FILES_FAKE_TASK_HOST_H_
#define REEVE_TESTS_AGENT_TASK_FILES_FAKE_TASK_HOST_H_

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "agent/task_files/task_host.h"

namespace reeve {

// Tasks that are nothing but their specs, and a log of what was asked for.
// Thread-safe, as stops come side by side; the members below are for when
// nothing is under way.
class FakeTaskHost final : public TaskHost {
 public:
  struct FakeTask {
    v1::TaskSpec spec;
    std::string origin;
    bool has_exited = false;
    bool is_of_earlier_boot = false;
  };

  absl::StatusOr<std::vector<KnownTask>> List() override {
    absl::MutexLock lock(&mutex_);
    ++lists;
    if (!list_status.ok()) return list_status;
    std::vector<KnownTask> known;
    for (const auto& [id, task] : tasks) {
      known.push_back({id, task.origin,
                       task.has_exited || task.is_of_earlier_boot,
                       task.is_of_earlier_boot});
    }
    return known;
  }

  absl::StatusOr<v1::TaskSpec> CurrentSpec(const std::string& id) override {
    absl::MutexLock lock(&mutex_);
    const auto found = tasks.find(id);
    if (found == tasks.end()) return absl::NotFoundError(id);
    return found->second.spec;
  }

  absl::Status CheckLaunch(const v1::TaskSpec& /*spec*/) override {
    absl::MutexLock lock(&mutex_);
    return check_status;
  }

  absl::Status Launch(const v1::TaskSpec& spec,
                      const std::string& origin) override {
    if (on_launch) on_launch(spec.id());
    absl::MutexLock lock(&mutex_);
    calls.push_back(absl::StrCat("launch ", spec.id()));
    if (!launch_status.ok()) return launch_status;
    if (tasks.count(spec.id()) != 0) return absl::AlreadyExistsError(spec.id());
    tasks[spec.id()] = {spec, origin};
    return absl::OkStatus();
  }

  absl::Status Update(const v1::UpdateRequest& request) override {
    absl::MutexLock lock(&mutex_);
    calls.push_back(absl::StrCat("update ", request.id(), " ",
                                 request.limits().ShortDebugString()));
    if (!update_status.ok()) return update_status;
    tasks[request.id()].spec.mutable_limits()->MergeFrom(request.limits());
    return absl::OkStatus();
  }

  absl::Status Stop(const std::string& id) override {
    if (on_stop) on_stop(id);
    absl::MutexLock lock(&mutex_);
    calls.push_back(absl::StrCat("stop ", id));
    if (!stop_status.ok()) return stop_status;
    tasks[id].has_exited = true;
    return absl::OkStatus();
  }

  absl::Status Remove(const std::string& id) override {
    absl::MutexLock lock(&mutex_);
    if (!tasks[id].has_exited && !tasks[id].is_of_earlier_boot) {
      return absl::FailedPreconditionError(id);
    }
    tasks.erase(id);
    return absl::OkStatus();
  }

  // What was done since the last call of this.
  std::vector<std::string> TakeCalls() {
    absl::MutexLock lock(&mutex_);
    return std::exchange(calls, {});
  }

  // Called first, if they are there.
  std::function<void(const std::string& id)> on_launch;
  std::function<void(const std::string& id)> on_stop;
  std::map<std::string, FakeTask> tasks;
  std::vector<std::string> calls;
  int lists = 0;
  absl::Status list_status;
  absl::Status check_status;
  absl::Status launch_status;
  absl::Status update_status;
  absl::Status stop_status;

 private:
  absl::Mutex mutex_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_AGENT_TASK_FILES_FAKE_TASK_HOST_H_
