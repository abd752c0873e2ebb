#include "agent/task_of_cgroup.h"

#include <cstddef>

#include "absl/strings/strip.h"
#include "enforcement/cgroup/group_cgroup.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {
namespace {

// "web" of "web/worker", which is left without it.
absl::string_view TakeFirst(absl::string_view& path) {
  const size_t end = path.find('/');
  const absl::string_view first = path.substr(0, end);
  path.remove_prefix(end == absl::string_view::npos ? path.size() : end + 1);
  return first;
}

}  // namespace

std::string TaskIdOfCgroup(absl::string_view parent, absl::string_view path) {
  absl::ConsumeSuffix(&parent, "/");
  if (!absl::ConsumePrefix(&path, parent) || !absl::ConsumePrefix(&path, "/")) {
    return "";
  }
  absl::string_view name = TakeFirst(path);
  if (absl::ConsumePrefix(&name, GroupCgroupName(""))) name = TakeFirst(path);
  std::string id(name);
  return IsValidTaskId(id) ? id : "";
}

}  // namespace reeve
