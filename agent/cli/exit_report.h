#ifndef REEVE_AGENT_CLI_EXIT_REPORT_H_
#define REEVE_AGENT_CLI_EXIT_REPORT_H_

#include <ostream>
#include <string>

#include "agent/api/task_service.pb.h"

namespace reeve {

// The exit code for the end of a task: its own, or 125 if it is not known. Says
// on `err` why it is not known, and that a task ran out of memory, since 137
// alone does not tell.
int ReportExit(const std::string& id, const v1::ExitStatus& exit,
               std::ostream& err);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_EXIT_REPORT_H_
