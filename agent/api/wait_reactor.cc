#include "agent/api/wait_reactor.h"

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/api/convert.h"

namespace reeve {

// Shared by the exit callback, which may run late, and the reactor. Whoever
// takes the reactor out finishes the call; the other finds nothing.
class WaitReactor::Call {
 public:
  void Set(WaitReactor* reactor) {
    absl::MutexLock lock(&mutex_);
    reactor_ = reactor;
  }

  WaitReactor* Take() {
    absl::MutexLock lock(&mutex_);
    return std::exchange(reactor_, nullptr);
  }

 private:
  absl::Mutex mutex_;
  WaitReactor* reactor_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

WaitReactor::WaitReactor(std::shared_ptr<Task> task, std::shared_ptr<Call> call)
    : task_(std::move(task)), call_(std::move(call)) {}

WaitReactor* WaitReactor::Start(const std::shared_ptr<Task>& task,
                                v1::WaitResponse* response,
                                std::function<void()> before_answer) {
  const auto call = std::make_shared<Call>();
  // OnDone() deletes it, and comes after this function has returned.
  auto* const reactor = new WaitReactor(task, call);
  call->Set(reactor);
  reactor->exit_key_ =
      task->OnExit([call, response, before_answer = std::move(before_answer)](
                       const ExitStatus& exit) {
        WaitReactor* const waiting = call->Take();
        if (waiting == nullptr) return;
        *response->mutable_exit() = ToProto(exit);
        before_answer();
        waiting->Finish(grpc::Status::OK);
      });
  return reactor;
}

void WaitReactor::OnCancel() {
  if (call_->Take() == nullptr) return;
  Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the caller gave up"));
}

void WaitReactor::OnDone() {
  task_->CancelOnExit(exit_key_);
  delete this;
}

}  // namespace reeve
