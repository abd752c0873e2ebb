#ifndef REEVE_AGENT_DOCTOR_FINDING_H_
#define REEVE_AGENT_DOCTOR_FINDING_H_

#include <optional>
#include <string>
#include <vector>

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

// What can be enforced with one cgroup controller.
struct ControllerFinding {
  // "memory"
  std::string name;
  // 1 or 2; absent if it is in no mounted hierarchy.
  std::optional<int> version;
  std::string mount_point;
  // Whether tasks can have it.
  bool usable = false;
  // Why it cannot enforce all that it should, as reeve_enforcement_degraded
  // says it ("not_delegated"), and for people. Empty if it can.
  std::string reason;
  std::string why;
  // Kernel files of the limits that there are, and of those that there are not,
  // these with why. Both are empty where no cgroup has the controller yet.
  std::vector<std::string> limits;
  std::vector<std::string> missing_limits;
};

// All that an examination found.
struct Findings {
  std::vector<Finding> findings;
  std::vector<ControllerFinding> controllers;
};

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_FINDING_H_
