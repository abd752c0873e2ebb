#include "enforcement/launch/shim_program.h"

#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "enforcement/launch/shim_process.h"

namespace reeve {
namespace {

constexpr char kName[] = "reeve-shim";

bool IsSameFile(const std::string& path, const std::string& other) {
  struct stat file;
  struct stat other_file;
  return stat(path.c_str(), &file) == 0 &&
         stat(other.c_str(), &other_file) == 0 &&
         file.st_dev == other_file.st_dev && file.st_ino == other_file.st_ino;
}

// "" if it is no link, or one that this process may not look at.
std::string LinkTextOf(const std::string& path) {
  char text[PATH_MAX];
  const ssize_t size = readlink(path.c_str(), text, sizeof(text));
  return std::string(text, size < 0 ? 0 : static_cast<size_t>(size));
}

}  // namespace

ShimProgram::ShimProgram(std::string path) : path_(std::move(path)) {
  absl::StatusOr<SealedProgram> sealed = SealedProgram::Copy(path_, kName);
  seal_status_ = sealed.status();
  if (!sealed.ok()) return;
  const absl::MutexLock lock(&mutex_);
  sealed_ = std::make_shared<const SealedProgram>(*std::move(sealed));
}

absl::StatusOr<pid_t> ShimProgram::Spawn(int plan_fd,
                                         const std::vector<int>& fds) const {
  std::shared_ptr<const SealedProgram> sealed;
  {
    const absl::MutexLock lock(&mutex_);
    sealed = sealed_;
  }
  if (sealed == nullptr) return SpawnShim({path_}, plan_fd, fds);
  absl::StatusOr<pid_t> pid = SpawnShim(sealed->paths(), plan_fd, fds);
  // ETXTBSY: a task has opened the copy for writing. That changes nothing in
  // it, but what is open so is not executed.
  if (!absl::IsFailedPrecondition(pid.status())) return pid;
  const absl::StatusOr<std::shared_ptr<const SealedProgram>> renewed =
      Renew(*sealed);
  if (!renewed.ok()) return renewed.status();
  return SpawnShim((*renewed)->paths(), plan_fd, fds);
}

absl::StatusOr<std::shared_ptr<const SealedProgram>> ShimProgram::Renew(
    const SealedProgram& busy) const {
  const absl::MutexLock lock(&mutex_);
  // Another thread may have been here.
  if (sealed_.get() != &busy) return sealed_;
  absl::StatusOr<SealedProgram> copy =
      SealedProgram::Copy(busy.paths().back(), kName);
  if (!copy.ok()) return copy.status();
  sealed_ = std::make_shared<const SealedProgram>(*std::move(copy));
  return sealed_;
}

bool ShimProgram::IsRunBy(pid_t pid) const {
  const std::string exe = absl::StrCat("/proc/", pid, "/exe");
  return IsSameFile(exe, path_) ||
         LinkTextOf(exe) == SealedProgram::LinkText(kName);
}

}  // namespace reeve
