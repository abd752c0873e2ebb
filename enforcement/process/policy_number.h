#ifndef REEVE_ENFORCEMENT_PROCESS_POLICY_NUMBER_H_
#define REEVE_ENFORCEMENT_PROCESS_POLICY_NUMBER_H_

#include "enforcement/spec/resource_limits.h"

namespace reeve {

// SCHED_OTHER and so on, as sched_setscheduler(2) takes it.
int PolicyNumber(SchedulingPolicy::Kind kind);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_PROCESS_POLICY_NUMBER_H_
