#ifndef REEVE_COLLECTORS_CGROUPS_CGROUP_FILTER_H_
#define REEVE_COLLECTORS_CGROUPS_CGROUP_FILTER_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/name_pattern.h"

namespace reeve {

// Which cgroups are wanted, by patterns for their path below the root. A value;
// thread-compatible.
class CgroupFilter {
 public:
  // Wants all.
  CgroupFilter() = default;

  // Wants those alone that match, or all if the text is empty. In RE2's syntax;
  // kInvalidArgument with what is wrong.
  absl::Status SetInclude(const std::string& text);
  // Wants none that match, whatever SetInclude() said.
  absl::Status SetExclude(const std::string& text);

  bool Wants(absl::string_view path) const;

 private:
  std::optional<NamePattern> include_;
  NamePattern exclude_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_CGROUP_FILTER_H_
