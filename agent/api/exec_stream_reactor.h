#ifndef REEVE_AGENT_API_EXEC_STREAM_REACTOR_H_
#define REEVE_AGENT_API_EXEC_STREAM_REACTOR_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/api/call_threads.h"
#include "agent/api/task_service.grpc.pb.h"
#include "agent/api/wake_event.h"
#include "agent/tasks/task_supervisor.h"

namespace reeve {

// gRPC's side of one ExecStream call: keeps one request and one answer at a
// time for a thread that never waits for them but in poll(2). Deletes itself
// once gRPC is done with it. Thread-safe.
class ExecStreamReactor final
    : public grpc::ServerBidiReactor<v1::ExecStreamRequest,
                                     v1::ExecStreamResponse> {
 public:
  // The call's thread starts with its first request.
  static ExecStreamReactor* Start(grpc::CallbackServerContext* context,
                                  CallThreads& threads,
                                  TaskSupervisor* supervisor);

  // For the call's thread. Notified when one of these has changed.
  WakeEvent& wake() { return wake_; }
  bool is_cancelled() const;
  // The client sends nothing more, and all that it has sent was released.
  bool requests_have_ended() const;
  // The request that has come; null if none has. Stays until ReleaseRequest(),
  // which lets the next one come.
  const v1::ExecStreamRequest* request() const;
  void ReleaseRequest();
  // Whether an answer can be sent.
  bool can_send() const;
  // Sends it; `response` must stay as it is until can_send().
  void Send(const v1::ExecStreamResponse* response);
  // Makes a client that takes no answer lose it.
  void GiveUp() { context_->TryCancel(); }
  // Ends the call, once can_send(). Nothing of it may be touched afterwards.
  void End(const absl::Status& status);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override { delete this; }

 private:
  ExecStreamReactor(grpc::CallbackServerContext* context, CallThreads& threads,
                    TaskSupervisor* supervisor)
      : context_(context), threads_(threads), supervisor_(supervisor) {}

  // What becomes of the first read.
  void Begin(bool has_request);

  grpc::CallbackServerContext* const context_;
  CallThreads& threads_;
  TaskSupervisor* const supervisor_;
  WakeEvent wake_;
  v1::ExecStreamRequest request_;
  mutable absl::Mutex mutex_;
  bool has_begun_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_request_ ABSL_GUARDED_BY(mutex_) = false;
  bool requests_have_ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_sending_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_cancelled_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace reeve

#endif  // REEVE_AGENT_API_EXEC_STREAM_REACTOR_H_
