#include "enforcement/launch/credentials.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace reeve {
namespace {

constexpr size_t kFirstBufferSize = 1024;
constexpr size_t kMaxBufferSize = 1 << 20;

struct UserEntry {
  std::string name;
  std::string home;
  uid_t uid = 0;
  gid_t gid = 0;
};

// Calls look_up(buffer, size), which returns an errno value as getpwnam_r(3)
// does, with a buffer that is large enough.
template <typename LookUp>
int WithBuffer(LookUp look_up) {
  std::vector<char> buffer(kFirstBufferSize);
  while (true) {
    const int error = look_up(buffer.data(), buffer.size());
    if (error != ERANGE || buffer.size() >= kMaxBufferSize) return error;
    buffer.resize(buffer.size() * 2);
  }
}

// "Not there" is told in several ways, by 0 or by one of these.
bool SaysMissing(int error) {
  return error == 0 || error == ENOENT || error == ESRCH || error == EBADF ||
         error == EPERM;
}

// nullopt if there is no such user. `look_up` is called with where to put the
// entry, a buffer, its size and the result.
template <typename LookUp>
absl::StatusOr<std::optional<UserEntry>> FindUser(absl::string_view user,
                                                  LookUp look_up) {
  std::optional<UserEntry> entry;
  const int error = WithBuffer([&](char* buffer, size_t size) {
    passwd user_record = {};
    passwd* result = nullptr;
    const int look_up_error = look_up(&user_record, buffer, size, &result);
    if (result != nullptr) {
      entry = UserEntry{result->pw_name, result->pw_dir, result->pw_uid,
                        result->pw_gid};
    }
    return look_up_error;
  });
  if (!entry && !SaysMissing(error)) {
    return absl::UnavailableError(
        absl::ErrnoToStatus(error, absl::StrCat("look up user ", user))
            .message());
  }
  return entry;
}

// An id in decimal. -1, which the kernel takes as "leave it", is none.
std::optional<uint32_t> ParseId(absl::string_view text) {
  uint32_t id = 0;
  if (!absl::SimpleAtoi(text, &id)) return std::nullopt;
  if (id == std::numeric_limits<uint32_t>::max()) return std::nullopt;
  return id;
}

bool LooksLikeId(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
}

absl::StatusOr<gid_t> FindGroup(const std::string& name) {
  if (LooksLikeId(name)) {
    const std::optional<uint32_t> gid = ParseId(name);
    if (gid) return *gid;
    return absl::NotFoundError(
        absl::StrCat("group ", name, " is beyond the largest group id"));
  }
  std::optional<gid_t> gid;
  const int error = WithBuffer([&](char* buffer, size_t size) {
    group group_record = {};
    group* result = nullptr;
    const int look_up_error =
        getgrnam_r(name.c_str(), &group_record, buffer, size, &result);
    if (result != nullptr) gid = result->gr_gid;
    return look_up_error;
  });
  if (gid) return *gid;
  if (SaysMissing(error)) {
    return absl::NotFoundError(absl::StrCat("unknown group ", name));
  }
  return absl::UnavailableError(
      absl::ErrnoToStatus(error, absl::StrCat("look up group ", name))
          .message());
}

// The groups of a user: `primary` and those that list the user as a member.
std::vector<gid_t> GroupsOf(const std::string& name, gid_t primary) {
  std::vector<gid_t> groups(32);
  while (true) {
    auto count = static_cast<int>(groups.size());
    // Sets `count` to what is there, also if that is more than fits.
    const int result =
        getgrouplist(name.c_str(), primary, groups.data(), &count);
    groups.resize(static_cast<size_t>(count));
    if (result >= 0) return groups;
  }
}

absl::StatusOr<std::optional<UserEntry>> FindUserByText(
    const std::string& user) {
  if (!LooksLikeId(user)) {
    return FindUser(
        user, [&](passwd* record, char* buffer, size_t size, passwd** result) {
          return getpwnam_r(user.c_str(), record, buffer, size, result);
        });
  }
  const std::optional<uint32_t> uid = ParseId(user);
  if (!uid) {
    return absl::NotFoundError(
        absl::StrCat("user ", user, " is beyond the largest user id"));
  }
  return FindUser(
      user, [&](passwd* record, char* buffer, size_t size, passwd** result) {
        return getpwuid_r(*uid, record, buffer, size, result);
      });
}

// capabilities(7): whether setgroups(2), setresgid(2) and setresuid(2) take any
// ids.
bool MayChangeIds() {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, data) != 0) return geteuid() == 0;
  constexpr uint32_t kBoth = 1u << CAP_SETUID | 1u << CAP_SETGID;
  return (data[0].effective & kBoth) == kBoth;
}

bool Sets(const std::vector<std::string>& env, absl::string_view name) {
  const std::string prefix = absl::StrCat(name, "=");
  return std::any_of(env.begin(), env.end(), [&](const std::string& variable) {
    return absl::StartsWith(variable, prefix);
  });
}

}  // namespace

absl::StatusOr<Credentials> LookUpUser(const std::string& user) {
  const size_t colon = user.find(':');
  const std::string user_text = user.substr(0, colon);
  const bool has_group = colon != std::string::npos;
  const std::string group_text = has_group ? user.substr(colon + 1) : "";
  if (user_text.empty() || (has_group && group_text.empty())) {
    return absl::InvalidArgumentError(
        absl::StrCat("user \"", user, "\" is not USER or USER:GROUP"));
  }

  const absl::StatusOr<std::optional<UserEntry>> entry =
      FindUserByText(user_text);
  if (!entry.ok()) return entry.status();
  if (!*entry && !LooksLikeId(user_text)) {
    return absl::NotFoundError(absl::StrCat("unknown user ", user_text));
  }

  Credentials credentials;
  credentials.uid = *entry ? (*entry)->uid : *ParseId(user_text);
  credentials.gid = *entry ? (*entry)->gid : credentials.uid;
  if (has_group) {
    const absl::StatusOr<gid_t> gid = FindGroup(group_text);
    if (!gid.ok()) return gid.status();
    credentials.gid = *gid;
  }
  if (*entry) {
    credentials.name = (*entry)->name;
    credentials.home = (*entry)->home;
    credentials.groups = GroupsOf(credentials.name, credentials.gid);
  }
  return credentials;
}

absl::StatusOr<bool> MustChangeUser(const std::string& user,
                                    const Credentials& credentials) {
  if (MayChangeIds()) return true;
  if (credentials.uid == geteuid() && credentials.gid == getegid()) {
    return false;
  }
  return absl::PermissionDeniedError(absl::StrCat(
      "user ", user, ": the agent is user ", geteuid(), ", group ", getegid(),
      ", and may become no other: leave the user out, or run the agent as "
      "root"));
}

std::vector<std::string> WithUserVariables(std::vector<std::string> env,
                                           const Credentials& credentials) {
  const std::pair<absl::string_view, const std::string&> variables[] = {
      {"USER", credentials.name},
      {"LOGNAME", credentials.name},
      {"HOME", credentials.home},
  };
  for (const auto& [name, value] : variables) {
    if (value.empty() || Sets(env, name)) continue;
    env.push_back(absl::StrCat(name, "=", value));
  }
  return env;
}

}  // namespace reeve
