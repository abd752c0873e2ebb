#ifndef REEVE_AGENT_DOCTOR_FINDING_TEXT_H_
#define REEVE_AGENT_DOCTOR_FINDING_TEXT_H_

#include <string>
#include <vector>

#include "agent/doctor/finding.h"

namespace reeve {

// "ok", "warn" or "fail".
std::string VerdictText(Verdict verdict);

// A line a finding: verdict, check, detail; the remedy on a line below it.
std::string FindingsText(const std::vector<Finding>& findings);

// {"findings": [{"check", "verdict", "detail", "remedy"}]}
std::string FindingsJson(const std::vector<Finding>& findings);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_FINDING_TEXT_H_
