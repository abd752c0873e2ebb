#ifndef REEVE_TESTS_INTEGRATION_LIMIT_CASES_H_
#define REEVE_TESTS_INTEGRATION_LIMIT_CASES_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/spec/resource_limits.h"
#include "tests/integration/limit_case.h"
#include "tests/integration/limit_host.h"

namespace reeve {

// All limits, for the tests that judge each of them by the kernel's own files.
// Adding a limit is adding a row to the cases of its kind.

// Limits that a cgroup keeps, and all. `host` has what some of them name.
std::vector<LimitCase> CgroupLimitCases(const LimitHost& host);
std::vector<LimitCase> AllLimitCases(const LimitHost& host);

// Asks for one to four limits of the table.
ResourceLimits RandomLimits(const std::vector<LimitCase>& cases,
                            Random& random);

// Files and limits that are not as they were. A file that was not there or
// empty may have got what means the same.
std::vector<std::string> Changes(const std::vector<LimitCase>& cases,
                                 const KernelTexts& before,
                                 const KernelTexts& now);

// The files of the table as they are now, of a cgroup and of a process in it;
// those of a process that there is not are "".
KernelTexts ReadKernel(const std::vector<LimitCase>& cases,
                       const CgroupMounts& mounts, const std::string& cgroup,
                       pid_t pid);

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_LIMIT_CASES_H_
