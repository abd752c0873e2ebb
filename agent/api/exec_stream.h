#ifndef REEVE_AGENT_API_EXEC_STREAM_H_
#define REEVE_AGENT_API_EXEC_STREAM_H_

#include "agent/api/exec_stream_reactor.h"
#include "agent/tasks/task_supervisor.h"

namespace reeve {

// Answers one ExecStream call, whose first request has come, on the calling
// thread; ends the call. Holds one chunk of input and two of output: more stays
// in the pipes and with the client until it is wanted.
void RunExecStream(ExecStreamReactor& call, TaskSupervisor& supervisor);

}  // namespace reeve

#endif  // REEVE_AGENT_API_EXEC_STREAM_H_
