#ifndef REEVE_AGENT_DOCTOR_NATIVE_CHECK_H_
#define REEVE_AGENT_DOCTOR_NATIVE_CHECK_H_

#include "absl/status/status.h"
#include "agent/doctor/finding.h"

namespace reeve {

// Which executor a task has that leaves the choice to the agent, and why it is
// not native, if `support`, of CheckNativeSupport(), says so.
Finding CheckIsolation(const absl::Status& support);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_NATIVE_CHECK_H_
