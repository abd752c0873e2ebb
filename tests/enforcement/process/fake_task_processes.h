#ifndef REEVE_TESTS_ENFORCEMENT_PROCESS_FAKE_TASK_PROCESSES_H_
#define REEVE_TESTS_ENFORCEMENT_PROCESS_FAKE_TASK_PROCESSES_H_

#include <cerrno>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "enforcement/process/process_limit_text.h"
#include "enforcement/process/task_processes.h"

namespace reeve {

// Processes in memory that fork and end when told to, and writes that fail on
// demand.
class FakeTaskProcesses final : public TaskProcesses {
 public:
  struct Thread {
    pid_t pid = 0;
    pid_t parent = 0;
    uint64_t start_time_ticks = 0;
    char state = 'S';
    bool is_strange = false;
    // By file.
    std::map<std::string, std::string> values;
  };

  // A process with one thread and one limit.
  void Add(pid_t pid, const std::string& file, const std::string& value,
           pid_t parent = 1) {
    threads_[pid] = {pid, parent, ++last_start_, 'S', false, {{file, value}}};
  }
  void AddThread(pid_t pid, pid_t tid, const std::string& file,
                 const std::string& value) {
    threads_[tid] = {pid,   threads_.at(pid).parent, ++last_start_, 'S',
                     false, {{file, value}}};
  }
  // One that is not of the task, under a number that is free.
  void AddStranger(pid_t pid, const std::string& file,
                   const std::string& value) {
    Add(pid, file, value);
    threads_[pid].is_strange = true;
  }
  // A child with the limits that its parent has now.
  void Fork(pid_t parent, pid_t child) {
    threads_[child] = threads_.at(parent);
    threads_[child].pid = child;
    threads_[child].parent = threads_.at(parent).pid;
    threads_[child].start_time_ticks = ++last_start_;
  }
  // Its children go to another process, which is not of the task.
  void End(pid_t pid) {
    threads_.erase(pid);
    for (auto& [tid, thread] : threads_) {
      if (thread.parent == pid) thread.parent = 1;
    }
  }
  void SetState(pid_t tid, char state) { threads_.at(tid).state = state; }

  // Called before each write, with how many there were before.
  void BeforeWrite(std::function<void(size_t n)> hook) {
    before_write_ = std::move(hook);
  }
  // Called before each look at what threads do, with how many there were.
  void BeforeActivity(std::function<void(size_t n)> hook) {
    before_activity_ = std::move(hook);
  }
  // Called before each read, with how many there were.
  void BeforeRead(
      std::function<void(const LimitHolder& holder, size_t n)> hook) {
    before_read_ = std::move(hook);
  }
  void FailWritesTo(pid_t tid) { failing_.insert(tid); }
  void FailNoMore() { failing_.clear(); }

  std::map<pid_t, std::string> Values(const std::string& file) const {
    std::map<pid_t, std::string> values;
    for (const auto& [tid, thread] : threads_) {
      values[tid] = thread.values.at(file);
    }
    return values;
  }
  size_t writes() const { return writes_; }

  absl::StatusOr<std::vector<LimitHolder>> List(bool threads) const override {
    std::vector<LimitHolder> holders;
    for (const auto& [tid, thread] : threads_) {
      if (thread.is_strange) continue;
      if (threads || tid == thread.pid) holders.push_back({thread.pid, tid});
    }
    return holders;
  }

  absl::StatusOr<std::string> Read(const LimitHolder& holder,
                                   const std::string& file) const override {
    if (before_read_) before_read_(holder, reads_++);
    const auto thread = threads_.find(holder.tid);
    if (thread == threads_.end()) return absl::NotFoundError("gone");
    return thread->second.values.at(file);
  }

  absl::StatusOr<std::vector<IdentifiedHolder>> Identify(
      const std::vector<LimitHolder>& holders) const override {
    std::vector<IdentifiedHolder> found;
    for (const LimitHolder& holder : holders) {
      const auto thread = threads_.find(holder.tid);
      if (thread == threads_.end() || thread->second.is_strange) continue;
      found.push_back(
          {holder, thread->second.start_time_ticks, thread->second.parent});
    }
    return found;
  }

  absl::Status Write(const IdentifiedHolder& identified,
                     const std::string& file,
                     const std::string& value) override {
    if (before_write_) before_write_(writes_);
    ++writes_;
    const auto thread = threads_.find(identified.holder.tid);
    if (thread == threads_.end() ||
        thread->second.start_time_ticks != identified.start_time_ticks) {
      return absl::NotFoundError("gone");
    }
    if (failing_.count(identified.holder.tid) != 0) {
      return absl::ErrnoToStatus(
          EPERM, absl::StrCat("set ", file, " of process ",
                              identified.holder.pid, " to ", value));
    }
    thread->second.values[file] = value;
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<ThreadActivity>> Activity() const override {
    if (before_activity_) before_activity_(looks_++);
    std::vector<ThreadActivity> activity;
    for (const auto& [tid, thread] : threads_) {
      activity.push_back({tid, thread.state, absl::ZeroDuration()});
    }
    return activity;
  }

 private:
  std::map<pid_t, Thread> threads_;
  uint64_t last_start_ = 0;
  size_t writes_ = 0;
  mutable size_t looks_ = 0;
  mutable size_t reads_ = 0;
  std::set<pid_t> failing_;
  std::function<void(size_t)> before_write_;
  std::function<void(size_t)> before_activity_;
  std::function<void(const LimitHolder&, size_t)> before_read_;
};

}  // namespace reeve

#endif  // REEVE_TESTS_ENFORCEMENT_PROCESS_FAKE_TASK_PROCESSES_H_
