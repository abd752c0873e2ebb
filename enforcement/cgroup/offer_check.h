#ifndef REEVE_ENFORCEMENT_CGROUP_OFFER_CHECK_H_
#define REEVE_ENFORCEMENT_CGROUP_OFFER_CHECK_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// kUnavailable naming the first of `limits` whose controller is missing below
// the parent, with why: `why_missing` is ParentOffer::WhyMissing(). Pure.
absl::Status CheckOffered(
    const ResourceLimits& limits,
    const std::map<std::string, std::string>& why_missing);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_OFFER_CHECK_H_
