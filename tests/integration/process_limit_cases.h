#ifndef REEVE_TESTS_INTEGRATION_PROCESS_LIMIT_CASES_H_
#define REEVE_TESTS_INTEGRATION_PROCESS_LIMIT_CASES_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "tests/integration/limit_case.h"

namespace reeve {

// Limits that each process keeps. Without one a task has what this process has.
std::vector<LimitCase> ProcessLimitCases();

// Their files by name, as /proc tells of a process.
std::map<std::string, std::string> ReadProcessLimits(pid_t pid);

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_PROCESS_LIMIT_CASES_H_
