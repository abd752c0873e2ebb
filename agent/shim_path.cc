#include "agent/shim_path.h"

#include <sys/stat.h>
#include <unistd.h>

#include <climits>

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

constexpr char kName[] = "reeve-shim";

std::string DirectoryOfThisExecutable() {
  char path[PATH_MAX];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof(path));
  if (size <= 0) return ".";
  const std::string exe(path, static_cast<size_t>(size));
  return exe.substr(0, exe.rfind('/'));
}

bool IsExecutableFile(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

absl::Status NoShim(const std::string& path) {
  return absl::NotFoundError(
      absl::StrCat(path,
                   " is not an executable file: install reeve-shim beside "
                   "reeve, or name it with --shim"));
}

}  // namespace

absl::StatusOr<std::string> FindShim(const std::string& given) {
  if (given.empty()) return FindShimNear(DirectoryOfThisExecutable());
  if (!IsExecutableFile(given)) return NoShim(given);
  return given;
}

absl::StatusOr<std::string> FindShimNear(const std::string& directory) {
  const std::string beside = absl::StrCat(directory, "/", kName);
  if (IsExecutableFile(beside)) return beside;
  // Of an installed /usr/bin/reeve: no command for people belongs in there.
  const std::string installed = absl::StrCat(
      directory.substr(0, directory.rfind('/')), "/libexec/reeve/", kName);
  if (IsExecutableFile(installed)) return installed;
  return NoShim(beside);
}

}  // namespace reeve
