#ifndef REEVE_ENFORCEMENT_LAUNCH_SECURITY_LABEL_H_
#define REEVE_ENFORCEMENT_LAUNCH_SECURITY_LABEL_H_

#include <string>

#include "absl/status/statusor.h"
#include "enforcement/spec/isolation.h"

namespace reeve {

// What is written to /proc/thread-self/attr/exec for the AppArmor profile or
// the SELinux context that `isolation` asks for; empty if for neither.
// kFailedPrecondition, saying what is missing, if the host has not got that
// security module, or not that profile. `sysfs` is /sys but in tests.
absl::StatusOr<std::string> LabelOf(const IsolationSpec& isolation,
                                    const std::string& sysfs = "/sys");

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SECURITY_LABEL_H_
