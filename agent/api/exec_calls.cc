// The calls of TaskService that run further commands in tasks.

#include "agent/api/exec_reactor.h"
#include "agent/api/exec_stream_reactor.h"
#include "agent/api/task_service.h"

namespace reeve {

grpc::ServerUnaryReactor* TaskService::Exec(
    grpc::CallbackServerContext* /*context*/, const v1::ExecRequest* request,
    v1::ExecResponse* response) {
  return ExecReactor::Start(exec_threads_, parts_.supervisor, parts_.stash,
                            request, response);
}

grpc::ServerBidiReactor<v1::ExecStreamRequest, v1::ExecStreamResponse>*
TaskService::ExecStream(grpc::CallbackServerContext* context) {
  return ExecStreamReactor::Start(context, exec_threads_, parts_.supervisor);
}

}  // namespace reeve
