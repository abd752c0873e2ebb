#ifndef REEVE_TESTS_INTEGRATION_CPU_LIMIT_CASES_H_
#define REEVE_TESTS_INTEGRATION_CPU_LIMIT_CASES_H_

#include <vector>

#include "tests/integration/limit_case.h"

namespace reeve {

// CPU time, and how many processes may want it.
std::vector<LimitCase> CpuLimitCases();

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_CPU_LIMIT_CASES_H_
