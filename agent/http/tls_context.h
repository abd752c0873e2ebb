#ifndef REEVE_AGENT_HTTP_TLS_CONTEXT_H_
#define REEVE_AGENT_HTTP_TLS_CONTEXT_H_

#include <openssl/ssl.h>

#include <memory>

#include "absl/status/statusor.h"
#include "agent/http/transport.h"
#include "agent/http/web_config.h"

namespace reeve {

// The server's certificate and what it asks of clients, read from their files.
// Immutable.
class TlsContext {
 public:
  // Errors name the file and carry OpenSSL's text: a file that is missing or no
  // PEM, a key that is not the certificate's.
  static absl::StatusOr<std::shared_ptr<const TlsContext>> Load(
      const TlsConfig& config);

  // TLS for one connection, which `fd` has to outlive; null if there is no
  // memory for it.
  std::unique_ptr<Transport> Accept(int fd) const;

 private:
  using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

  explicit TlsContext(Context context) : context_(std::move(context)) {}

  const Context context_;
};

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_TLS_CONTEXT_H_
