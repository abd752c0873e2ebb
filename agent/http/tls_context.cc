#include "agent/http/tls_context.h"

#include <openssl/err.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "agent/http/tls_transport.h"

namespace reeve {
namespace {

absl::Status OpensslError(absl::string_view what) {
  const char* const reason = ERR_reason_error_string(ERR_peek_error());
  ERR_clear_error();
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": ", reason == nullptr ? "failed" : reason));
}

int Number(TlsVersion version) {
  return version == TlsVersion::kTls13 ? TLS1_3_VERSION : TLS1_2_VERSION;
}

// For clients whose certificate is asked for and not verified.
int TakeAnything(int /*verified*/, X509_STORE_CTX* /*chain*/) { return 1; }

void AskForCertificate(ClientAuth auth, SSL_CTX* context) {
  switch (auth) {
    case ClientAuth::kNone:
      return SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    case ClientAuth::kRequest:
      return SSL_CTX_set_verify(context, SSL_VERIFY_PEER, TakeAnything);
    case ClientAuth::kRequireAny:
      return SSL_CTX_set_verify(
          context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
          TakeAnything);
    case ClientAuth::kVerifyIfGiven:
      return SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    case ClientAuth::kRequireAndVerify:
      return SSL_CTX_set_verify(
          context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
}

absl::Status LoadFiles(const TlsConfig& config, SSL_CTX* context) {
  if (SSL_CTX_use_certificate_chain_file(context, config.cert_file.c_str()) !=
      1) {
    return OpensslError(absl::StrCat("cert_file ", config.cert_file));
  }
  if (SSL_CTX_use_PrivateKey_file(context, config.key_file.c_str(),
                                  SSL_FILETYPE_PEM) != 1) {
    return OpensslError(absl::StrCat("key_file ", config.key_file));
  }
  if (config.client_ca_file.empty()) return absl::OkStatus();
  // The names are sent to the client, so that it can choose a certificate.
  STACK_OF(X509_NAME)* const names =
      SSL_load_client_CA_file(config.client_ca_file.c_str());
  if (names == nullptr ||
      SSL_CTX_load_verify_file(context, config.client_ca_file.c_str()) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return OpensslError(absl::StrCat("client_ca_file ", config.client_ca_file));
  }
  SSL_CTX_set_client_CA_list(context, names);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const TlsContext>> TlsContext::Load(
    const TlsConfig& config) {
  ERR_clear_error();
  Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (context == nullptr) return OpensslError("TLS");
  SSL_CTX_set_min_proto_version(context.get(), Number(config.min_version));
  SSL_CTX_set_max_proto_version(context.get(), Number(config.max_version));
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION |
                                         SSL_OP_NO_COMPRESSION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Idle connections hold no buffers; a write goes on from wherever the rest of
  // it is then.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS |
                                      SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Sessions are resumed by tickets alone: nothing is kept for a client.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  constexpr unsigned char kIdContext[] = "reeve";
  SSL_CTX_set_session_id_context(context.get(), kIdContext, sizeof(kIdContext));
  AskForCertificate(config.client_auth, context.get());
  absl::Status status = LoadFiles(config, context.get());
  if (!status.ok()) return status;
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(context)));
}

std::unique_ptr<Transport> TlsContext::Accept(int fd) const {
  TlsTransport::Session session(SSL_new(context_.get()), SSL_free);
  if (session == nullptr || SSL_set_fd(session.get(), fd) != 1) return nullptr;
  SSL_set_accept_state(session.get());
  return std::make_unique<TlsTransport>(std::move(session));
}

}  // namespace reeve
