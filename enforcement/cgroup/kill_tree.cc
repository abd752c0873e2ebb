#include "enforcement/cgroup/kill_tree.h"

#include <fcntl.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "base/file.h"
#include "enforcement/cgroup/child_cgroups.h"

namespace reeve {
namespace {

// Calls `visit` with the directory of each cgroup right below.
template <typename Visit>
absl::Status ForEachChild(int dir_fd, Visit visit) {
  const absl::StatusOr<std::vector<std::string>> children =
      ChildCgroups(dir_fd);
  if (!children.ok()) return children.status();
  absl::Status status;
  for (const std::string& name : *children) {
    const absl::StatusOr<UniqueFd> child = OpenDirAt(dir_fd, name);
    if (absl::IsNotFound(child.status())) continue;
    status.Update(child.ok() ? visit(child->get()) : child.status());
  }
  return status;
}

absl::Status OpenFreezeFile(int dir_fd, FreezeFile freeze_file,
                            KillFiles& files) {
  if (freeze_file == FreezeFile::kNone) return absl::OkStatus();
  absl::StatusOr<UniqueFd> freeze =
      OpenAt(dir_fd,
             freeze_file == FreezeFile::kCgroupFreeze ? "cgroup.freeze"
                                                      : "freezer.state",
             O_RDWR);
  // cgroup.freeze came with Linux 5.2.
  if (absl::IsNotFound(freeze.status())) return absl::OkStatus();
  if (!freeze.ok()) return freeze.status();
  files.freeze = *std::move(freeze);
  files.freeze_file = freeze_file;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<KillFiles> OpenKillFiles(int dir_fd, FreezeFile freeze_file) {
  KillFiles files;
  absl::StatusOr<UniqueFd> procs = OpenAt(dir_fd, "cgroup.procs", O_RDONLY);
  if (!procs.ok()) return procs.status();
  files.procs = *std::move(procs);

  absl::StatusOr<UniqueFd> kill = OpenAt(dir_fd, "cgroup.kill", O_WRONLY);
  if (kill.ok()) {
    files.kill = *std::move(kill);
    return files;
  }
  if (!absl::IsNotFound(kill.status())) return kill.status();
  const absl::Status status = OpenFreezeFile(dir_fd, freeze_file, files);
  if (!status.ok()) return status;
  return files;
}

absl::Status KillTreeOnce(int dir_fd, FreezeFile freeze_file) {
  const absl::StatusOr<KillFiles> files = OpenKillFiles(dir_fd, freeze_file);
  if (absl::IsNotFound(files.status())) return absl::OkStatus();
  if (!files.ok()) return files.status();

  const int error = KillCgroupOnce(files->kill.get(), files->procs.get(),
                                   files->freeze.get(), files->freeze_file);
  if (error != 0 && error != ENODEV) return ErrnoStatus(error, "kill cgroup");
  // cgroup.kill reaches below by itself.
  if (files->kill) return absl::OkStatus();
  return ForEachChild(dir_fd, [freeze_file](int child_fd) {
    return KillTreeOnce(child_fd, freeze_file);
  });
}

absl::StatusOr<bool> TreeHasProcesses(int dir_fd) {
  const absl::StatusOr<std::string> events =
      ReadFileAt(dir_fd, "cgroup.events");
  if (events.ok()) return absl::StrContains(*events, "populated 1");
  if (!absl::IsNotFound(events.status())) return events.status();

  const absl::StatusOr<UniqueFd> procs =
      OpenAt(dir_fd, "cgroup.procs", O_RDONLY);
  if (absl::IsNotFound(procs.status())) return false;
  if (!procs.ok()) return procs.status();
  bool has_processes = false;
  const int error = CgroupHasProcesses(procs->get(), &has_processes);
  if (error == ENODEV) return false;
  if (error != 0) return ErrnoStatus(error, "read cgroup.procs");

  const absl::Status status = ForEachChild(dir_fd, [&](int child_fd) {
    if (has_processes) return absl::OkStatus();
    const absl::StatusOr<bool> below = TreeHasProcesses(child_fd);
    if (below.ok()) has_processes = *below;
    return below.status();
  });
  if (!status.ok()) return status;
  return has_processes;
}

}  // namespace reeve
