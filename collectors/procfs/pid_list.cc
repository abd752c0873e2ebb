#include "collectors/procfs/pid_list.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>

#include "base/file.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

// Some 1,300 entries: readdir(3) asks for a quarter of that.
constexpr size_t kBufferSize = size_t{1} << 16;
// struct linux_dirent64 of getdents64(2), which no header has.
constexpr size_t kLengthAt = 16;
constexpr size_t kNameAt = 19;

void AppendPid(const char* name, std::vector<pid_t>& pids) {
  const std::optional<uint64_t> pid = DecimalFrom(name);
  if (pid.has_value() && *pid <= std::numeric_limits<pid_t>::max()) {
    pids.push_back(static_cast<pid_t>(*pid));
  }
}

void AppendPids(const char* entries, size_t size, std::vector<pid_t>& pids) {
  for (size_t at = 0; at + kNameAt < size;) {
    uint16_t length;
    std::memcpy(&length, entries + at + kLengthAt, sizeof(length));
    AppendPid(entries + at + kNameAt, pids);
    at += length;
  }
}

}  // namespace

absl::StatusOr<PidList> PidList::Open(const std::string& procfs) {
  absl::StatusOr<UniqueFd> dir =
      OpenAt(AT_FDCWD, procfs, O_RDONLY | O_DIRECTORY);
  if (!dir.ok()) return dir.status();
  return PidList(*std::move(dir));
}

absl::Status PidList::Read(std::vector<pid_t>& pids) {
  pids.clear();
  buffer_.resize(kBufferSize);
  if (lseek(dir_.get(), 0, SEEK_SET) < 0) {
    return ErrnoStatus(errno, "rewind the list of processes");
  }
  while (true) {
    const long n =
        syscall(SYS_getdents64, dir_.get(), buffer_.data(), buffer_.size());
    if (n == 0) break;
    if (n > 0) {
      AppendPids(buffer_.data(), static_cast<size_t>(n), pids);
    } else if (errno != EINTR) {
      return ErrnoStatus(errno, "list the processes");
    }
  }
  // As they are in a procfs, but in no other file system.
  if (!std::is_sorted(pids.begin(), pids.end())) {
    std::sort(pids.begin(), pids.end());
  }
  return absl::OkStatus();
}

}  // namespace reeve
