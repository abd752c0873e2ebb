#ifndef REEVE_AGENT_CLI_TASK_TEXT_H_
#define REEVE_AGENT_CLI_TASK_TEXT_H_

#include <string>

#include "absl/time/time.h"
#include "agent/api/task_service.pb.h"

namespace reeve {

// Parts of tasks as people read them. What was not measured is empty.

absl::Time FromProto(const google::protobuf::Timestamp& time);

// "running", or "exited 137 (out of memory)".
std::string StateText(const v1::TaskSummary& task);

// "0", "143 (SIGTERM)", "137 (out of memory)" or "unknown (REASON)".
std::string ExitText(const v1::ExitStatus& exit);

// How long the task has run, or did.
std::string UptimeText(const v1::TaskSummary& task, absl::Time now);

// Program and arguments, quoted where a shell would split them; control
// characters escaped.
std::string CommandText(
    const google::protobuf::RepeatedPtrField<std::string>& command);

// Share of the periods in which the CPU limit held the task back: "12%".
std::string ThrottledText(const v1::Usage& usage);

std::string MemoryLimitText(const v1::Limits& limits);
std::string CpuLimitText(const v1::Limits& limits);
std::string PidsLimitText(const v1::Limits& limits);

// "0.5%", "200.0%".
std::string PercentText(double percent);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_TASK_TEXT_H_
