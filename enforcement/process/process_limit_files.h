#ifndef REEVE_ENFORCEMENT_PROCESS_PROCESS_LIMIT_FILES_H_
#define REEVE_ENFORCEMENT_PROCESS_PROCESS_LIMIT_FILES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "enforcement/cgroup/limit_files.h"
#include "enforcement/process/task_processes.h"

namespace reeve {

// The limits of the controller "process" as files, each of which stands for one
// value of all processes, or threads, of a task. Thread-compatible.
class ProcessLimitFiles final : public LimitFiles {
 public:
  // How long processes may come, and change the limit themselves, faster than
  // it can be set on them.
  static constexpr absl::Duration kPatience = absl::Seconds(5);

  // Both must outlive the files.
  ProcessLimitFiles(TaskProcesses& processes, const Clock& clock)
      : processes_(processes), clock_(clock) {}

  // The value that all have, or "0, 5" where they differ. kFailedPrecondition
  // if the task has no process.
  absl::StatusOr<std::string> Read(const std::string& controller,
                                   const std::string& file) const override;

  // Gives all of them the value, those too that are forked meanwhile, or none.
  absl::StatusOr<std::string> Write(const std::string& controller,
                                    const std::string& file,
                                    const std::string& value) override;

  // Gives each its own value from before the last Write().
  absl::Status Restore(const std::string& controller, const std::string& file,
                       const std::string& value) override;

 private:
  // Thread and start time.
  using Key = std::pair<pid_t, uint64_t>;

  // One Write().
  struct Change {
    std::string value;
    // What those had that were given the value.
    std::map<Key, std::string> before;
    // The first of them by pid, and of all.
    std::map<pid_t, std::string> before_by_pid;
    std::optional<std::string> first_before;
    // Processes that had the value already.
    std::set<pid_t> had_it;
  };

  // How a limit is spread over all that keep it.
  struct Spreading {
    std::string file;
    // Whether one may be left alone that has `now`.
    std::function<bool(const LimitHolder& holder, const std::string& now)>
        suits;
    // What one that does not suit is to have; nullopt to leave it alone.
    std::function<std::optional<std::string>(const IdentifiedHolder& holder,
                                             const std::string& now)>
        choose;
    // Whether to go on with the others where one cannot be written.
    bool is_best_effort = false;
  };

  // One look at all of them.
  struct Pass {
    bool has_changed = false;
    bool has_processes = false;
    // Whether each that was listed was seen, too.
    bool is_whole = true;
    // The first error of one that cannot be written.
    absl::Status status;
  };

  absl::Status Spread(const Spreading& spreading);
  absl::StatusOr<Pass> MakePass(const Spreading& spreading);
  void WriteAll(const Spreading& spreading,
                const std::vector<IdentifiedHolder>& holders,
                const std::map<pid_t, std::string>& texts, Pass& pass);
  absl::StatusOr<bool> HasSettled(ForkWatch& forks) const;
  absl::Status PutBack(const std::string& file, const Change& change);
  std::optional<std::string> Inherited(const IdentifiedHolder& holder,
                                       const Change& change) const;

  TaskProcesses& processes_;
  const Clock& clock_;
  std::map<std::string, Change> changes_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_PROCESS_PROCESS_LIMIT_FILES_H_
