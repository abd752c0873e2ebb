#ifndef REEVE_TESTS_TESTING_SECCOMP_MACHINE_H_
#define REEVE_TESTS_TESTING_SECCOMP_MACHINE_H_

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace reeve {

// What the kernel would do with a call by a filter: SECCOMP_RET_* with its
// data. nullopt for a filter that the kernel would refuse.
std::optional<uint32_t> RunSeccompFilter(
    const std::vector<sock_filter>& program, const seccomp_data& call);

}  // namespace reeve

#endif  // REEVE_TESTS_TESTING_SECCOMP_MACHINE_H_
