#ifndef REEVE_ENFORCEMENT_PROCESS_CGROUP_PROCESSES_H_
#define REEVE_ENFORCEMENT_PROCESS_CGROUP_PROCESSES_H_

#include <string>
#include <vector>

#include "enforcement/process/task_processes.h"

namespace reeve {

// The processes of a cgroup and of those below it, of the kernel. Nothing is
// believed of a pid but by its start time: one is the task's that was started
// before the cgroup listed it, and not since. Thread-safe.
class CgroupProcesses final : public TaskProcesses {
 public:
  // `dir_fd` is the cgroup's directory, O_PATH will do, and must stay open.
  explicit CgroupProcesses(int dir_fd) : dir_fd_(dir_fd) {}

  absl::StatusOr<std::vector<LimitHolder>> List(bool threads) const override;
  absl::StatusOr<std::string> Read(const LimitHolder& holder,
                                   const std::string& file) const override;
  absl::StatusOr<std::vector<IdentifiedHolder>> Identify(
      const std::vector<LimitHolder>& holders) const override;
  absl::Status Write(const IdentifiedHolder& holder, const std::string& file,
                     const std::string& value) override;
  absl::StatusOr<std::vector<ThreadActivity>> Activity() const override;

 private:
  const int dir_fd_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_PROCESS_CGROUP_PROCESSES_H_
