#ifndef REEVE_COLLECTORS_PROCESSES_GROUP_FILTER_H_
#define REEVE_COLLECTORS_PROCESSES_GROUP_FILTER_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace reeve {

// Which groups are wanted, by their names: those that one expression matches
// and another does not. Without expressions all of them are. A value;
// thread-safe once it is set.
class GroupFilter {
 public:
  // An expression of RE2's, which is to match the whole name. kInvalidArgument
  // if it is none.
  absl::Status SetInclude(absl::string_view expression);
  absl::Status SetExclude(absl::string_view expression);

  bool Accepts(absl::string_view name) const;

 private:
  std::shared_ptr<const re2::RE2> include_;
  std::shared_ptr<const re2::RE2> exclude_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESSES_GROUP_FILTER_H_
