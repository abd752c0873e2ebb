#ifndef REEVE_TESTS_INTEGRATION_DEVICE_LIMIT_CASES_H_
#define REEVE_TESTS_INTEGRATION_DEVICE_LIMIT_CASES_H_

#include <vector>

#include "tests/integration/limit_case.h"
#include "tests/integration/limit_host.h"

namespace reeve {

// Which CPUs, memory nodes, disks and huge pages a task has, and how much of
// them. None of huge pages where nobody may ask for them.
std::vector<LimitCase> DeviceLimitCases(const LimitHost& host);

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_DEVICE_LIMIT_CASES_H_
