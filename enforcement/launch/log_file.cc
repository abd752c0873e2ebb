#include "enforcement/launch/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/shim/plan_format.h"

namespace reeve {
namespace {

constexpr mode_t kMode = 0640;

absl::Status CheckRegular(const UniqueFd& file, const std::string& path) {
  struct stat info;
  if (fstat(file.get(), &info) != 0) {
    return ErrnoStatus(errno, absl::StrCat("stat ", path));
  }
  if (S_ISREG(info.st_mode)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("open ", path,
                   ": not a regular file, which is what a log needs: name "
                   "another file, or give neither log size, tty nor "
                   "attachable"));
}

absl::StatusOr<UniqueFd> OpenRegular(int dir_fd, const std::string& name,
                                     const std::string& path) {
  UniqueFd file(openat(dir_fd, name.c_str(),
                       O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NOCTTY |
                           O_NONBLOCK | O_CLOEXEC,
                       kMode));
  if (!file && errno == ELOOP) {
    return absl::FailedPreconditionError(absl::StrCat(
        "open ", path, ": it is a symbolic link; name the file itself"));
  }
  if (!file) return ErrnoStatus(errno, absl::StrCat("open ", path));
  const absl::Status regular = CheckRegular(file, path);
  if (!regular.ok()) return regular;
  return file;
}

absl::StatusOr<LogTarget> Open(UniqueFd dir, const std::string& name,
                               const std::string& path,
                               const LogFiles& rotation) {
  if (name.empty() || name.size() > kMaxLogNameSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("open ", path, ": give a file name of 1 to ",
                     kMaxLogNameSize, " bytes"));
  }
  absl::StatusOr<UniqueFd> file = OpenRegular(dir.get(), name, path);
  if (!file.ok()) return file.status();
  LogTarget log;
  log.file = *std::move(file);
  log.dir = std::move(dir);
  log.name = name;
  log.max_size = rotation.max_size;
  log.max_files = rotation.max_files;
  return log;
}

}  // namespace

absl::StatusOr<LogTarget> OpenLogFile(const std::string& path,
                                      const LogFiles& rotation) {
  const size_t slash = path.rfind('/');
  absl::StatusOr<UniqueFd> dir =
      OpenDirAt(AT_FDCWD, slash == 0 ? "/" : path.substr(0, slash));
  if (!dir.ok()) return dir.status();
  return Open(*std::move(dir), path.substr(slash + 1), path, rotation);
}

absl::StatusOr<LogTarget> OpenLogFileAt(int dir_fd, const std::string& name,
                                        const LogFiles& rotation) {
  absl::StatusOr<UniqueFd> dir = OpenDirAt(dir_fd, ".");
  if (!dir.ok()) return dir.status();
  return Open(*std::move(dir), name, name, rotation);
}

}  // namespace reeve
