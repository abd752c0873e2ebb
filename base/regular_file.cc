#include "base/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/unique_fd.h"

namespace reeve {
namespace {

absl::Status NoRegularFile(const std::string& name) {
  return absl::DataLossError(absl::StrCat(name, " is no regular file"));
}

absl::Status TooLarge(const std::string& name, size_t max_bytes) {
  return absl::DataLossError(
      absl::StrCat(name, " has more than ", max_bytes, " bytes"));
}

}  // namespace

absl::StatusOr<std::string> ReadRegularFileAt(int dir_fd,
                                              const std::string& name) {
  // A fifo without a writer is opened at once, too.
  const UniqueFd fd(openat(dir_fd, name.c_str(),
                           O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  // A symbolic link, and a socket.
  if (!fd && (errno == ELOOP || errno == ENXIO)) return NoRegularFile(name);
  if (!fd) return ErrnoStatus(errno, absl::StrCat("open ", name));
  return ReadRegularFile(fd.get(), name, std::numeric_limits<size_t>::max());
}

absl::StatusOr<std::string> ReadRegularFile(int fd, const std::string& name,
                                            size_t max_bytes) {
  struct stat info;
  if (fstat(fd, &info) != 0) {
    return ErrnoStatus(errno, absl::StrCat("stat ", name));
  }
  if (!S_ISREG(info.st_mode)) return NoRegularFile(name);

  std::string contents;
  char chunk[4096];
  while (true) {
    const ssize_t n = read(fd, chunk, sizeof(chunk));
    if (n == 0) return contents;
    if (n > 0) {
      contents.append(chunk, static_cast<size_t>(n));
      if (contents.size() > max_bytes) return TooLarge(name, max_bytes);
    } else if (errno != EINTR) {
      return ErrnoStatus(errno, absl::StrCat("read ", name));
    }
  }
}

}  // namespace reeve
