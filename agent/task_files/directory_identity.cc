#include "agent/task_files/directory_identity.h"

#include <sys/stat.h>

#include <cerrno>

namespace reeve {
namespace {

// The empty path of files right below "/".
const char* Named(const std::string& path) {
  return path.empty() ? "/" : path.c_str();
}

}  // namespace

bool IsSameDirectory(const std::string& a, const std::string& b) {
  if (a == b) return true;
  struct stat of_a;
  struct stat of_b;
  if (stat(Named(a), &of_a) != 0 || stat(Named(b), &of_b) != 0) return false;
  return of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

bool IsGone(const std::string& path) {
  struct stat info;
  return stat(Named(path), &info) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

}  // namespace reeve
