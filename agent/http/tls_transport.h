#ifndef REEVE_AGENT_HTTP_TLS_TRANSPORT_H_
#define REEVE_AGENT_HTTP_TLS_TRANSPORT_H_

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <utility>

#include "agent/http/transport.h"

namespace reeve {

// TLS by OpenSSL, as the server.
class TlsTransport final : public Transport {
 public:
  using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

  // With its socket, and set to accept.
  explicit TlsTransport(Session session) : session_(std::move(session)) {}

  Outcome Handshake() override;
  Outcome Read(char* buffer, size_t size) override;
  Outcome Write(const iovec* parts, size_t count) override;
  bool HasPending() const override;
  void EndOutput() override;

 private:
  Outcome OutcomeOf(int result, size_t bytes);

  const Session session_;
  // After a fatal error nothing may be sent, not even the end.
  bool is_broken_ = false;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_TLS_TRANSPORT_H_
