#include "enforcement/spec/limit_parts.h"

namespace reeve {

ResourceLimits CgroupLimits(ResourceLimits limits) {
  limits.oom_score_adj.reset();
  limits.nice.reset();
  limits.scheduling.reset();
  limits.rlimits.clear();
  return limits;
}

ResourceLimits ProcessLimits(const ResourceLimits& limits) {
  ResourceLimits part;
  part.oom_score_adj = limits.oom_score_adj;
  part.nice = limits.nice;
  part.scheduling = limits.scheduling;
  part.rlimits = limits.rlimits;
  return part;
}

}  // namespace reeve
