#ifndef REEVE_TESTS_INTEGRATION_MEMORY_LIMIT_CASES_H_
#define REEVE_TESTS_INTEGRATION_MEMORY_LIMIT_CASES_H_

#include <vector>

#include "tests/integration/limit_case.h"

namespace reeve {

std::vector<LimitCase> MemoryLimitCases();

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_MEMORY_LIMIT_CASES_H_
