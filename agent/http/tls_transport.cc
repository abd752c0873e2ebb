#include "agent/http/tls_transport.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace reeve {
namespace {

// The most that one record holds.
constexpr size_t kRecordBytes = 16384;

}  // namespace

Transport::Outcome TlsTransport::OutcomeOf(int result, size_t bytes) {
  if (result == 1) return {Result::kDone, bytes};
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {Result::kWantsRead};
    case SSL_ERROR_WANT_WRITE:
      return {Result::kWantsWrite};
    case SSL_ERROR_ZERO_RETURN:
      return {Result::kEnded};
    default:
      break;
  }
  is_broken_ = true;
  const bool is_http = ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
  ERR_clear_error();
  return {is_http ? Result::kPlainHttp : Result::kEnded};
}

Transport::Outcome TlsTransport::Handshake() {
  ERR_clear_error();
  return OutcomeOf(SSL_do_handshake(session_.get()), 0);
}

Transport::Outcome TlsTransport::Read(char* buffer, size_t size) {
  ERR_clear_error();
  size_t bytes = 0;
  const int result = SSL_read_ex(session_.get(), buffer, size, &bytes);
  return OutcomeOf(result, bytes);
}

Transport::Outcome TlsTransport::Write(const iovec* parts, size_t count) {
  // One record of what may be many pieces: a short head gets none of its own.
  char record[kRecordBytes];
  size_t size = 0;
  for (size_t i = 0; i < count && size < kRecordBytes; ++i) {
    const size_t part = std::min(parts[i].iov_len, kRecordBytes - size);
    std::memcpy(record + size, parts[i].iov_base, part);
    size += part;
  }
  if (size == 0) return {Result::kDone};
  ERR_clear_error();
  size_t bytes = 0;
  const int result = SSL_write_ex(session_.get(), record, size, &bytes);
  return OutcomeOf(result, bytes);
}

bool TlsTransport::HasPending() const {
  return SSL_pending(session_.get()) > 0;
}

void TlsTransport::EndOutput() {
  ERR_clear_error();
  if (!is_broken_) SSL_shutdown(session_.get());
  ERR_clear_error();
  shutdown(SSL_get_fd(session_.get()), SHUT_WR);
}

}  // namespace reeve
