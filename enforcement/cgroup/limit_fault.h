#ifndef REEVE_ENFORCEMENT_CGROUP_LIMIT_FAULT_H_
#define REEVE_ENFORCEMENT_CGROUP_LIMIT_FAULT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace reeve {

// An update of several limits fails by one, and the others are put back or not
// tried. Attaches the controller of that one to a status, as LimitSetting names
// it, and finds it again in one; "" if no limit alone was at fault.
absl::Status WithLimitFault(absl::Status status, absl::string_view controller);
std::string LimitFaultOf(const absl::Status& status);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_LIMIT_FAULT_H_
