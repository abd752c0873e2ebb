#ifndef REEVE_AGENT_CLI_TOP_BATCH_JSON_H_
#define REEVE_AGENT_CLI_TOP_BATCH_JSON_H_

#include <string>
#include <vector>

#include "agent/cli/top/top_rows.h"
#include "agent/cli/top/top_sample.h"

namespace reeve {

// One round as JSON in one line:
// {"time":…,"host":{…},"groups":[…],"tasks":[…]}, without what was not measured
// or is not limited. The tasks are those in `rows`, in their order; the groups
// all, or the one that `order` names.
std::string BatchJson(const TopSample& sample, const TopOrder& order,
                      const std::vector<TopRow>& rows);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TOP_BATCH_JSON_H_
