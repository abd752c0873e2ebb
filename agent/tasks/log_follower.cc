#include "agent/tasks/log_follower.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {
namespace {

constexpr size_t kBlockSize = size_t{64} * 1024;

std::string NameOf(const std::string& name, uint32_t number) {
  return number == 0 ? name : absl::StrCat(name, ".", number);
}

bool IsSameFile(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

// Where the last `lines` lines of a file begin, and how many it has of them.
struct TailStart {
  off_t offset = 0;
  uint64_t lines = 0;
};

absl::StatusOr<TailStart> FindTail(int fd, off_t size, uint64_t lines) {
  TailStart start;
  std::string block;
  for (off_t end = size; end > 0;) {
    const off_t begin = std::max<off_t>(0, end - off_t{kBlockSize});
    block.resize(static_cast<size_t>(end - begin));
    const ssize_t n = pread(fd, &block[0], block.size(), begin);
    if (n < 0) return ErrnoStatus(errno, "read a log");
    for (off_t at = begin + n; at > begin; --at) {
      // The end of the last line does not begin another one.
      if (block[static_cast<size_t>(at - 1 - begin)] != '\n' || at == size) {
        continue;
      }
      if (++start.lines == lines) {
        start.offset = at;
        return start;
      }
    }
    end = begin;
  }
  if (size > 0) ++start.lines;
  return start;
}

}  // namespace

LogFollower::LogFollower(UniqueFd dir, std::string name, uint32_t max_files)
    : dir_(std::move(dir)), name_(std::move(name)), max_files_(max_files) {}

absl::StatusOr<UniqueFd> LogFollower::Open(uint32_t number) const {
  const std::string name = NameOf(name_, number);
  absl::StatusOr<UniqueFd> fd =
      OpenAt(dir_.get(), name, O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
  if (!fd.ok()) return fd;
  struct stat info;
  if (fstat(fd->get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return absl::NotFoundError(absl::StrCat(name, " is not a regular file"));
  }
  return fd;
}

void LogFollower::OpenOldest() {
  for (uint32_t number = max_files_; number-- > 0;) {
    absl::StatusOr<UniqueFd> fd = Open(number);
    if (!fd.ok()) continue;
    fd_ = *std::move(fd);
    offset_ = 0;
    return;
  }
}

absl::Status LogFollower::Begin(std::optional<uint64_t> tail_lines) {
  if (!tail_lines.has_value()) {
    OpenOldest();
    return absl::OkStatus();
  }
  uint64_t wanted = *tail_lines;
  // From the newest on: a file that moves up meanwhile is met again, not
  // missed.
  for (uint32_t number = 0; number < max_files_; ++number) {
    absl::StatusOr<UniqueFd> fd = Open(number);
    if (!fd.ok()) break;
    struct stat info;
    struct stat last;
    if (fstat(fd->get(), &info) != 0) break;
    if (fd_ && fstat(fd_.get(), &last) == 0 && IsSameFile(info, last)) continue;
    if (number == 0 && wanted == 0) {
      fd_ = *std::move(fd);
      offset_ = info.st_size;
      break;
    }
    const absl::StatusOr<TailStart> tail =
        FindTail(fd->get(), info.st_size, wanted);
    if (!tail.ok()) return tail.status();
    fd_ = *std::move(fd);
    offset_ = tail->offset;
    wanted -= std::min(wanted, tail->lines);
    if (wanted == 0) break;
  }
  return absl::OkStatus();
}

std::optional<uint32_t> LogFollower::Position() const {
  struct stat mine;
  if (fstat(fd_.get(), &mine) != 0) return std::nullopt;
  for (uint32_t number = 0; number < max_files_; ++number) {
    struct stat other;
    if (fstatat(dir_.get(), NameOf(name_, number).c_str(), &other,
                AT_SYMLINK_NOFOLLOW) == 0 &&
        IsSameFile(mine, other)) {
      return number;
    }
  }
  return std::nullopt;
}

absl::StatusOr<std::string> LogFollower::ReadHere() {
  std::string bytes(kBlockSize, '\0');
  const ssize_t n = pread(fd_.get(), &bytes[0], bytes.size(), offset_);
  if (n < 0) return ErrnoStatus(errno, absl::StrCat("read ", name_));
  bytes.resize(static_cast<size_t>(n));
  offset_ += n;
  struct stat info;
  // One that is kept alone is emptied when it is full.
  if (n == 0 && fstat(fd_.get(), &info) == 0 && info.st_size < offset_) {
    offset_ = 0;
  }
  return bytes;
}

absl::StatusOr<std::string> LogFollower::Read() {
  if (!fd_) OpenOldest();
  if (!fd_) return std::string();
  // Each turn is a file that has been read to its end.
  for (uint32_t turn = 0; turn <= max_files_; ++turn) {
    absl::StatusOr<std::string> bytes = ReadHere();
    if (!bytes.ok() || !bytes->empty()) return bytes;
    const std::optional<uint32_t> position = Position();
    if (position == 0u) return ReadHere();
    // Nobody writes to it any more, but since the look at it.
    bytes = ReadHere();
    if (!bytes.ok() || !bytes->empty()) return bytes;
    if (!position.has_value()) {
      OpenOldest();
      continue;
    }
    absl::StatusOr<UniqueFd> next = Open(*position - 1);
    if (!next.ok()) return std::string();
    struct stat mine;
    struct stat other;
    if (fstat(fd_.get(), &mine) == 0 && fstat(next->get(), &other) == 0 &&
        !IsSameFile(mine, other)) {
      fd_ = *std::move(next);
      offset_ = 0;
    }
  }
  return std::string();
}

}  // namespace reeve
