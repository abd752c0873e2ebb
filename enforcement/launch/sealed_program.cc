#include "enforcement/launch/sealed_program.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {
namespace {

// Since Linux 6.3: newer than some headers.
constexpr unsigned kMfdExec = 0x10;
constexpr int kSealExec = 0x20;

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
constexpr size_t kChunk = 1 << 20;

absl::StatusOr<UniqueFd> MakeExecutableMemory(const std::string& name) {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  UniqueFd fd(memfd_create(name.c_str(), kFlags | kMfdExec));
  if (!fd && errno == EINVAL) fd.Reset(memfd_create(name.c_str(), kFlags));
  if (fd) return fd;
  const absl::string_view advice =
      errno == EACCES ? " (set sysctl vm.memfd_noexec to 0 or 1)" : "";
  return ErrnoStatus(errno,
                     absl::StrCat("make an executable file in memory", advice));
}

absl::Status CopyAll(int from, int to, const std::string& path) {
  while (true) {
    const ssize_t n = sendfile(to, from, nullptr, kChunk);
    if (n == 0) return absl::OkStatus();
    if (n < 0 && errno != EINTR) {
      return ErrnoStatus(errno, absl::StrCat("copy ", path, " to memory"));
    }
  }
}

// An older kernel does not know how to keep it executable, which a chmod(2)
// could end.
absl::Status Seal(int fd) {
  if (fcntl(fd, F_ADD_SEALS, kSeals | kSealExec) == 0 ||
      (errno == EINVAL && fcntl(fd, F_ADD_SEALS, kSeals) == 0)) {
    return absl::OkStatus();
  }
  return ErrnoStatus(errno, "seal a program in memory");
}

std::vector<std::string> PathsOf(int fd) {
  const std::string file = absl::StrCat("/fd/", fd);
  std::vector<std::string> paths = {"/proc/self" + file};
  // "self" is the child. To make entries of /proc for each takes longer, by a
  // fortieth of a launch, than to find those of this process, into which root
  // may look. The number is that of the namespace of /proc.
  char pid[16];
  const ssize_t size = readlink("/proc/self", pid, sizeof(pid));
  if (geteuid() == 0 && size > 0) {
    const std::string own(pid, static_cast<size_t>(size));
    paths.insert(paths.begin(), absl::StrCat("/proc/", own, file));
  }
  return paths;
}

}  // namespace

SealedProgram::SealedProgram(UniqueFd fd)
    : fd_(std::move(fd)), paths_(PathsOf(fd_.get())) {}

absl::StatusOr<SealedProgram> SealedProgram::Copy(const std::string& path,
                                                  const std::string& name) {
  const absl::StatusOr<UniqueFd> file = OpenAt(AT_FDCWD, path, O_RDONLY);
  if (!file.ok()) return file.status();
  absl::StatusOr<UniqueFd> memory = MakeExecutableMemory(name);
  if (!memory.ok()) return memory.status();
  absl::Status status = CopyAll(file->get(), memory->get(), path);
  if (status.ok()) status = Seal(memory->get());
  if (!status.ok()) return status;
  SealedProgram program(*std::move(memory));
  // Where files in memory are on a file system that executes none.
  if (access(program.paths().back().c_str(), X_OK) != 0) {
    return ErrnoStatus(errno, "execute a file in memory");
  }
  return program;
}

std::string SealedProgram::LinkText(const std::string& name) {
  return absl::StrCat("/memfd:", name, " (deleted)");
}

}  // namespace reeve
