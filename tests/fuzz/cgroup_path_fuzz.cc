// The path of a cgroup, whose names anybody may choose, and a regular
// expression for such paths, before a line break.

#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "base/name_filter.h"
#include "collectors/cgroups/cgroup_identity.h"
#include "tests/fuzz/fuzz_check.h"

namespace {

constexpr absl::string_view kKinds[] = {"root",    "slice",   "service",
                                        "scope",   "pod",     "container",
                                        "machine", "monitor", "other"};

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(reeve::TextOf(data, size), absl::MaxSplits('\n', 1));
  const absl::string_view path = parts.second;

  const reeve::CgroupIdentity identity = reeve::IdentifyCgroup(path);
  FUZZ_CHECK(absl::c_linear_search(kKinds, identity.kind));
  FUZZ_CHECK(absl::StrContains(path, identity.unit));
  FUZZ_CHECK(absl::StrContains(path, identity.slice));
  FUZZ_CHECK(absl::StrContains(identity.unit, identity.scope) ||
             absl::EndsWith(identity.unit, ".service"));
  FUZZ_CHECK(!absl::StrContains(identity.pod_id, "_"));

  reeve::NameFilter filter;
  FUZZ_CHECK(filter.Wants(path));
  const std::string expression(parts.first);
  if (!filter.SetExclude(expression).ok()) {
    FUZZ_CHECK(filter.Wants(path));
    return 0;
  }
  const bool is_wanted = filter.Wants(path);
  FUZZ_CHECK(filter.SetInclude(expression).ok());
  FUZZ_CHECK(expression.empty() || !filter.Wants(path));
  FUZZ_CHECK(filter.SetExclude("").ok());
  FUZZ_CHECK(expression.empty() || filter.Wants(path) != is_wanted);
  return 0;
}
