#ifndef REEVE_AGENT_DOCTOR_EXAMINATION_H_
#define REEVE_AGENT_DOCTOR_EXAMINATION_H_

#include <string>

#include "agent/doctor/finding.h"

namespace reeve {

struct ExaminationOptions {
  std::string procfs = "/proc";
  // Empty: not looked at.
  std::string state_dir;
  // Empty for the one beside this program.
  std::string shim_path;
  // As of the agent: empty for its default.
  std::string cgroup_parent;
};

// All that can be found out about this host without changing it: cgroups that
// are made to look are gone when it returns. Call it before other threads run:
// it starts a process.
Findings ExamineHost(const ExaminationOptions& options);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_EXAMINATION_H_
