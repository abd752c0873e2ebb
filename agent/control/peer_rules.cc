#include "agent/control/peer_rules.h"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"

namespace reeve {
namespace {

// More than the kernel's own limit of groups for one process would need no
// list.
constexpr size_t kMaxGroups = 65536;

std::optional<uid_t> FindUser(const std::string& name) {
  std::vector<char> buffer(64 << 10);
  passwd entry{};
  passwd* found = nullptr;
  (void)getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return std::nullopt;
  return found->pw_uid;
}

std::optional<gid_t> FindGroup(const std::string& name) {
  // A group may have many members.
  std::vector<char> buffer(1 << 20);
  group entry{};
  group* found = nullptr;
  (void)getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) return std::nullopt;
  return found->gr_gid;
}

absl::Status NotThere(const char* flag, const std::string& name,
                      const char* what) {
  return absl::InvalidArgumentError(absl::StrCat(
      flag, " ", name.empty() ? "\"\"" : name, ": there is no such ", what,
      ": give names of this machine, or numbers"));
}

// (uid_t)-1 stands for nobody at all.
bool IsNumber(const std::string& text, uint32_t* number) {
  return absl::SimpleAtoi(text, number) && *number != UINT32_MAX;
}

}  // namespace

absl::StatusOr<PeerRules> ResolvePeerRules(
    const std::vector<std::string>& users,
    const std::vector<std::string>& groups) {
  PeerRules rules;
  rules.are_given = !users.empty() || !groups.empty();
  for (const std::string& name : users) {
    uint32_t number;
    const std::optional<uid_t> uid =
        IsNumber(name, &number) ? std::optional<uid_t>(number) : FindUser(name);
    if (!uid.has_value()) return NotThere("--allow-users", name, "user");
    rules.users.insert(*uid);
  }
  for (const std::string& name : groups) {
    uint32_t number;
    const std::optional<gid_t> gid = IsNumber(name, &number)
                                         ? std::optional<gid_t>(number)
                                         : FindGroup(name);
    if (!gid.has_value()) return NotThere("--allow-groups", name, "group");
    rules.groups.insert(*gid);
  }
  return rules;
}

absl::StatusOr<Peer> ReadPeer(int fd) {
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return ErrnoStatus(errno, "SO_PEERCRED");
  }
  Peer peer;
  peer.uid = credentials.uid;
  peer.gid = credentials.gid;
  peer.groups.resize(64);
  while (true) {
    size = static_cast<socklen_t>(peer.groups.size() * sizeof(gid_t));
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, peer.groups.data(), &size) ==
        0) {
      peer.groups.resize(size / sizeof(gid_t));
      return peer;
    }
    const size_t needed = size / sizeof(gid_t);
    if (errno != ERANGE || needed > kMaxGroups) {
      return ErrnoStatus(errno, "SO_PEERGROUPS");
    }
    peer.groups.resize(needed);
  }
}

absl::Status CheckPeer(const Peer& peer, const PeerRules& rules, uid_t own_uid,
                       gid_t own_gid) {
  if (peer.uid == 0 || peer.uid == own_uid) return absl::OkStatus();
  if (!rules.are_given) {
    if (peer.gid == own_gid) return absl::OkStatus();
    return absl::PermissionDeniedError(
        absl::StrCat("permission denied: user ", peer.uid,
                     " is neither the user nor in the group of the agent"));
  }
  const auto is_allowed = [&rules](gid_t gid) {
    return rules.groups.count(gid) > 0;
  };
  if (rules.users.count(peer.uid) > 0 || is_allowed(peer.gid) ||
      absl::c_any_of(peer.groups, is_allowed)) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(absl::StrCat(
      "permission denied: user ", peer.uid,
      " is not among --allow-users of the agent",
      rules.groups.empty() ? "" : ", and in none of --allow-groups"));
}

}  // namespace reeve
