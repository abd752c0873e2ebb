#ifndef REEVE_TESTS_TESTING_RUNFILES_H_
#define REEVE_TESTS_TESTING_RUNFILES_H_

#include <string>

namespace reeve {

// The absolute path of something that the running test names in its `data`,
// such as "tests/programs/burn". Works under `bazel test` and when the test
// binary is started by hand.
std::string RunfilePath(const std::string& path);

}  // namespace reeve

#endif  // REEVE_TESTS_TESTING_RUNFILES_H_
