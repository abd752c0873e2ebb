#include "enforcement/spec/cgroup_path.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace reeve {

bool IsCgroupPath(absl::string_view path) {
  if (path == "/") return true;
  // What follows it would be lost on the way to the kernel.
  if (path.find('\0') != absl::string_view::npos) return false;
  if (!absl::ConsumePrefix(&path, "/")) return false;
  return absl::c_all_of(absl::StrSplit(path, '/'), [](absl::string_view part) {
    return !part.empty() && part != "." && part != "..";
  });
}

}  // namespace reeve
