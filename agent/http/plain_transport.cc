#include "agent/http/plain_transport.h"

#include <sys/socket.h>

#include <cerrno>

namespace reeve {
namespace {

Transport::Outcome OutcomeOf(ssize_t n, Transport::Result to_wait_for) {
  if (n >= 0) return {Transport::Result::kDone, static_cast<size_t>(n)};
  const bool would_block =
      errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {would_block ? to_wait_for : Transport::Result::kEnded};
}

}  // namespace

Transport::Outcome PlainTransport::Read(char* buffer, size_t size) {
  const ssize_t n = recv(fd_, buffer, size, 0);
  if (n == 0) return {Result::kEnded};
  return OutcomeOf(n, Result::kWantsRead);
}

Transport::Outcome PlainTransport::Write(const iovec* parts, size_t count) {
  msghdr message = {};
  message.msg_iov = const_cast<iovec*>(parts);  // NOLINT: sendmsg(2)'s type.
  message.msg_iovlen = count;
  return OutcomeOf(sendmsg(fd_, &message, MSG_NOSIGNAL), Result::kWantsWrite);
}

void PlainTransport::EndOutput() { shutdown(fd_, SHUT_WR); }

}  // namespace reeve
