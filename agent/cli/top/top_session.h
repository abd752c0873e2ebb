#ifndef REEVE_AGENT_CLI_TOP_TOP_SESSION_H_
#define REEVE_AGENT_CLI_TOP_TOP_SESSION_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/cli/cli_environment.h"
#include "agent/cli/top/styled_line.h"
#include "agent/cli/top/top_rows.h"
#include "agent/cli/top/top_signals.h"
#include "agent/cli/top/top_source.h"

namespace reeve {

struct TopOptions {
  TopOrder order;
  absl::Duration interval = absl::Seconds(1);
  // Of plain text; for ever if not set.
  std::optional<uint64_t> iterations;
  bool json = false;
};

// Shows the tasks on the terminal at `env`'s descriptors until the user ends
// it: the exit code is 0, or 128 and the number of the signal that ended it. An
// error if the agent does not answer at all; one that is lost later is shown
// and waited for.
absl::StatusOr<int> RunTopSession(const TopOptions& options, const Look& look,
                                  TopSignals& signals, TopSource& source,
                                  const CliEnvironment& env);

// Prints round after round as plain text or JSON, until enough were printed or
// nobody reads them.
absl::Status RunTopBatch(const TopOptions& options, TopSource& source,
                         const CliEnvironment& env);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_TOP_SESSION_H_
