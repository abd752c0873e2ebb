#include "agent/cli/exit_wait.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/cli/error_report.h"

namespace reeve {
namespace {

constexpr absl::Duration kBetweenAttempts = absl::Milliseconds(100);

// An agent answers with the exit, or that it does not know the task: these are
// of a connection that is no more.
bool IsEndOfAgent(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::CANCELLED;
}

}  // namespace

ExitWait::ExitWait(std::string id, AgentAddress address, AgentClient* client,
                   absl::Duration patience)
    : id_(std::move(id)),
      address_(std::move(address)),
      client_(*client),
      patience_(patience) {}

absl::StatusOr<v1::ExitStatus> ExitWait::Await() {
  v1::WaitResponse response;
  grpc::Status status = Call(client_, &response);
  while (!status.ok()) {
    if (!IsEndOfAgent(status) || address_.socket.empty() || IsCancelled()) {
      return FromGrpcStatus(status);
    }
    absl::StatusOr<AgentClient> next = ConnectToNext();
    if (!next.ok()) {
      return absl::UnavailableError(absl::StrCat(
          "the agent ended, and no other has come within ",
          absl::FormatDuration(patience_), ": task ", id_,
          " goes on: \"reeve wait ", id_, "\" waits for it with the next"));
    }
    status = Call(*next, &response);
  }
  return response.exit();
}

void ExitWait::Cancel() {
  absl::MutexLock lock(&mutex_);
  is_cancelled_ = true;
  if (context_ != nullptr) context_->TryCancel();
}

bool ExitWait::IsCancelled() {
  absl::MutexLock lock(&mutex_);
  return is_cancelled_;
}

grpc::Status ExitWait::Call(AgentClient& client, v1::WaitResponse* response) {
  grpc::ClientContext context;
  {
    absl::MutexLock lock(&mutex_);
    if (is_cancelled_) return grpc::Status::CANCELLED;
    context_ = &context;
  }
  v1::WaitRequest request;
  request.set_id(id_);
  grpc::Status status = client.stub().Wait(&context, request, response);
  absl::MutexLock lock(&mutex_);
  context_ = nullptr;
  return status;
}

absl::StatusOr<AgentClient> ExitWait::ConnectToNext() {
  const absl::Time deadline = absl::Now() + patience_;
  while (true) {
    absl::SleepFor(kBetweenAttempts);
    absl::StatusOr<AgentClient> next = AgentClient::Connect(address_);
    if (!absl::IsUnavailable(next.status()) || absl::Now() >= deadline ||
        IsCancelled()) {
      return next;
    }
  }
}

}  // namespace reeve
