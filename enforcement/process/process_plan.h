#ifndef REEVE_ENFORCEMENT_PROCESS_PROCESS_PLAN_H_
#define REEVE_ENFORCEMENT_PROCESS_PROCESS_PLAN_H_

#include <vector>

#include "enforcement/cgroup/limit_planner.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// The part of a limit plan that each process keeps. Pure.

// The files that PlanProcess() wants to know.
std::vector<LimitFile> ProcessFilesOf(const ResourceLimits& limits);

// Adds what each is to hold. Rlimits whose hard limit comes down are last: not
// everybody may raise it again, should another write fail.
void PlanProcess(const ResourceLimits& limits, LimitPlanner& planner);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_PROCESS_PROCESS_PLAN_H_
