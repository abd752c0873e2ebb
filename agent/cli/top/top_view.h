#ifndef REEVE_AGENT_CLI_TOP_TOP_VIEW_H_
#define REEVE_AGENT_CLI_TOP_TOP_VIEW_H_

#include <cstddef>
#include <string>

#include "absl/time/time.h"
#include "agent/cli/top/styled_line.h"

namespace reeve {

// Where `reeve top` is shown.
struct TopView {
  size_t columns = 80;
  size_t lines = 24;
  Look look;
  // How often it is drawn.
  absl::Duration interval = absl::Seconds(1);
  absl::TimeZone time_zone;
  // Why the agent does not answer, so that what is shown is old; or empty.
  std::string error;
};

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_VIEW_H_
