#include "agent/http/password.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <cstring>
#include <memory>

namespace reeve {

bool IsPasswordOf(const std::string& hash, const std::string& password) {
  // The password would end there for crypt().
  const bool has_null = password.find('\0') != std::string::npos;
  const auto work = std::make_unique<crypt_data>();
  // Not crypt_r(): the sanitizers look for that in shared libraries alone.
  const char* const made =
      crypt_rn(password.c_str(), hash.c_str(), work.get(), sizeof(*work));
  const bool is_equal = made != nullptr && std::strlen(made) == hash.size() &&
                        CRYPTO_memcmp(made, hash.data(), hash.size()) == 0;
  OPENSSL_cleanse(work.get(), sizeof(*work));
  return is_equal && !has_null;
}

}  // namespace reeve
