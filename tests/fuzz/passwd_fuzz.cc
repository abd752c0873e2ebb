// etc/passwd and etc/group of a task's root, one after the other with a NUL
// between them: users are looked up in what is there.

#include <algorithm>
#include <cstdint>
#include <limits>

#include "absl/strings/str_cat.h"
#include "enforcement/launch/passwd_file.h"
#include "tests/fuzz/fuzz_check.h"

namespace reeve {
namespace {

constexpr uint32_t kNoId = std::numeric_limits<uint32_t>::max();

// Among the groups of a user is nothing but the primary one and those that
// name it.
void CheckGroups(const Credentials& credentials,
                 const std::vector<GroupEntry>& group) {
  for (const gid_t gid : credentials.groups) {
    const bool is_listed =
        std::any_of(group.begin(), group.end(), [&](const GroupEntry& entry) {
          return entry.gid == gid &&
                 std::count(entry.members.begin(), entry.members.end(),
                            credentials.name) != 0;
        });
    FUZZ_CHECK(is_listed || gid == credentials.gid);
  }
}

void CheckUser(const std::string& user, const std::vector<PasswdEntry>& passwd,
               const std::vector<GroupEntry>& group) {
  const absl::StatusOr<Credentials> credentials =
      ResolveUser(user, passwd, group);
  if (!credentials.ok()) return;
  FUZZ_CHECK(credentials->uid != kNoId && credentials->gid != kNoId);
  FUZZ_CHECK(credentials->home.front() == '/');
  FUZZ_CHECK(credentials->home.find('\0') == std::string::npos);
  CheckGroups(*credentials, group);
}

}  // namespace
}  // namespace reeve

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = reeve::TextOf(data, size);
  const size_t nul = std::min(text.find('\0'), text.size());
  const std::vector<reeve::PasswdEntry> passwd =
      reeve::ParsePasswd(text.substr(0, nul));
  const std::vector<reeve::GroupEntry> group =
      reeve::ParseGroup(text.substr(std::min(nul + 1, text.size())));
  for (const reeve::PasswdEntry& entry : passwd) {
    FUZZ_CHECK(!entry.name.empty() && entry.uid != reeve::kNoId);
    reeve::CheckUser(entry.name, passwd, group);
    reeve::CheckUser(absl::StrCat(entry.uid), passwd, group);
  }
  for (const reeve::GroupEntry& entry : group) {
    reeve::CheckUser(absl::StrCat("0:", entry.name), passwd, group);
  }
  return 0;
}
