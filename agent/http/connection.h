#ifndef REEVE_AGENT_HTTP_CONNECTION_H_
#define REEVE_AGENT_HTTP_CONNECTION_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "agent/http/connection_limits.h"
#include "agent/http/http_handler.h"
#include "agent/http/transport.h"
#include "agent/http/web_settings.h"
#include "base/clock.h"
#include "base/unique_fd.h"

namespace reeve {

// One client's connection: shakes hands if there is TLS, reads requests, has
// their passwords checked, writes answers, and never waits for any of it. Each
// step has a deadline as a whole. Thread-compatible.
class Connection {
 public:
  // In the order in which connections are given up when there are too many.
  enum class Step {
    kHandshaking,
    kIdle,
    kClosing,
    kReading,
    // For a verdict on the request's password, or for its answer.
    kWaiting,
    kWriting,
    kClosed
  };

  // `socket` is non-blocking. The others must outlive the connection.
  Connection(UniqueFd socket, const ConnectionLimits& limits,
             const Clock& clock, HttpHandler& handler,
             const WebSettingsSource& settings);

  int fd() const { return socket_.get(); }
  Step step() const { return step_; }
  // When the step began, and when it has taken too long, by the monotonic
  // clock.
  absl::Duration since() const { return since_; }
  absl::Duration deadline() const { return deadline_; }
  // What poll(2) is to wait for.
  short events() const { return events_; }  // NOLINT(google-runtime-int)

  // The socket is ready, or hung up.
  void OnReady();
  // The deadline has passed.
  void OnDeadline();
  // Something was done on another thread, maybe what this connection waits for.
  void OnWake();

 private:
  void Enter(Step step, absl::Duration time);
  // What is to be waited for after `outcome`, which is not kDone.
  void Await(Transport::Result outcome);
  void Shake();
  void Read();
  void Write();
  void Discard();
  // Takes the request in `received_`, if it is all there.
  void TakeNext();
  // Answers `request_`, if its client may see the answer.
  void Admit();
  void Answer();
  void Wait();
  void Refuse(int code);
  void RefusePlainHttp();
  void Send(HttpResponse response);
  void FinishResponse();

  UniqueFd socket_;
  const ConnectionLimits& limits_;
  const Clock& clock_;
  HttpHandler& handler_;
  const WebSettingsSource& source_;
  std::shared_ptr<const WebSettings> settings_;
  std::unique_ptr<Transport> transport_;

  Step step_ = Step::kIdle;
  short events_ = 0;  // NOLINT(google-runtime-int): poll(2)'s type.
  absl::Duration since_;
  absl::Duration deadline_;
  // Bytes of this request, and of those after it.
  std::string received_;
  HttpRequest request_;
  bool keep_alive_ = false;
  // What is left to send: pieces_[next_piece_] from next_byte_ on.
  std::vector<std::shared_ptr<const std::string>> pieces_;
  size_t next_piece_ = 0;
  size_t next_byte_ = 0;
  std::function<void()> on_sent_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_CONNECTION_H_
