#include "enforcement/launch/stdio.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr char kDevNull[] = "/dev/null";
constexpr mode_t kNewFileMode = 0640;
// O_NONBLOCK is for the open alone: a terminal may wait for its line. O_NOCTTY
// since the opener may be a session leader without a terminal.
constexpr int kAlways = O_NOCTTY | O_NONBLOCK;

absl::Status MakeBlocking(const UniqueFd& fd, const std::string& path) {
  const int flags = fcntl(fd.get(), F_GETFL);
  if (flags < 0 || fcntl(fd.get(), F_SETFL, flags & ~O_NONBLOCK) != 0) {
    return ErrnoStatus(errno, absl::StrCat("set flags of ", path));
  }
  return absl::OkStatus();
}

absl::StatusOr<UniqueFd> OpenBlocking(const std::string& name, int flags,
                                      const std::string& path) {
  UniqueFd fd(open(name.c_str(), flags | kAlways | O_CLOEXEC, kNewFileMode));
  if (!fd) return ErrnoStatus(errno, absl::StrCat("open ", path));
  const absl::Status status = MakeBlocking(fd, path);
  if (!status.ok()) return status;
  return fd;
}

// Opens what `handle`, an O_PATH descriptor, stands for: nobody can put another
// file in its place between the look at its type and the open.
absl::StatusOr<UniqueFd> Reopen(const UniqueFd& handle, int flags,
                                const std::string& path) {
  struct stat file;
  if (fstat(handle.get(), &file) != 0) {
    return ErrnoStatus(errno, absl::StrCat("stat ", path));
  }
  if (S_ISLNK(file.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "open ", path, ": it is a symbolic link; name the file itself"));
  }
  if (S_ISDIR(file.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("open ", path, ": it is a directory"));
  }
  if (S_ISFIFO(file.st_mode)) flags = O_RDWR;
  return OpenBlocking(absl::StrCat("/proc/self/fd/", handle.get()), flags,
                      path);
}

absl::StatusOr<UniqueFd> OpenHandle(const std::string& path) {
  return OpenAt(AT_FDCWD, path, O_PATH | O_NOFOLLOW);
}

}  // namespace

absl::StatusOr<UniqueFd> OpenTaskOutput(const std::string& path) {
  if (path.empty() || path == kDevNull) {
    return OpenAt(AT_FDCWD, kDevNull, O_WRONLY);
  }
  absl::StatusOr<UniqueFd> handle = OpenHandle(path);
  if (absl::IsNotFound(handle.status())) {
    absl::StatusOr<UniqueFd> created =
        OpenBlocking(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, path);
    if (!absl::IsAlreadyExists(created.status())) return created;
    // Somebody made it meanwhile.
    handle = OpenHandle(path);
  }
  if (!handle.ok()) return handle.status();
  return Reopen(*handle, O_WRONLY | O_APPEND, path);
}

absl::StatusOr<UniqueFd> OpenTaskInput(const std::string& path) {
  if (path.empty() || path == kDevNull) {
    return OpenAt(AT_FDCWD, kDevNull, O_RDONLY);
  }
  const absl::StatusOr<UniqueFd> handle = OpenHandle(path);
  if (!handle.ok()) return handle.status();
  return Reopen(*handle, O_RDONLY, path);
}

}  // namespace reeve
