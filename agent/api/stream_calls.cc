// Calls about the standard streams of a task.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/api/status_codes.h"
#include "agent/api/task_service.h"

namespace reeve {
namespace {

constexpr absl::Duration kLogPoll = absl::Milliseconds(200);

using LogsStream = AnswerStream<v1::LogsResponse>;

bool IsWanted(const TaskLog& log, v1::LogStream stream) {
  return stream == v1::LOG_STREAM_BOTH ||
         log.is_stderr == (stream == v1::LOG_STREAM_STDERR);
}

// Sends what there is of it now. kCancelled if nobody takes it.
absl::Status SendAll(TaskLog& log, LogsStream& stream) {
  while (true) {
    absl::StatusOr<std::string> bytes = log.follower.Read();
    if (!bytes.ok()) return bytes.status();
    if (bytes->empty()) return absl::OkStatus();
    v1::LogsResponse response;
    response.set_data(*std::move(bytes));
    response.set_is_stderr(log.is_stderr);
    if (!stream.Write(response)) return absl::CancelledError("logs");
  }
}

absl::Status SendAll(std::vector<TaskLog>& logs, v1::LogStream wanted,
                     LogsStream& stream) {
  absl::Status status;
  for (TaskLog& log : logs) {
    if (IsWanted(log, wanted)) status.Update(SendAll(log, stream));
  }
  return status;
}

}  // namespace

grpc::Status TaskService::Attach(grpc::ServerContext* /*context*/,
                                 const v1::AttachRequest* request,
                                 v1::AttachResponse* /*response*/) {
  const absl::StatusOr<HandedStreams> streams =
      parts_.stash->Take(request->stdio_token());
  if (!streams.ok()) return ToGrpcStatus(streams.status());
  return ToGrpcStatus(parts_.supervisor->Attach(request->id(), *streams));
}

grpc::Status TaskService::ResizeTty(grpc::ServerContext* /*context*/,
                                    const v1::ResizeTtyRequest* request,
                                    v1::ResizeTtyResponse* /*response*/) {
  return ToGrpcStatus(parts_.supervisor->ResizeTty(
      request->id(), request->width(), request->height()));
}

grpc::Status TaskService::CloseStdin(grpc::ServerContext* /*context*/,
                                     const v1::CloseStdinRequest* request,
                                     v1::CloseStdinResponse* /*response*/) {
  return ToGrpcStatus(parts_.supervisor->CloseStdin(request->id()));
}

grpc::ServerWriteReactor<v1::LogsResponse>* TaskService::Logs(
    grpc::CallbackServerContext* /*context*/, const v1::LogsRequest* request) {
  return LogsStream::Start(stream_threads_,
                           [this, request = *request](LogsStream& stream) {
                             return SendLogs(request, stream);
                           });
}

absl::Status TaskService::SendLogs(const v1::LogsRequest& request,
                                   LogsStream& stream) {
  const absl::StatusOr<std::shared_ptr<Task>> task =
      parts_.supervisor->Find(request.id());
  if (!task.ok()) return task.status();
  absl::StatusOr<std::vector<TaskLog>> logs =
      parts_.supervisor->OpenLogs(request.id());
  if (!logs.ok()) return logs.status();
  std::optional<uint64_t> tail;
  if (request.has_tail_lines()) tail = request.tail_lines();
  absl::Status status;
  for (TaskLog& log : *logs) status.Update(log.follower.Begin(tail));
  if (!status.ok()) return status;
  while (true) {
    // Looked at first: what is read after it is all that there will be.
    const bool is_last = !request.follow() ||
                         (*task)->WaitForExit(absl::ZeroDuration()).has_value();
    status = SendAll(*logs, request.stream(), stream);
    if (!status.ok() || is_last) return status;
    if (stream.IsCancelled()) return absl::CancelledError("logs");
    (void)(*task)->WaitForExit(kLogPoll);
  }
}

}  // namespace reeve
