#ifndef REEVE_ENFORCEMENT_SHIM_CHILD_FAILURE_H_
#define REEVE_ENFORCEMENT_SHIM_CHILD_FAILURE_H_

#include "enforcement/shim/start_report.h"

namespace reeve {

// What kept a child from its execve(); kNone if nothing did.
struct ChildFailure {
  StartStage stage = StartStage::kNone;
  int error_number = 0;
  // As in StartReport.
  int item = 0;

  bool is_set() const { return stage != StartStage::kNone; }
};

// `stage` if there is an errno value, else nothing.
inline ChildFailure FailureOf(StartStage stage, int error_number,
                              int item = 0) {
  if (error_number == 0) return {};
  return {stage, error_number, item};
}

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_CHILD_FAILURE_H_
