#ifndef REEVE_AGENT_DOCTOR_FINDING_H_
#define REEVE_AGENT_DOCTOR_FINDING_H_

#include <string>

namespace reeve {

enum class Verdict {
  kOk,
  // Something is not enforced, or not measured.
  kWarn,
  // Tasks cannot be started, or not be contained.
  kFail,
};

// What one check found out about this host.
struct Finding {
  // What was looked at: "memory controller".
  std::string check;
  Verdict verdict = Verdict::kOk;
  std::string detail;
  // What changes a warning or a failure; empty if nothing needs to.
  std::string remedy;
};

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_FINDING_H_
