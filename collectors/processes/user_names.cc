#include "collectors/processes/user_names.h"

#include <pwd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

constexpr absl::Duration kLifetime = absl::Minutes(10);
constexpr size_t kFirstSize = 1024;
constexpr size_t kMaxSize = size_t{1} << 20;

std::string LookUp(uid_t uid) {
  passwd entry = {};
  passwd* found = nullptr;
  std::vector<char> buffer(kFirstSize);
  while (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) ==
             ERANGE &&
         buffer.size() < kMaxSize) {
    buffer.resize(2 * buffer.size());
  }
  return found == nullptr ? absl::StrCat(uid) : std::string(found->pw_name);
}

}  // namespace

const std::string& UserNames::NameOf(uid_t uid, absl::Duration now) {
  if (now - looked_up_from_ > kLifetime) {
    names_.clear();
    looked_up_from_ = now;
  }
  const auto found = names_.find(uid);
  if (found != names_.end()) return found->second;
  return names_.emplace(uid, LookUp(uid)).first->second;
}

}  // namespace reeve
