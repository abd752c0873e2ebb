#include "base/kept_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {
namespace {

// Holds every file that is read often in one go.
constexpr size_t kFirstSize = 8192;

}  // namespace

absl::StatusOr<KeptFile> KeptFile::Open(int dir_fd, const char* name) {
  UniqueFd fd(openat(dir_fd, name, O_RDONLY | O_CLOEXEC));
  if (!fd && errno != ENOENT && errno != ENOTSUP) {
    return ErrnoStatus(errno, absl::StrCat("open ", name));
  }
  return KeptFile(std::move(fd), name);
}

absl::StatusOr<absl::string_view> KeptFile::Read(ReadBuffer& buffer) const {
  if (buffer.size() < kFirstSize) buffer.resize(kFirstSize);
  while (true) {
    const ssize_t n = pread(fd_.get(), buffer.data(), buffer.size(), 0);
    if (n >= 0 && static_cast<size_t>(n) < buffer.size()) {
      return absl::string_view(buffer.data(), static_cast<size_t>(n));
    }
    if (n >= 0) {
      buffer.resize(2 * buffer.size());
    } else if (errno != EINTR) {
      return ErrnoStatus(errno, absl::StrCat("read ", name_));
    }
  }
}

absl::StatusOr<absl::string_view> KeptFile::ReadToEnd(
    ReadBuffer& buffer) const {
  if (buffer.size() < kFirstSize) buffer.resize(kFirstSize);
  size_t size = 0;
  while (true) {
    if (size == buffer.size()) buffer.resize(2 * buffer.size());
    const ssize_t n = pread(fd_.get(), buffer.data() + size,
                            buffer.size() - size, static_cast<off_t>(size));
    if (n == 0) return absl::string_view(buffer.data(), size);
    if (n > 0) {
      size += static_cast<size_t>(n);
    } else if (errno != EINTR) {
      return ErrnoStatus(errno, absl::StrCat("read ", name_));
    }
  }
}

}  // namespace reeve
