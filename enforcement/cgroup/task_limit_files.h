#ifndef REEVE_ENFORCEMENT_CGROUP_TASK_LIMIT_FILES_H_
#define REEVE_ENFORCEMENT_CGROUP_TASK_LIMIT_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "enforcement/cgroup/limit_files.h"

namespace reeve {

// All limit files of a task: those of its cgroup, and those of the controller
// "process". As thread-safe as these are.
class TaskLimitFiles final : public LimitFiles {
 public:
  // Both must outlive the files.
  TaskLimitFiles(LimitFiles& cgroup, LimitFiles& process)
      : cgroup_(cgroup), process_(process) {}

  absl::StatusOr<std::string> Read(const std::string& controller,
                                   const std::string& file) const override {
    return Find(controller).Read(controller, file);
  }
  absl::StatusOr<std::string> Write(const std::string& controller,
                                    const std::string& file,
                                    const std::string& value) override {
    return Find(controller).Write(controller, file, value);
  }
  absl::Status WriteOnly(const std::string& controller, const std::string& file,
                         const std::string& value) override {
    return Find(controller).WriteOnly(controller, file, value);
  }
  absl::Status Restore(const std::string& controller, const std::string& file,
                       const std::string& value) override {
    return Find(controller).Restore(controller, file, value);
  }

 private:
  LimitFiles& Find(const std::string& controller) const;

  LimitFiles& cgroup_;
  LimitFiles& process_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_TASK_LIMIT_FILES_H_
