#ifndef REEVE_ENFORCEMENT_LAUNCH_LANDLOCK_H_
#define REEVE_ENFORCEMENT_LAUNCH_LANDLOCK_H_

#include <fcntl.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/unique_fd.h"
#include "enforcement/launch/isolation_plan.h"
#include "enforcement/spec/path_rule.h"

namespace reeve {

// The version of Landlock that this kernel has, landlock(7); 0 if it has none,
// or was booted without it.
int LandlockAbi();

// Whether a kernel with that version enforces all that rules say.
// kUnimplemented, saying what it takes, if not: a rule that would only be kept
// in part is refused.
absl::Status CheckLandlockAbi(int abi);

// A ruleset that allows what `rules` say and no other use of files: for
// landlock_restrict_self(2). Paths are looked up now, in the root directory
// `root_fd`, or on the host for AT_FDCWD; symbolic links are followed. The
// error names the rule.
absl::StatusOr<UniqueFd> MakeLandlockRuleset(const std::vector<PathRule>& rules,
                                             int root_fd = AT_FDCWD);

// Allows `rule` in the ruleset of the launch once the root of the task is made:
// for one whose mounts are not there yet.
RootStep LandlockStep(const PathRule& rule);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_LANDLOCK_H_
