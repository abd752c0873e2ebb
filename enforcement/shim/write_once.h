#ifndef REEVE_ENFORCEMENT_SHIM_WRITE_ONCE_H_
#define REEVE_ENFORCEMENT_SHIM_WRITE_ONCE_H_

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

namespace reeve {

// For files of the kernel, which take a value in one write. Each returns 0 or
// an errno value.
inline int WriteOnce(int fd, const char* text, size_t size) {
  ssize_t n;
  do {
    n = write(fd, text, size);
  } while (n < 0 && errno == EINTR);
  return n < 0 ? errno : 0;
}

inline int WriteOnceAt(int dir_fd, const char* path, const char* text,
                       size_t size) {
  const int fd = openat(dir_fd, path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  const int error = WriteOnce(fd, text, size);
  close(fd);
  return error;
}

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_WRITE_ONCE_H_
