#include "agent/http/basic_auth.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstddef>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "agent/http/password.h"

namespace reeve {
namespace {

// Of each kind. More than there can be connections waiting for theirs.
constexpr size_t kMaxVerdicts = 1024;
constexpr size_t kSaltBytes = 32;

std::string RandomSalt() {
  std::string salt(kSaltBytes, '\0');
  RAND_bytes(reinterpret_cast<unsigned char*>(&salt[0]),
             static_cast<int>(salt.size()));
  return salt;
}

// "Basic YWxpY2U6c2VjcmV0" is "alice:secret"; empty if it is something else.
std::string CredentialsOf(absl::string_view authorization) {
  constexpr absl::string_view kScheme = "Basic ";
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return "";
  std::string credentials;
  if (!absl::Base64Unescape(authorization.substr(kScheme.size()),
                            &credentials) ||
      credentials.find(':') == std::string::npos) {
    return "";
  }
  return credentials;
}

void Keep(const std::string& key, absl::flat_hash_set<std::string>* verdicts) {
  if (verdicts->size() >= kMaxVerdicts) verdicts->clear();
  verdicts->insert(key);
}

}  // namespace

BasicAuth::BasicAuth(std::map<std::string, std::string> users,
                     BoundedWorker& worker, std::function<void()> on_verdict)
    : users_(std::move(users)),
      worker_(worker),
      on_verdict_(std::move(on_verdict)),
      salt_(RandomSalt()) {}

BasicAuth::Verdict BasicAuth::Check(absl::string_view authorization) {
  const std::string credentials = CredentialsOf(authorization);
  if (credentials.empty()) return Verdict::kDenied;
  const std::string key = KeyOf(credentials);
  absl::MutexLock lock(&mutex_);
  if (allowed_.contains(key)) return Verdict::kAllowed;
  if (denied_.contains(key)) return Verdict::kDenied;
  if (pending_.contains(key)) return Verdict::kPending;
  const bool is_taken =
      worker_.Submit([self = shared_from_this(), key, credentials] {
        self->Decide(key, self->Verify(credentials));
      });
  if (!is_taken) return Verdict::kBusy;
  pending_.insert(key);
  return Verdict::kPending;
}

std::string BasicAuth::KeyOf(absl::string_view credentials) const {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), salt_.data(), static_cast<int>(salt_.size()),
       reinterpret_cast<const unsigned char*>(credentials.data()),
       credentials.size(), digest, &size);
  return {reinterpret_cast<const char*>(digest), size};
}

bool BasicAuth::Verify(const std::string& credentials) const {
  const size_t colon = credentials.find(':');
  const auto user = users_.find(credentials.substr(0, colon));
  // A user that is not there costs as much as one that is.
  const bool is_known = user != users_.end();
  const std::string& hash = is_known ? user->second : users_.begin()->second;
  return IsPasswordOf(hash, credentials.substr(colon + 1)) && is_known;
}

void BasicAuth::Decide(const std::string& key, bool is_allowed) {
  {
    absl::MutexLock lock(&mutex_);
    pending_.erase(key);
    Keep(key, is_allowed ? &allowed_ : &denied_);
  }
  on_verdict_();
}

}  // namespace reeve
