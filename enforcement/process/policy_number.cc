#include "enforcement/process/policy_number.h"

#include <sched.h>

namespace reeve {

int PolicyNumber(SchedulingPolicy::Kind kind) {
  using Kind = SchedulingPolicy::Kind;
  switch (kind) {
    case Kind::kOther:
      return SCHED_OTHER;
    case Kind::kBatch:
      return SCHED_BATCH;
    case Kind::kIdle:
      return SCHED_IDLE;
    case Kind::kFifo:
      return SCHED_FIFO;
    case Kind::kRoundRobin:
      return SCHED_RR;
  }
  return SCHED_OTHER;
}

}  // namespace reeve
