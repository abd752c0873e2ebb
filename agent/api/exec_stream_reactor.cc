#include "agent/api/exec_stream_reactor.h"

#include "absl/status/status.h"
#include "agent/api/exec_stream.h"
#include "agent/api/status_codes.h"

namespace reeve {

ExecStreamReactor* ExecStreamReactor::Start(
    grpc::CallbackServerContext* context, CallThreads& threads,
    TaskSupervisor* supervisor) {
  auto* const reactor = new ExecStreamReactor(context, threads, supervisor);
  reactor->StartRead(&reactor->request_);
  return reactor;
}

bool ExecStreamReactor::is_cancelled() const {
  absl::MutexLock lock(&mutex_);
  return is_cancelled_;
}

bool ExecStreamReactor::requests_have_ended() const {
  absl::MutexLock lock(&mutex_);
  return requests_have_ended_;
}

const v1::ExecStreamRequest* ExecStreamReactor::request() const {
  absl::MutexLock lock(&mutex_);
  return has_request_ ? &request_ : nullptr;
}

void ExecStreamReactor::ReleaseRequest() {
  {
    absl::MutexLock lock(&mutex_);
    has_request_ = false;
  }
  StartRead(&request_);
}

bool ExecStreamReactor::can_send() const {
  absl::MutexLock lock(&mutex_);
  return !is_sending_;
}

void ExecStreamReactor::Send(const v1::ExecStreamResponse* response) {
  {
    absl::MutexLock lock(&mutex_);
    is_sending_ = true;
  }
  StartWrite(response);
}

void ExecStreamReactor::End(const absl::Status& status) {
  Finish(ToGrpcStatus(status));
}

void ExecStreamReactor::OnReadDone(bool ok) {
  bool begins;
  {
    absl::MutexLock lock(&mutex_);
    begins = !has_begun_;
    has_begun_ = true;
    has_request_ = ok;
    requests_have_ended_ = !ok;
  }
  if (begins) return Begin(ok);
  wake_.Notify();
}

void ExecStreamReactor::Begin(bool has_request) {
  if (!has_request) {
    return End(absl::InvalidArgumentError("the setup is missing"));
  }
  const absl::Status started =
      threads_.Start([this] { RunExecStream(*this, *supervisor_); });
  if (!started.ok()) End(started);
}

void ExecStreamReactor::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    is_sending_ = false;
    if (!ok) is_cancelled_ = true;
  }
  wake_.Notify();
}

void ExecStreamReactor::OnCancel() {
  {
    absl::MutexLock lock(&mutex_);
    is_cancelled_ = true;
  }
  wake_.Notify();
}

}  // namespace reeve
