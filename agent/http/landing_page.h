#ifndef REEVE_AGENT_HTTP_LANDING_PAGE_H_
#define REEVE_AGENT_HTTP_LANDING_PAGE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "collectors/snapshot.h"

namespace reeve {

// The page for people at "/": what this is, where to go on, and the tasks of
// `snapshot`, which may be null. HTML.
std::string LandingPage(absl::string_view version,
                        absl::string_view telemetry_path,
                        const Snapshot* snapshot);

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_LANDING_PAGE_H_
