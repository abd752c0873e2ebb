#ifndef REEVE_AGENT_CLI_TOP_BATCH_TEXT_H_
#define REEVE_AGENT_CLI_TOP_BATCH_TEXT_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "agent/cli/top/top_rows.h"
#include "agent/cli/top/top_sample.h"

namespace reeve {

// One round as plain text: the host, then all columns of all rows, uncut, and
// an empty line.
std::string BatchText(const TopSample& sample, const std::vector<TopRow>& rows,
                      absl::TimeZone time_zone);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_BATCH_TEXT_H_
