#ifndef REEVE_AGENT_HTTP_WEB_CONFIG_H_
#define REEVE_AGENT_HTTP_WEB_CONFIG_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// What is asked of a client's certificate.
enum class ClientAuth {
  kNone,
  // Asked for, and taken as it is.
  kRequest,
  kRequireAny,
  kVerifyIfGiven,
  kRequireAndVerify,
};

enum class TlsVersion { kTls12, kTls13 };

struct TlsConfig {
  // Paths; PEM files.
  std::string cert_file;
  std::string key_file;
  // Empty if clients are not verified.
  std::string client_ca_file;
  ClientAuth client_auth = ClientAuth::kNone;
  TlsVersion min_version = TlsVersion::kTls12;
  TlsVersion max_version = TlsVersion::kTls13;

  bool operator==(const TlsConfig& other) const {
    return cert_file == other.cert_file && key_file == other.key_file &&
           client_ca_file == other.client_ca_file &&
           client_auth == other.client_auth &&
           min_version == other.min_version && max_version == other.max_version;
  }
};

// How the HTTP server is to be secured, as in the files that Prometheus' own
// exporters take by --web.config.file.
struct WebConfig {
  // Absent: plain HTTP.
  std::optional<TlsConfig> tls;
  // Bcrypt hashes by user; empty lets everybody in.
  std::map<std::string, std::string> users;
  // Names and values, for every answer.
  std::vector<std::pair<std::string, std::string>> headers;
};

// Parses the YAML of such a file. Relative paths are taken to be relative to
// `directory`. kInvalidArgument names the line and the key that is unknown or
// wrong; nothing is passed over but http2, which says what may be spoken and
// not what must.
absl::StatusOr<WebConfig> ParseWebConfig(absl::string_view text,
                                         absl::string_view directory);

}  // namespace reeve

#endif  // REEVE_AGENT_HTTP_WEB_CONFIG_H_
