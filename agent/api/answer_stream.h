#ifndef REEVE_AGENT_API_ANSWER_STREAM_H_
#define REEVE_AGENT_API_ANSWER_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "agent/api/call_threads.h"
#include "agent/api/status_codes.h"

namespace reeve {

// Answers a call with one message after another, for as long as its caller
// likes, on a thread of its own: a caller that is slow, or has stopped reading,
// takes none of the server's threads. Owned by gRPC, which deletes it through
// OnDone().
template <typename Response>
class AnswerStream final : public grpc::ServerWriteReactor<Response> {
 public:
  // Sends the answers; what it returns ends the call. It gives up when Write()
  // fails or IsCancelled().
  using Call = std::function<absl::Status(AnswerStream& stream)>;

  // Ends the call with an error if there is no thread for it.
  static AnswerStream* Start(CallThreads& threads, Call call) {
    auto* const stream = new AnswerStream();
    const absl::Status started =
        threads.Start([stream, call = std::move(call)] {
          const absl::Status status = call(*stream);
          // Nothing of the call is touched after this.
          stream->Finish(ToGrpcStatus(status));
        });
    if (!started.ok()) stream->Finish(ToGrpcStatus(started));
    return stream;
  }

  // Waits until the caller's side has room. False if it has gone.
  bool Write(const Response& response) {
    {
      const absl::MutexLock lock(&mutex_);
      if (has_failed_) return false;
      is_writing_ = true;
    }
    this->StartWrite(&response);
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](bool* is_writing) { return !*is_writing; }, &is_writing_));
    return !has_failed_;
  }

  bool IsCancelled() {
    const absl::MutexLock lock(&mutex_);
    return has_failed_;
  }

  void OnWriteDone(bool ok) override {
    const absl::MutexLock lock(&mutex_);
    is_writing_ = false;
    if (!ok) has_failed_ = true;
  }

  void OnCancel() override {
    const absl::MutexLock lock(&mutex_);
    has_failed_ = true;
  }

  void OnDone() override { delete this; }

 private:
  AnswerStream() = default;

  absl::Mutex mutex_;
  bool is_writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool has_failed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace reeve

#endif  // REEVE_AGENT_API_ANSWER_STREAM_H_
