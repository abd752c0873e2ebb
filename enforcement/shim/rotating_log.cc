#include "enforcement/shim/rotating_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enforcement/shim/state_file.h"
#include "enforcement/shim/text.h"

namespace reeve {
namespace {

constexpr mode_t kMode = 0640;

Text NameOf(const PlanLog& plan, uint32_t number) {
  Text name;
  name.Add(plan.name);
  if (number > 0) name.Add(".").AddNumber(number);
  return name;
}

// Of a regular file; -1, with errno set, of anything else.
int64_t SizeOfFile(int fd) {
  struct stat file;
  if (fstat(fd, &file) != 0) return -1;
  if (!S_ISREG(file.st_mode)) {
    errno = EINVAL;
    return -1;
  }
  return file.st_size;
}

}  // namespace

size_t BytesBeforeRotation(const char* bytes, size_t size, size_t room,
                           bool is_at_line_start, bool is_empty) {
  if (size <= room) return size;
  for (size_t end = room; end > 0; --end) {
    if (bytes[end - 1] == '\n') return end;
  }
  return is_at_line_start && !is_empty ? 0 : room;
}

RotatingLog::RotatingLog(const PlanLog& plan, int state_dir_fd)
    : plan_(plan), state_dir_fd_(state_dir_fd) {
  if (plan_.file_fd == kNoFd) return;
  const int64_t size = SizeOfFile(plan_.file_fd);
  if (size > 0) size_ = static_cast<uint64_t>(size);
}

void RotatingLog::Append(const char* bytes, size_t size) {
  while (size > 0) {
    int error = plan_.file_fd == kNoFd ? Reopen() : 0;
    const size_t written = error == 0 ? TryAppend(bytes, size, &error) : 0;
    if (written > 0) NoteRecovery();
    bytes += written;
    size -= written;
    if (error != 0) return NoteLoss(size, error);
  }
}

size_t RotatingLog::TryAppend(const char* bytes, size_t size, int* error) {
  if (plan_.max_size != 0) {
    const uint64_t room = plan_.max_size > size_ ? plan_.max_size - size_ : 0;
    const size_t fitting =
        room < size ? BytesBeforeRotation(bytes, size, room, is_at_line_start_,
                                          size_ == 0)
                    : size;
    if (fitting == 0) {
      *error = Rotate();
      return 0;
    }
    size = fitting;
  }
  const ssize_t n = write(plan_.file_fd, bytes, size);
  if (n < 0) {
    *error = errno == EINTR ? 0 : errno;
    return 0;
  }
  const auto written = static_cast<size_t>(n);
  size_ += written;
  if (written > 0) is_at_line_start_ = bytes[written - 1] == '\n';
  return written;
}

int RotatingLog::Rotate() {
  if (plan_.max_files == 1) {
    if (ftruncate(plan_.file_fd, 0) != 0) return errno;
    size_ = 0;
    return 0;
  }
  for (uint32_t number = plan_.max_files - 1; number > 0; --number) {
    if (renameat(plan_.dir_fd, NameOf(plan_, number - 1).data(), plan_.dir_fd,
                 NameOf(plan_, number).data()) != 0 &&
        errno != ENOENT) {
      return errno;
    }
  }
  close(plan_.file_fd);
  plan_.file_fd = kNoFd;
  return Reopen();
}

int RotatingLog::Reopen() {
  // O_NONBLOCK: whatever is found there, nobody waits for it.
  const int fd = openat(plan_.dir_fd, plan_.name,
                        O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NOCTTY |
                            O_NONBLOCK | O_CLOEXEC,
                        kMode);
  if (fd < 0) return errno;
  const int64_t size = SizeOfFile(fd);
  if (size < 0) {
    const int error = errno;
    close(fd);
    return error;
  }
  plan_.file_fd = fd;
  size_ = static_cast<uint64_t>(size);
  return 0;
}

void RotatingLog::NoteLoss(size_t bytes, int error) {
  if (lost_bytes_ == 0) {
    LogWarning(state_dir_fd_, "a log cannot be written: output is lost", error);
  }
  lost_bytes_ += bytes;
}

void RotatingLog::NoteRecovery() {
  if (lost_bytes_ == 0) return;
  LogWarning(state_dir_fd_,
             Text()
                 .Add("a log can be written again: bytes of output lost: ")
                 .AddNumber(static_cast<int64_t>(lost_bytes_))
                 .data(),
             0);
  lost_bytes_ = 0;
}

}  // namespace reeve
