#ifndef REEVE_AGENT_SPEC_SPEC_DIGEST_H_
#define REEVE_AGENT_SPEC_SPEC_DIGEST_H_

#include <string>

#include "agent/api/task_service.pb.h"

namespace reeve {

// What tells a spec from others, also on disk and for a later agent: letters
// and digits. Both of two specs that say the same have to be as NormalSpec()
// has them. Tells nothing of what the spec says.
std::string SpecDigest(const v1::TaskSpec& spec);

}  // namespace reeve

#endif  // REEVE_AGENT_SPEC_SPEC_DIGEST_H_
