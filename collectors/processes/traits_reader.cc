#include "collectors/processes/traits_reader.h"

#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/file.h"
#include "collectors/procfs/pid_cgroup.h"
#include "collectors/procfs/pid_status.h"
#include "collectors/procfs/process_file.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "processes";

void Tell(const absl::Status& status, ReadErrorSink on_error) {
  if (!absl::IsNotFound(status)) on_error(kCollector, status);
}

}  // namespace

void TraitsReader::Read(int procfs_fd, absl::Duration now,
                        ProcessTraits& traits, ReadErrorSink on_error) {
  if (wanted_.exe) ReadExe(procfs_fd, traits, on_error);
  if (wanted_.user) ReadUser(procfs_fd, now, traits, on_error);
  if (wanted_.cgroup || wanted_.task) ReadCgroup(procfs_fd, traits, on_error);
}

void TraitsReader::ReadExe(int procfs_fd, ProcessTraits& traits,
                           ReadErrorSink on_error) {
  const ProcessFilePath link(traits.pid, "exe");
  buffer_.resize(PATH_MAX);
  const ssize_t size =
      readlinkat(procfs_fd, link.c_str(), buffer_.data(), buffer_.size());
  if (size < 0) {
    traits.exe_path = absl::StrCat("[", traits.comm, "]");
    return Tell(ErrnoStatus(errno, absl::StrCat("read ", link.c_str())),
                on_error);
  }
  // What the kernel adds to the name of a file that was replaced or removed.
  const absl::string_view path = absl::StripSuffix(
      {buffer_.data(), static_cast<size_t>(size)}, " (deleted)");
  traits.exe_path.assign(path.data(), path.size());
}

void TraitsReader::ReadUser(int procfs_fd, absl::Duration now,
                            ProcessTraits& traits, ReadErrorSink on_error) {
  traits.user.clear();
  const absl::StatusOr<PidStatus> status =
      ReadProcessFile(procfs_fd, traits.pid, "status", buffer_, ParsePidStatus);
  if (!status.ok()) return Tell(status.status(), on_error);
  if (!status->effective_uid.has_value()) return;
  traits.user = users_.NameOf(*status->effective_uid, now);
}

void TraitsReader::ReadCgroup(int procfs_fd, ProcessTraits& traits,
                              ReadErrorSink on_error) {
  traits.cgroup.clear();
  traits.task.clear();
  const auto take = [&](absl::string_view text) -> absl::StatusOr<bool> {
    const absl::StatusOr<absl::string_view> path = MainCgroupPath(text);
    if (!path.ok()) return path.status();
    if (wanted_.cgroup) traits.cgroup.assign(path->data(), path->size());
    if (!wanted_.task) return true;
    VisitCgroupPaths(text, [&](absl::string_view one) {
      traits.task = task_of_cgroup_(one);
      return traits.task.empty();
    });
    return true;
  };
  const absl::StatusOr<bool> taken =
      ReadProcessFile(procfs_fd, traits.pid, "cgroup", buffer_, take);
  if (!taken.ok()) Tell(taken.status(), on_error);
}

}  // namespace reeve
