#include "base/configuration_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/regular_file.h"

namespace reeve {

absl::Status CheckWriters(const struct stat& info) {
  if (info.st_uid != 0 && info.st_uid != geteuid()) {
    return absl::PermissionDeniedError(absl::StrCat(
        "it is user ", info.st_uid, "'s: give it to root or the agent's user"));
  }
  if ((info.st_mode & 022) != 0) {
    return absl::PermissionDeniedError(
        "others than its owner may write to it: chmod go-w");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadConfiguration(const std::string& path,
                                              size_t max_bytes,
                                              TrustedWriters writers,
                                              absl::Time* modified_at) {
  // A fifo without a writer is opened at once, too.
  const absl::StatusOr<UniqueFd> fd =
      OpenAt(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!fd.ok()) return fd.status();
  struct stat info;
  if (fstat(fd->get(), &info) != 0) return ErrnoStatus(errno, "stat");
  if (modified_at != nullptr) {
    *modified_at = absl::TimeFromTimespec(info.st_mtim);
  }
  if (writers == TrustedWriters::kOwner) {
    const absl::Status status = CheckWriters(info);
    if (!status.ok()) return status;
  }
  return ReadRegularFile(fd->get(), "the file", max_bytes);
}

}  // namespace reeve
