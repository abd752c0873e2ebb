#include "enforcement/shim/process_stat.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "enforcement/shim/text.h"

namespace reeve {
namespace {

// Fields are counted from 1. The name, field 2, may hold anything but NUL, so
// the count goes on after the last parenthesis.
constexpr int kNameField = 2;
constexpr int kStartTimeField = 22;

}  // namespace

int64_t ParseStartTime(const char* stat, size_t size) {
  const char* const end = stat + size;
  const char* next = end;
  while (next != stat && next[-1] != ')') --next;
  if (next == stat) return -1;

  for (int field = kNameField; next != end; ++next) {
    if (*next != ' ') continue;
    if (++field == kStartTimeField) return ParseNumber(next + 1, end);
  }
  return -1;
}

int64_t ReadStartTime(pid_t pid) {
  Text path;
  path.Add("/proc/").AddNumber(pid).Add("/stat");
  const int fd = open(path.data(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  char stat[1024];
  const ssize_t n = read(fd, stat, sizeof(stat));
  const int error = errno;
  close(fd);
  if (n < 0) {
    errno = error;
    return -1;
  }
  const int64_t start_time = ParseStartTime(stat, static_cast<size_t>(n));
  if (start_time < 0) errno = EPROTO;
  return start_time;
}

}  // namespace reeve
