#ifndef REEVE_AGENT_DOCTOR_LANDLOCK_CHECK_H_
#define REEVE_AGENT_DOCTOR_LANDLOCK_CHECK_H_

#include "agent/doctor/finding.h"

namespace reeve {

// Whether tasks can be restricted to parts of the file system by a kernel with
// this version of Landlock; 0 is none.
Finding CheckLandlock(int abi);

}  // namespace reeve

#endif  // REEVE_AGENT_DOCTOR_LANDLOCK_CHECK_H_
