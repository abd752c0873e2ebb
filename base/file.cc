#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

absl::Status WriteAll(int fd, absl::string_view text, absl::string_view what) {
  while (!text.empty()) {
    const ssize_t n = write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoStatus(errno, what);
    text.remove_prefix(static_cast<size_t>(n));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ErrnoStatus(int error_number, absl::string_view what) {
  if (error_number != ENODEV) return absl::ErrnoToStatus(error_number, what);
  return absl::NotFoundError(absl::ErrnoToStatus(error_number, what).message());
}

absl::StatusOr<UniqueFd> OpenAt(int dir_fd, const std::string& name, int flags,
                                mode_t mode) {
  UniqueFd fd(openat(dir_fd, name.c_str(), flags | O_CLOEXEC, mode));
  if (!fd) return ErrnoStatus(errno, absl::StrCat("open ", name));
  return fd;
}

absl::StatusOr<UniqueFd> OpenDirAt(int dir_fd, const std::string& name) {
  return OpenAt(dir_fd, name, O_PATH | O_DIRECTORY);
}

absl::StatusOr<std::string> ReadFileAt(int dir_fd, const std::string& name) {
  const absl::StatusOr<UniqueFd> fd = OpenAt(dir_fd, name, O_RDONLY);
  if (!fd.ok()) return fd.status();

  std::string contents;
  char chunk[4096];
  while (true) {
    const ssize_t n = read(fd->get(), chunk, sizeof(chunk));
    if (n == 0) return contents;
    if (n > 0) {
      contents.append(chunk, static_cast<size_t>(n));
    } else if (errno != EINTR) {
      return ErrnoStatus(errno, absl::StrCat("read ", name));
    }
  }
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  return ReadFileAt(AT_FDCWD, path);
}

absl::Status WriteFileAt(int dir_fd, const std::string& name,
                         absl::string_view text) {
  const absl::StatusOr<UniqueFd> fd = OpenAt(dir_fd, name, O_WRONLY);
  if (!fd.ok()) return fd.status();

  ssize_t n;
  do {
    n = write(fd->get(), text.data(), text.size());
  } while (n < 0 && errno == EINTR);
  if (n < 0) return ErrnoStatus(errno, absl::StrCat("write ", name));
  if (static_cast<size_t>(n) != text.size()) {
    return absl::DataLossError(absl::StrCat("write ", name, ": short write"));
  }
  return absl::OkStatus();
}

absl::Status ReplaceFileAt(int dir_fd, const std::string& name,
                           absl::string_view contents, mode_t mode) {
  const std::string temporary = absl::StrCat(".", name, ".tmp");
  const absl::StatusOr<UniqueFd> fd = OpenAt(
      dir_fd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode);
  if (!fd.ok()) return fd.status();

  absl::Status status =
      WriteAll(fd->get(), contents, absl::StrCat("write ", name));
  if (status.ok() &&
      renameat(dir_fd, temporary.c_str(), dir_fd, name.c_str()) != 0) {
    status = ErrnoStatus(errno, absl::StrCat("rename ", name));
  }
  if (!status.ok()) unlinkat(dir_fd, temporary.c_str(), 0);
  return status;
}

}  // namespace reeve
