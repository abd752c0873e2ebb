#include "collectors/event_counts.h"

#include <algorithm>
#include <optional>

namespace reeve {
namespace {

void Raise(std::optional<uint64_t>& count, uint64_t least) {
  if (count.has_value()) count = std::max(*count, least);
}

}  // namespace

void EventCounts::Add(const CgroupSample& sample) {
  oom_kills += sample.oom_kills.value_or(0);
  fork_failures += sample.fork_failures.value_or(0);
}

void EventCounts::ApplyTo(CgroupSample& group) const {
  Raise(group.oom_kills, oom_kills);
  Raise(group.fork_failures, fork_failures);
}

}  // namespace reeve
