#ifndef REEVE_ENFORCEMENT_SPEC_RLIMIT_NAME_H_
#define REEVE_ENFORCEMENT_SPEC_RLIMIT_NAME_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// The limits of getrlimit(2) by name: RLIMIT_NOFILE is "nofile".

// kInvalidArgument, with all names, for one that there is not.
absl::StatusOr<int> ParseRlimitName(absl::string_view name);

// "" for a number that is no RLIMIT_ constant.
absl::string_view RlimitName(int resource);

// Whether the values are bytes. Of the others "cpu" is in seconds, "rttime" in
// microseconds, the rest are counts.
bool IsRlimitInBytes(int resource);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_RLIMIT_NAME_H_
