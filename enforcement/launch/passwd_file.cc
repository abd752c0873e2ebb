#include "enforcement/launch/passwd_file.h"

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

constexpr char kNoHome[] = "/";

using Fields = std::vector<absl::string_view>;

// The fields of each line that has as many of them as are needed, and no NUL.
std::vector<Fields> FieldsOf(absl::string_view contents, size_t needed) {
  std::vector<Fields> lines;
  for (const absl::string_view line :
       absl::StrSplit(contents, '\n', absl::SkipEmpty())) {
    Fields fields = absl::StrSplit(line, ':');
    if (fields.size() < needed || fields[0].empty()) continue;
    if (absl::StrContains(line, '\0')) continue;
    lines.push_back(std::move(fields));
  }
  return lines;
}

// -1, which the kernel takes as "leave it", is none.
std::optional<uint32_t> IdFrom(absl::string_view text) {
  const std::optional<uint64_t> id = DecimalFrom(text);
  if (!id || *id >= std::numeric_limits<uint32_t>::max()) return std::nullopt;
  return static_cast<uint32_t>(*id);
}

bool IsNumber(absl::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("0123456789") == absl::string_view::npos;
}

// The first entry that the condition holds for, or null.
template <typename Entry, typename Condition>
const Entry* FirstOf(const std::vector<Entry>& entries, Condition condition) {
  const auto found = std::find_if(entries.begin(), entries.end(), condition);
  return found == entries.end() ? nullptr : &*found;
}

absl::StatusOr<Credentials> FindUser(const std::string& text,
                                     const std::vector<PasswdEntry>& passwd) {
  const std::optional<uint32_t> uid = IdFrom(text);
  if (!uid && IsNumber(text)) {
    return absl::NotFoundError(
        absl::StrCat("user ", text, " is beyond the largest user id"));
  }
  const PasswdEntry* const entry =
      FirstOf(passwd, [&](const PasswdEntry& candidate) {
        return uid ? candidate.uid == *uid : candidate.name == text;
      });
  if (entry == nullptr && !uid) {
    return absl::NotFoundError(absl::StrCat(
        "unknown user ", text,
        " in the task's root: add it to etc/passwd there, or give its number"));
  }
  Credentials credentials;
  credentials.uid = entry != nullptr ? entry->uid : *uid;
  credentials.gid = entry != nullptr ? entry->gid : *uid;
  credentials.name = entry != nullptr ? entry->name : "";
  credentials.home = entry != nullptr ? entry->home : kNoHome;
  return credentials;
}

absl::StatusOr<gid_t> FindGroup(const std::string& text,
                                const std::vector<GroupEntry>& group) {
  const std::optional<uint32_t> gid = IdFrom(text);
  if (gid) return *gid;
  if (IsNumber(text)) {
    return absl::NotFoundError(
        absl::StrCat("group ", text, " is beyond the largest group id"));
  }
  const GroupEntry* const entry = FirstOf(
      group,
      [&](const GroupEntry& candidate) { return candidate.name == text; });
  if (entry != nullptr) return entry->gid;
  return absl::NotFoundError(absl::StrCat(
      "unknown group ", text,
      " in the task's root: add it to etc/group there, or give its number"));
}

// `primary` and those that list the user, each once.
std::vector<gid_t> GroupsOf(const std::string& name, gid_t primary,
                            const std::vector<GroupEntry>& group) {
  std::vector<gid_t> gids = {primary};
  std::set<gid_t> known = {primary};
  for (const GroupEntry& entry : group) {
    const bool lists_it =
        std::count(entry.members.begin(), entry.members.end(), name) != 0;
    if (lists_it && known.insert(entry.gid).second) gids.push_back(entry.gid);
  }
  return gids;
}

}  // namespace

std::vector<PasswdEntry> ParsePasswd(absl::string_view contents) {
  std::vector<PasswdEntry> entries;
  for (const Fields& fields : FieldsOf(contents, 4)) {
    const std::optional<uint32_t> uid = IdFrom(fields[2]);
    const std::optional<uint32_t> gid = IdFrom(fields[3]);
    if (!uid || !gid) continue;
    const bool has_home = fields.size() > 5 && absl::StartsWith(fields[5], "/");
    entries.push_back({std::string(fields[0]), *uid, *gid,
                       has_home ? std::string(fields[5]) : kNoHome});
  }
  return entries;
}

std::vector<GroupEntry> ParseGroup(absl::string_view contents) {
  std::vector<GroupEntry> entries;
  for (const Fields& fields : FieldsOf(contents, 3)) {
    const std::optional<uint32_t> gid = IdFrom(fields[2]);
    if (!gid) continue;
    GroupEntry entry = {std::string(fields[0]), *gid, {}};
    if (fields.size() > 3) {
      entry.members = absl::StrSplit(fields[3], ',', absl::SkipEmpty());
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

absl::StatusOr<Credentials> ResolveUser(const std::string& user,
                                        const std::vector<PasswdEntry>& passwd,
                                        const std::vector<GroupEntry>& group) {
  const size_t colon = user.find(':');
  const bool has_group = colon != std::string::npos;
  const std::string user_text = user.substr(0, colon);
  const std::string group_text = has_group ? user.substr(colon + 1) : "";
  if (user_text.empty() || (has_group && group_text.empty())) {
    return absl::InvalidArgumentError(
        absl::StrCat("user \"", user, "\" is not USER or USER:GROUP"));
  }

  absl::StatusOr<Credentials> credentials = FindUser(user_text, passwd);
  if (!credentials.ok()) return credentials;
  if (has_group) {
    const absl::StatusOr<gid_t> gid = FindGroup(group_text, group);
    if (!gid.ok()) return gid.status();
    credentials->gid = *gid;
  }
  if (credentials->name.empty()) return credentials;
  credentials->groups = GroupsOf(credentials->name, credentials->gid, group);
  if (credentials->groups.size() > NGROUPS_MAX) {
    return absl::InvalidArgumentError(absl::StrCat(
        "user ", user, " is in ", credentials->groups.size(),
        " groups of the task's root: the kernel takes ", NGROUPS_MAX));
  }
  return credentials;
}

}  // namespace reeve
