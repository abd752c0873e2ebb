#ifndef REEVE_ENFORCEMENT_LAUNCH_SECCOMP_LOOKUP_H_
#define REEVE_ENFORCEMENT_LAUNCH_SECCOMP_LOOKUP_H_

#include <linux/filter.h>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace reeve {

// What becomes of numbers from the key on, up to the next key: an action,
// SECCOMP_RET_* with its data, or nullopt for what others decide. Before the
// first key that is nullopt.
using SeccompRanges = std::map<uint32_t, std::optional<uint32_t>>;

// Sets the action of one number.
void SetSeccompAction(uint32_t number, uint32_t action, SeccompRanges* ranges);

// Instructions that look up the number in the accumulator: they return its
// action, or go on behind the last of them. The calls that a profile allows
// have numbers beside each other, so that a few dozen comparisons are enough
// for hundreds of them.
std::vector<sock_filter> SeccompLookup(const SeccompRanges& ranges);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SECCOMP_LOOKUP_H_
