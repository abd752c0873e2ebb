#include "agent/control/connection_quota.h"

#include "absl/strings/str_cat.h"

namespace reeve {

absl::Status ConnectionQuota::Take(uid_t uid) {
  const bool is_owner = uid == 0 || uid == own_uid_;
  const int total = limits_.total - (is_owner ? 0 : limits_.reserved);
  if (count_ >= total) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the agent has ", count_, " connections: close some or try again"));
  }
  const auto of_user = count_by_user_.find(uid);
  if (!is_owner && of_user != count_by_user_.end() &&
      of_user->second >= limits_.per_user) {
    return absl::ResourceExhaustedError(
        absl::StrCat("user ", uid, " has ", of_user->second,
                     " connections to the agent: close some or try again"));
  }
  ++count_;
  ++count_by_user_[uid];
  return absl::OkStatus();
}

void ConnectionQuota::Return(uid_t uid) {
  --count_;
  const auto of_user = count_by_user_.find(uid);
  if (--of_user->second == 0) count_by_user_.erase(of_user);
}

}  // namespace reeve
