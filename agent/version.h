#ifndef REEVE_AGENT_VERSION_H_
#define REEVE_AGENT_VERSION_H_

namespace reeve {

constexpr char kVersion[] = "0.1.0";

// The commit that was built; "unknown" outside of a packaged build.
constexpr char kRevision[] = "unknown";

// Of the control API.
constexpr char kApiVersion[] = "v1";

}  // namespace reeve

#endif  // REEVE_AGENT_VERSION_H_
