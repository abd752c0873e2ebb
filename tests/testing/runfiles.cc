#include "tests/testing/runfiles.h"

#include <unistd.h>

#include <climits>
#include <cstdlib>

namespace reeve {

std::string RunfilePath(const std::string& path) {
  const char* const source_dir = std::getenv("TEST_SRCDIR");
  if (source_dir != nullptr) {
    return std::string(source_dir) + "/reeve/" + path;
  }
  char exe[PATH_MAX];
  const ssize_t size = readlink("/proc/self/exe", exe, sizeof(exe));
  return std::string(exe, size > 0 ? static_cast<size_t>(size) : 0) +
         ".runfiles/reeve/" + path;
}

}  // namespace reeve
