#ifndef REEVE_ENFORCEMENT_CGROUP_LIMIT_TEXT_H_
#define REEVE_ENFORCEMENT_CGROUP_LIMIT_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// The text of a limit file in one form for all that mean the same: "max" for no
// limit, whatever the file's own sign for it (-1, 9223372036854771712), bytes
// rounded down to pages as the kernel keeps them, no newline.
std::string CanonicalLimit(absl::string_view file, absl::string_view text);

// Whether a file that was given one text may show the other.
inline bool SameLimit(absl::string_view file, absl::string_view a,
                      absl::string_view b) {
  return CanonicalLimit(file, a) == CanonicalLimit(file, b);
}

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_LIMIT_TEXT_H_
