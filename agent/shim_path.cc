#include "agent/shim_path.h"

#include <sys/stat.h>
#include <unistd.h>

#include <climits>

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

std::string DirectoryOfThisExecutable() {
  char path[PATH_MAX];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof(path));
  if (size <= 0) return ".";
  const std::string exe(path, static_cast<size_t>(size));
  return exe.substr(0, exe.rfind('/'));
}

}  // namespace

absl::StatusOr<std::string> FindShim(const std::string& given) {
  const std::string path =
      given.empty() ? absl::StrCat(DirectoryOfThisExecutable(), "/reeve-shim")
                    : given;
  struct stat info;
  if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode) ||
      access(path.c_str(), X_OK) != 0) {
    return absl::NotFoundError(
        absl::StrCat(path,
                     " is not an executable file: install reeve-shim "
                     "beside reeve, or name it with --shim"));
  }
  return path;
}

}  // namespace reeve
