#include "agent/http/web_config.h"

#include <cstddef>
#include <functional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/yaml.h"

namespace reeve {
namespace {

// With a higher cost one password would keep the one that checks them busy for
// seconds.
constexpr int kLowestCost = 4;
constexpr int kHighestCost = 15;

using Setter = std::function<absl::Status(const YamlNode& value)>;

struct Key {
  absl::string_view name;
  Setter set;
};

absl::Status Wrong(const YamlNode& node, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("line ", node.line, ": ", what));
}

// Sets what `mapping` has; `where` is its own key.
absl::Status SetKeys(const YamlNode& mapping, absl::string_view where,
                     const std::vector<Key>& keys) {
  if (mapping.kind == YamlNode::Kind::kNull) return absl::OkStatus();
  if (mapping.kind != YamlNode::Kind::kMapping) {
    return Wrong(mapping, absl::StrCat(where, " has to be a mapping"));
  }
  for (const auto& entry : mapping.entries) {
    const Key* known = nullptr;
    for (const Key& key : keys) {
      if (key.name == entry.first) known = &key;
    }
    if (known == nullptr) {
      std::vector<absl::string_view> names;
      names.reserve(keys.size());
      for (const Key& key : keys) names.push_back(key.name);
      return Wrong(entry.second,
                   absl::StrCat("unknown key \"", entry.first, "\" in ", where,
                                ": use ", absl::StrJoin(names, ", ")));
    }
    absl::Status status = known->set(entry.second);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Text(const YamlNode& node, absl::string_view key) {
  if (node.kind == YamlNode::Kind::kNull) return std::string();
  if (node.kind == YamlNode::Kind::kScalar) return node.text;
  return Wrong(node, absl::StrCat(key, " has to be text"));
}

// A path, made absolute where `directory` is.
Setter Path(absl::string_view key, absl::string_view directory,
            std::string* target) {
  return [=](const YamlNode& node) {
    absl::StatusOr<std::string> text = Text(node, key);
    if (!text.ok()) return text.status();
    const bool is_relative = !text->empty() && (*text)[0] != '/';
    *target = is_relative && !directory.empty()
                  ? absl::StrCat(directory, "/", *text)
                  : *text;
    return absl::OkStatus();
  };
}

// One of the names of `choices`.
template <typename Value>
Setter Choice(absl::string_view key,
              const std::vector<std::pair<absl::string_view, Value>>& choices,
              Value* target) {
  return [=](const YamlNode& node) {
    absl::StatusOr<std::string> text = Text(node, key);
    if (!text.ok()) return text.status();
    if (text->empty()) return absl::OkStatus();
    std::vector<absl::string_view> names;
    names.reserve(choices.size());
    for (const auto& choice : choices) {
      names.push_back(choice.first);
      if (choice.first != *text) continue;
      *target = choice.second;
      return absl::OkStatus();
    }
    return Wrong(node, absl::StrCat(key, ": \"", *text, "\": use ",
                                    absl::StrJoin(names, ", ")));
  };
}

absl::Status CheckTls(const YamlNode& node, const TlsConfig& tls) {
  const bool verifies = tls.client_auth == ClientAuth::kVerifyIfGiven ||
                        tls.client_auth == ClientAuth::kRequireAndVerify;
  if (tls.cert_file.empty()) {
    return Wrong(node, "tls_server_config without a cert_file");
  }
  if (tls.key_file.empty()) {
    return Wrong(node, "tls_server_config without a key_file");
  }
  if (verifies && tls.client_ca_file.empty()) {
    return Wrong(node, "this client_auth_type needs a client_ca_file");
  }
  if (!verifies && !tls.client_ca_file.empty()) {
    return Wrong(node,
                 "a client_ca_file without a client_auth_type that verifies");
  }
  if (tls.min_version > tls.max_version) {
    return Wrong(node, "min_version is above max_version");
  }
  return absl::OkStatus();
}

absl::Status SetTls(const YamlNode& node, absl::string_view directory,
                    std::optional<TlsConfig>* target) {
  if (node.kind == YamlNode::Kind::kNull) return absl::OkStatus();
  const std::vector<std::pair<absl::string_view, ClientAuth>> client_auths = {
      {"NoClientCert", ClientAuth::kNone},
      {"RequestClientCert", ClientAuth::kRequest},
      {"RequireAnyClientCert", ClientAuth::kRequireAny},
      {"VerifyClientCertIfGiven", ClientAuth::kVerifyIfGiven},
      {"RequireAndVerifyClientCert", ClientAuth::kRequireAndVerify}};
  const std::vector<std::pair<absl::string_view, TlsVersion>> versions = {
      {"TLS12", TlsVersion::kTls12}, {"TLS13", TlsVersion::kTls13}};
  TlsConfig tls;
  absl::Status status = SetKeys(
      node, "tls_server_config",
      {{"cert_file", Path("cert_file", directory, &tls.cert_file)},
       {"key_file", Path("key_file", directory, &tls.key_file)},
       {"client_auth_type",
        Choice("client_auth_type", client_auths, &tls.client_auth)},
       {"client_ca_file",
        Path("client_ca_file", directory, &tls.client_ca_file)},
       {"min_version", Choice("min_version", versions, &tls.min_version)},
       {"max_version", Choice("max_version", versions, &tls.max_version)}});
  if (status.ok()) status = CheckTls(node, tls);
  if (status.ok()) *target = tls;
  return status;
}

// "$2y$10$" and 53 characters of salt and hash.
bool IsBcrypt(absl::string_view hash) {
  constexpr size_t kLength = 60;
  constexpr size_t kSaltAt = 7;
  int cost = 0;
  if (hash.size() != kLength || hash[3] != '$' || hash[6] != '$' ||
      !absl::ascii_isdigit(static_cast<unsigned char>(hash[4])) ||
      !absl::SimpleAtoi(hash.substr(4, 2), &cost) || cost < kLowestCost ||
      cost > kHighestCost) {
    return false;
  }
  if (!absl::StartsWith(hash, "$2a") && !absl::StartsWith(hash, "$2b") &&
      !absl::StartsWith(hash, "$2y")) {
    return false;
  }
  for (const char c : hash.substr(kSaltAt)) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '.' &&
        c != '/') {
      return false;
    }
  }
  return true;
}

absl::Status SetUsers(const YamlNode& node,
                      std::map<std::string, std::string>* users) {
  if (node.kind == YamlNode::Kind::kNull) return absl::OkStatus();
  if (node.kind != YamlNode::Kind::kMapping) {
    return Wrong(node, "basic_auth_users has to be a mapping");
  }
  for (const auto& entry : node.entries) {
    const std::string& user = entry.first;
    if (user.empty() || absl::StrContains(user, ":")) {
      return Wrong(entry.second,
                   absl::StrCat("basic_auth_users: \"", user,
                                "\": a user has a name without a colon"));
    }
    // The hash itself stays out of the log.
    if (!IsBcrypt(entry.second.text)) {
      return Wrong(entry.second,
                   absl::StrCat("basic_auth_users: ", user,
                                ": not a bcrypt hash ($2a$, $2b$ or $2y$) of a "
                                "cost from ",
                                kLowestCost, " to ", kHighestCost));
    }
    (*users)[user] = entry.second.text;
  }
  return absl::OkStatus();
}

// A header that is sent with each answer.
Setter Header(absl::string_view name,
              std::vector<std::pair<std::string, std::string>>* headers) {
  return [=](const YamlNode& node) {
    absl::StatusOr<std::string> text = Text(node, name);
    if (!text.ok()) return text.status();
    for (const char c : *text) {
      if (!absl::ascii_isprint(static_cast<unsigned char>(c))) {
        return Wrong(node, absl::StrCat(name, " has to be printable ASCII"));
      }
    }
    if (!text->empty()) headers->emplace_back(std::string(name), *text);
    return absl::OkStatus();
  };
}

absl::Status SetHeaders(
    const YamlNode& node,
    std::vector<std::pair<std::string, std::string>>* headers) {
  std::vector<Key> keys;
  for (const absl::string_view name :
       {"Strict-Transport-Security", "X-Content-Type-Options",
        "X-Frame-Options", "X-XSS-Protection", "Content-Security-Policy"}) {
    keys.push_back({name, Header(name, headers)});
  }
  return SetKeys(node, "headers", keys);
}

absl::Status SetServer(
    const YamlNode& node,
    std::vector<std::pair<std::string, std::string>>* headers) {
  bool http2 = false;
  return SetKeys(
      node, "http_server_config",
      {{"http2",
        Choice<bool>("http2", {{"true", true}, {"false", false}}, &http2)},
       {"headers", [headers](const YamlNode& value) {
          return SetHeaders(value, headers);
        }}});
}

}  // namespace

absl::StatusOr<WebConfig> ParseWebConfig(absl::string_view text,
                                         absl::string_view directory) {
  const absl::StatusOr<YamlNode> root = ParseYaml(text);
  if (!root.ok()) return root.status();
  WebConfig config;
  absl::Status status = SetKeys(
      *root, "the file",
      {{"tls_server_config",
        [&](const YamlNode& node) {
          return SetTls(node, directory, &config.tls);
        }},
       {"http_server_config",
        [&](const YamlNode& node) { return SetServer(node, &config.headers); }},
       {"basic_auth_users",
        [&](const YamlNode& node) { return SetUsers(node, &config.users); }}});
  if (!status.ok()) return status;
  return config;
}

}  // namespace reeve
