#ifndef REEVE_COLLECTORS_CGROUPS_CGROUP_FILTER_H_
#define REEVE_COLLECTORS_CGROUPS_CGROUP_FILTER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace reeve {

// Which cgroups are wanted, by regular expressions for their whole path below
// the root, as Prometheus anchors its own. A value; thread-compatible.
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
  // Null if there is no such expression.
  std::shared_ptr<const re2::RE2> include_;
  std::shared_ptr<const re2::RE2> exclude_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_CGROUPS_CGROUP_FILTER_H_
