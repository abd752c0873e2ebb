#include "agent/http/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {
namespace {

constexpr char kEndOfHead[] = "\r\n\r\n";
constexpr size_t kReadBytes = 4096;
// Long enough for a client to take the answer in before the connection goes.
constexpr absl::Duration kClosingTime = absl::Seconds(1);

bool WouldBlock() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int RefusalOf(const absl::Status& status) {
  constexpr int kBadRequest = 400;
  constexpr int kVersionNotSupported = 505;
  return absl::IsUnimplemented(status) ? kVersionNotSupported : kBadRequest;
}

}  // namespace

Connection::Connection(UniqueFd socket, const ConnectionLimits& limits,
                       const Clock& clock, HttpHandler& handler)
    : socket_(std::move(socket)),
      limits_(limits),
      clock_(clock),
      handler_(handler) {
  Enter(Step::kIdle, limits_.request_time);
}

short Connection::events() const {  // NOLINT(google-runtime-int)
  return step_ == Step::kWriting ? POLLOUT : POLLIN;
}

void Connection::Enter(Step step, absl::Duration time) {
  step_ = step;
  since_ = clock_.MonotonicNow();
  deadline_ = since_ + time;
}

void Connection::OnReady() {
  switch (step_) {
    case Step::kIdle:
    case Step::kReading:
      return Read();
    case Step::kWriting:
      return Write();
    case Step::kClosing:
      return Discard();
    case Step::kClosed:
      return;
  }
}

void Connection::OnDeadline() {
  constexpr int kRequestTimeout = 408;
  if (step_ == Step::kReading) return Refuse(kRequestTimeout);
  step_ = Step::kClosed;
}

void Connection::Read() {
  char chunk[kReadBytes];
  const ssize_t n = recv(socket_.get(), chunk, sizeof(chunk), 0);
  if (n < 0 && WouldBlock()) return;
  if (n <= 0) {
    step_ = Step::kClosed;
    return;
  }
  received_.append(chunk, static_cast<size_t>(n));
  if (step_ == Step::kIdle) Enter(Step::kReading, limits_.request_time);
  AnswerNext();
}

void Connection::AnswerNext() {
  constexpr int kHeadTooLarge = 431;
  // An empty line before a request is to be passed over (RFC 9112 2.2).
  while (received_.compare(0, 2, "\r\n") == 0) received_.erase(0, 2);
  const size_t end = received_.find(kEndOfHead);
  if (end > limits_.request_bytes && received_.size() > limits_.request_bytes) {
    return Refuse(kHeadTooLarge);
  }
  if (end == std::string::npos) return;

  const absl::StatusOr<HttpRequest> request =
      ParseHttpRequest(absl::string_view(received_).substr(0, end));
  if (!request.ok()) return Refuse(RefusalOf(request.status()));
  received_.erase(0, end + sizeof(kEndOfHead) - 1);
  keep_alive_ = request->keep_alive && !request->has_body;
  Send(handler_.Answer(*request), request->method != "HEAD");
}

void Connection::Refuse(int code) {
  keep_alive_ = false;
  Send(handler_.Refuse(code), /*with_body=*/true);
}

void Connection::Send(HttpResponse response, bool with_body) {
  pieces_.clear();
  pieces_.push_back(std::make_shared<std::string>(
      ResponseHead(response, keep_alive_, clock_.WallNow())));
  if (with_body) {
    for (auto& piece : response.body) pieces_.push_back(std::move(piece));
    on_sent_ = std::move(response.on_sent);
  }
  next_piece_ = 0;
  next_byte_ = 0;
  Enter(Step::kWriting, limits_.response_time);
  Write();
}

void Connection::Write() {
  constexpr size_t kMaxPieces = 8;
  iovec parts[kMaxPieces];
  size_t count = 0;
  for (size_t i = next_piece_; i < pieces_.size() && count < kMaxPieces; ++i) {
    const size_t skip = i == next_piece_ ? next_byte_ : 0;
    parts[count++] = {const_cast<char*>(pieces_[i]->data()) + skip,  // NOLINT
                      pieces_[i]->size() - skip};
  }
  msghdr message = {};
  message.msg_iov = parts;
  message.msg_iovlen = count;
  const ssize_t n = sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
  if (n < 0 && WouldBlock()) return;
  if (n < 0) {
    step_ = Step::kClosed;
    return;
  }
  next_byte_ += static_cast<size_t>(n);
  while (next_piece_ < pieces_.size() &&
         next_byte_ >= pieces_[next_piece_]->size()) {
    next_byte_ -= pieces_[next_piece_++]->size();
  }
  if (next_piece_ == pieces_.size()) FinishResponse();
}

void Connection::FinishResponse() {
  pieces_.clear();
  if (on_sent_) std::exchange(on_sent_, nullptr)();
  if (!keep_alive_) {
    // Closing with unread bytes would reset the connection, and the client
    // might lose the answer: let it close first.
    shutdown(socket_.get(), SHUT_WR);
    return Enter(Step::kClosing, kClosingTime);
  }
  if (received_.empty()) return Enter(Step::kIdle, limits_.idle_time);
  Enter(Step::kReading, limits_.request_time);
  AnswerNext();
}

void Connection::Discard() {
  char chunk[kReadBytes];
  const ssize_t n = recv(socket_.get(), chunk, sizeof(chunk), 0);
  if (n > 0 || (n < 0 && WouldBlock())) return;
  step_ = Step::kClosed;
}

}  // namespace reeve
