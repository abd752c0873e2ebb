#include "collectors/host/patient_statfs.h"

#include <sys/statvfs.h>
#include <sys/vfs.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/file.h"

namespace reeve {

absl::StatusOr<FilesystemUsage> ReadFilesystemUsage(
    const std::string& mount_point) {
  struct statfs info;
  while (statfs(mount_point.c_str(), &info) != 0) {
    if (errno == EINTR) continue;
    return ErrnoStatus(errno, absl::StrCat("statfs ", mount_point));
  }
  FilesystemUsage usage;
  // Blocks are counted in f_frsize, which some file systems leave to f_bsize.
  const auto block =
      static_cast<uint64_t>(info.f_frsize > 0 ? info.f_frsize : info.f_bsize);
  usage.size_bytes = info.f_blocks * block;
  usage.free_bytes = info.f_bfree * block;
  usage.available_bytes = info.f_bavail * block;
  if (info.f_files > 0) {
    usage.inodes = info.f_files;
    usage.inodes_free = info.f_ffree;
  }
  usage.is_read_only = (static_cast<uint64_t>(info.f_flags) & ST_RDONLY) != 0;
  return usage;
}

struct PatientStatfs::Call {
  absl::Mutex mutex;
  bool has_ended ABSL_GUARDED_BY(mutex) = false;
  absl::StatusOr<FilesystemUsage> usage ABSL_GUARDED_BY(mutex) =
      absl::UnknownError("not asked");
};

PatientStatfs::PatientStatfs(Ask ask, absl::Duration patience)
    : ask_(std::move(ask)), patience_(patience) {}

std::optional<absl::StatusOr<FilesystemUsage>> PatientStatfs::Read(
    const std::string& mount_point) {
  const auto stuck = stuck_.find(mount_point);
  if (stuck != stuck_.end()) {
    absl::MutexLock lock(&stuck->second->mutex);
    if (!stuck->second->has_ended) return std::nullopt;
  }
  stuck_.erase(mount_point);

  auto call = std::make_shared<Call>();
  try {
    std::thread([call, ask = ask_, mount_point] {
      absl::StatusOr<FilesystemUsage> usage = ask(mount_point);
      absl::MutexLock lock(&call->mutex);
      call->usage = std::move(usage);
      call->has_ended = true;
    }).detach();
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(
        absl::StrCat("no thread to ask ", mount_point, ": ", error.what()));
  }
  absl::MutexLock lock(&call->mutex);
  if (call->mutex.AwaitWithTimeout(absl::Condition(&call->has_ended),
                                   patience_)) {
    // Nothing of it stays behind for the other thread to free.
    return std::move(call->usage);
  }
  stuck_.emplace(mount_point, call);
  return std::nullopt;
}

}  // namespace reeve
