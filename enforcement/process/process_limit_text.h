#ifndef REEVE_ENFORCEMENT_PROCESS_PROCESS_LIMIT_TEXT_H_
#define REEVE_ENFORCEMENT_PROCESS_PROCESS_LIMIT_TEXT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// Limits that no cgroup keeps, but each process or thread, are shown beside the
// files of cgroups as files of a controller that there is not.
constexpr char kProcessController[] = "process";

constexpr char kOomScoreAdjFile[] = "oom_score_adj";
constexpr char kNiceFile[] = "nice";
constexpr char kSchedFile[] = "sched";

// "rlimit.nofile".
std::string RlimitFile(int resource);

// nullopt for a file that is none of an rlimit.
std::optional<int> ResourceOfFile(absl::string_view file);

// "SOFT:HARD", either a number or "unlimited".
std::string RlimitText(const Rlimit& rlimit);

// nullopt for a text that is none of RlimitText().
std::optional<Rlimit> RlimitFromText(int resource, absl::string_view text);

// Whether each thread has a value of its own, not each process.
bool IsKeptByThreads(absl::string_view file);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_PROCESS_PROCESS_LIMIT_TEXT_H_
