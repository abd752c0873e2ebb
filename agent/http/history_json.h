#ifndef REEVE_AGENT_HTTP_HISTORY_JSON_H_
#define REEVE_AGENT_HTTP_HISTORY_JSON_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "collectors/history_point.h"

namespace reeve {

// Samples as JSON, an array for each series, all of the same length and in the
// order of the points: {"KIND":"NAME","interval_seconds":1,"time":[…],…}.
// `kind` is "task" or "group", and neither needs escapes. Time is in seconds
// since 1970; what was not measured is null.
std::string HistoryJson(absl::string_view kind, absl::string_view name,
                        absl::Duration interval,
                        const std::vector<HistoryPoint>& points);

// The time in "since=UNIX_SECONDS" of a query; the distant past without it.
// kInvalidArgument if it is no time.
absl::StatusOr<absl::Time> ParseSince(absl::string_view query);

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_HISTORY_JSON_H_
