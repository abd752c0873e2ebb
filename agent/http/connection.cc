#include "agent/http/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/http/plain_transport.h"

namespace reeve {
namespace {

constexpr char kEndOfHead[] = "\r\n\r\n";
constexpr size_t kReadBytes = 4096;
constexpr int kBadRequest = 400;
constexpr int kUnauthorized = 401;
constexpr int kUnavailable = 503;
// Long enough for a client to take the answer in before the connection goes.
constexpr absl::Duration kClosingTime = absl::Seconds(1);

int RefusalOf(const absl::Status& status) {
  constexpr int kVersionNotSupported = 505;
  return absl::IsUnimplemented(status) ? kVersionNotSupported : kBadRequest;
}

}  // namespace

Connection::Connection(UniqueFd socket, const ConnectionLimits& limits,
                       const Clock& clock, HttpHandler& handler,
                       const WebSettingsSource& settings)
    : socket_(std::move(socket)),
      limits_(limits),
      clock_(clock),
      handler_(handler),
      source_(settings),
      settings_(settings()) {
  const TlsContext* const tls = settings_->tls.get();
  if (tls == nullptr) {
    transport_ = std::make_unique<PlainTransport>(socket_.get());
  } else {
    transport_ = tls->Accept(socket_.get());
  }
  if (transport_ == nullptr) {
    step_ = Step::kClosed;
    return;
  }
  Enter(tls == nullptr ? Step::kIdle : Step::kHandshaking,
        limits_.request_time);
}

void Connection::Enter(Step step, absl::Duration time) {
  step_ = step;
  since_ = clock_.MonotonicNow();
  deadline_ = since_ + time;
  events_ = POLLIN;
  if (step == Step::kWriting) events_ = POLLOUT;
  // Only the end of the connection is of interest, and that is always told.
  if (step == Step::kWaiting) events_ = 0;
}

void Connection::Await(Transport::Result outcome) {
  if (outcome == Transport::Result::kWantsRead) {
    events_ = POLLIN;
  } else if (outcome == Transport::Result::kWantsWrite) {
    events_ = POLLOUT;
  } else {
    step_ = Step::kClosed;
  }
}

void Connection::OnReady() {
  switch (step_) {
    case Step::kHandshaking:
      Shake();
      break;
    case Step::kIdle:
    case Step::kReading:
      Read();
      break;
    case Step::kWriting:
      Write();
      break;
    case Step::kClosing:
      return Discard();
    case Step::kWaiting:
      // It hung up.
      step_ = Step::kClosed;
      return;
    case Step::kClosed:
      return;
  }
  while ((step_ == Step::kIdle || step_ == Step::kReading) &&
         transport_->HasPending()) {
    Read();
  }
}

void Connection::OnDeadline() {
  constexpr int kRequestTimeout = 408;
  if (step_ == Step::kReading) return Refuse(kRequestTimeout);
  if (step_ == Step::kWaiting) return Refuse(kUnavailable);
  step_ = Step::kClosed;
}

void Connection::OnWake() {
  if (step_ == Step::kWaiting) Admit();
}

void Connection::Shake() {
  const Transport::Outcome outcome = transport_->Handshake();
  if (outcome.result == Transport::Result::kDone) {
    return Enter(Step::kIdle, limits_.request_time);
  }
  if (outcome.result == Transport::Result::kPlainHttp) return RefusePlainHttp();
  Await(outcome.result);
}

void Connection::Read() {
  char chunk[kReadBytes];
  const Transport::Outcome outcome = transport_->Read(chunk, sizeof(chunk));
  if (outcome.result != Transport::Result::kDone) return Await(outcome.result);
  received_.append(chunk, outcome.bytes);
  if (step_ == Step::kIdle) Enter(Step::kReading, limits_.request_time);
  events_ = POLLIN;
  TakeNext();
}

void Connection::TakeNext() {
  constexpr int kHeadTooLarge = 431;
  // An empty line before a request is to be passed over (RFC 9112 2.2).
  while (received_.compare(0, 2, "\r\n") == 0) received_.erase(0, 2);
  const size_t end = received_.find(kEndOfHead);
  if (end > limits_.request_bytes && received_.size() > limits_.request_bytes) {
    return Refuse(kHeadTooLarge);
  }
  if (end == std::string::npos) return;

  absl::StatusOr<HttpRequest> request =
      ParseHttpRequest(absl::string_view(received_).substr(0, end));
  if (!request.ok()) return Refuse(RefusalOf(request.status()));
  received_.erase(0, end + sizeof(kEndOfHead) - 1);
  request_ = *std::move(request);
  keep_alive_ = request_.keep_alive && !request_.has_body;
  Admit();
}

void Connection::Admit() {
  std::shared_ptr<const WebSettings> settings = source_();
  // A connection from before the certificate, or what is asked of a client's,
  // was changed: it may not be one that would be let in now.
  if (settings->tls != settings_->tls) {
    step_ = Step::kClosed;
    return;
  }
  settings_ = std::move(settings);
  if (settings_->auth == nullptr) return Answer();
  switch (settings_->auth->Check(request_.authorization)) {
    case BasicAuth::Verdict::kAllowed:
      return Answer();
    case BasicAuth::Verdict::kDenied:
      return Send(handler_.Refuse(kUnauthorized));
    case BasicAuth::Verdict::kPending:
      return Wait();
    case BasicAuth::Verdict::kBusy:
      return Refuse(kUnavailable);
  }
}

void Connection::Answer() {
  std::optional<HttpResponse> response = handler_.Answer(&request_);
  if (!response) return Wait();
  Send(*std::move(response));
}

void Connection::Wait() {
  if (step_ == Step::kWaiting) return;
  Enter(Step::kWaiting, limits_.waiting_time);
}

void Connection::Refuse(int code) {
  keep_alive_ = false;
  Send(handler_.Refuse(code));
}

void Connection::RefusePlainHttp() {
  // OpenSSL has read the beginning; what is left of the request is discarded.
  transport_ = std::make_unique<PlainTransport>(socket_.get());
  keep_alive_ = false;
  HttpResponse response = handler_.Refuse(kBadRequest);
  response.body =
      TextResponse(kBadRequest, "This server speaks HTTPS, and this was HTTP")
          .body;
  Send(std::move(response));
}

void Connection::Send(HttpResponse response) {
  SetHeader("X-Content-Type-Options", "nosniff", &response);
  for (const auto& header : settings_->headers) {
    SetHeader(header.first, header.second, &response);
  }
  pieces_.clear();
  pieces_.push_back(std::make_shared<std::string>(
      ResponseHead(response, keep_alive_, clock_.WallNow())));
  if (request_.method != "HEAD") {
    for (auto& piece : response.body) pieces_.push_back(std::move(piece));
    on_sent_ = std::move(response.on_sent);
  }
  request_ = HttpRequest();
  next_piece_ = 0;
  next_byte_ = 0;
  Enter(Step::kWriting, limits_.response_time);
  Write();
}

void Connection::Write() {
  constexpr size_t kMaxPieces = 32;
  // Before others get their turn.
  constexpr int kMaxWrites = 16;
  for (int writes = 0; writes < kMaxWrites && step_ == Step::kWriting;
       ++writes) {
    iovec parts[kMaxPieces];
    size_t count = 0;
    for (size_t i = next_piece_; i < pieces_.size() && count < kMaxPieces;
         ++i) {
      const size_t skip = i == next_piece_ ? next_byte_ : 0;
      parts[count++] = {const_cast<char*>(pieces_[i]->data()) + skip,  // NOLINT
                        pieces_[i]->size() - skip};
    }
    const Transport::Outcome outcome = transport_->Write(parts, count);
    if (outcome.result != Transport::Result::kDone) {
      return Await(outcome.result);
    }
    events_ = POLLOUT;
    next_byte_ += outcome.bytes;
    while (next_piece_ < pieces_.size() &&
           next_byte_ >= pieces_[next_piece_]->size()) {
      next_byte_ -= pieces_[next_piece_++]->size();
    }
    if (next_piece_ == pieces_.size()) return FinishResponse();
  }
}

void Connection::FinishResponse() {
  pieces_.clear();
  if (on_sent_) std::exchange(on_sent_, nullptr)();
  if (!keep_alive_) {
    // Closing with unread bytes would reset the connection, and the client
    // might lose the answer: let it close first.
    transport_->EndOutput();
    return Enter(Step::kClosing, kClosingTime);
  }
  if (received_.empty()) return Enter(Step::kIdle, limits_.idle_time);
  Enter(Step::kReading, limits_.request_time);
  TakeNext();
}

void Connection::Discard() {
  // Whatever it says, nobody listens: not through TLS either.
  char chunk[kReadBytes];
  const ssize_t n = recv(socket_.get(), chunk, sizeof(chunk), 0);
  const bool would_block =
      n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
  if (n > 0 || would_block) return;
  step_ = Step::kClosed;
}

}  // namespace reeve
