#ifndef REEVE_ENFORCEMENT_CGROUP_LIMIT_TEXT_H_
#define REEVE_ENFORCEMENT_CGROUP_LIMIT_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace reeve {

// The text of a limit file in one form for all that mean the same: "max" for no
// limit, whatever the file's own sign for it (-1, 9223372036854771712), bytes
// rounded down to pages as the kernel keeps them, huge pages to theirs, CPUs as
// the kernel lists them, no newline. Of a device in io.max all four rates, and
// of one in a v1 throttle file "0" for no limit, as they are written.
std::string CanonicalLimit(absl::string_view file, absl::string_view text);

// Whether a file that was given one text may show the other.
inline bool SameLimit(absl::string_view file, absl::string_view a,
                      absl::string_view b) {
  return CanonicalLimit(file, a) == CanonicalLimit(file, b);
}

// The contents of a file as far as they are one limit: all, without the
// newline, or where the file has a line for each item, such as a device, what
// follows `item` in its line. That is canonical, also for an item without a
// line.
std::string LimitTextIn(absl::string_view file, absl::string_view contents,
                        absl::string_view item);

// What to write to the file to give the limit, or the item's, this value.
std::string LimitTextFor(absl::string_view item, absl::string_view value);

// How people call a limit: "pids.max", "io.max 8:0".
std::string LimitName(absl::string_view file, absl::string_view item);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_LIMIT_TEXT_H_
