#include "enforcement/cgroup/cgroup_extension.h"

#include "absl/algorithm/container.h"
#include "enforcement/cgroup/move_processes.h"

namespace reeve {

absl::Status CgroupExtension::Add(const std::vector<std::string>& controllers) {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> missing;
  for (const std::string& controller : controllers) {
    if (!absl::c_linear_search(complete_, controller)) {
      missing.push_back(controller);
    }
  }
  if (missing.empty()) return absl::OkStatus();
  if (is_closed_) return absl::NotFoundError("it has been removed");

  absl::Status status = parts_.controller->Extend(*parts_.cgroup, missing);
  if (!status.ok()) return status;
  status = parts_.dirs->Add(*parts_.mounts, missing);
  if (!status.ok()) return status;
  // All of them: one that an earlier call could not fill is among them.
  status = MoveAllInto(0);
  if (!status.ok()) return status;
  complete_.insert(complete_.end(), missing.begin(), missing.end());
  return absl::OkStatus();
}

absl::Status CgroupExtension::Adopt() {
  absl::MutexLock lock(&mutex_);
  return MoveAllInto(0);
}

absl::Status CgroupExtension::FinishEntry(size_t entered) {
  absl::MutexLock lock(&mutex_);
  return MoveAllInto(entered);
}

void CgroupExtension::Close() {
  absl::MutexLock lock(&mutex_);
  is_closed_ = true;
}

bool CgroupExtension::IsClosed() const {
  absl::MutexLock lock(&mutex_);
  return is_closed_;
}

absl::Status CgroupExtension::MoveAllInto(size_t first) {
  const std::vector<int> directories = parts_.dirs->V1();
  if (first >= directories.size()) return absl::OkStatus();
  const int main_fd = parts_.dirs->Main();
  absl::MutexLock lock(parts_.freezing);
  for (size_t i = first; i < directories.size(); ++i) {
    if (directories[i] == main_fd) continue;
    absl::Status status =
        MoveProcesses(main_fd, *parts_.freezer, directories[i]);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace reeve
