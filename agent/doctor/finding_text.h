#ifndef REEVE_AGENT_DOCTOR_FINDING_TEXT_H_
#define REEVE_AGENT_DOCTOR_FINDING_TEXT_H_

#include <string>

#include "agent/doctor/finding.h"

namespace reeve {

// "ok", "warn" or "fail".
std::string VerdictText(Verdict verdict);

// A line a finding: verdict, check, detail; the remedy on a line below it. Then
// a line a controller: verdict, name, place, limits; what is missing below it.
std::string FindingsText(const Findings& findings);

// {"findings": [{"check", "verdict", "detail", "remedy"}],
//  "controllers": [{"name", "version", "mount_point", "usable", "reason",
//  "why",
//                   "limits": [], "missing_limits": []}]}
// `version` is 0 where there is none.
std::string FindingsJson(const Findings& findings);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_FINDING_TEXT_H_
