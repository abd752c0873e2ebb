#include "agent/doctor/host_check.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace reeve {
namespace {

// capability.h; named here so that no library is needed for two bits.
constexpr int kCapSysAdmin = 21;
constexpr int kCapSysResource = 24;

// Files that the agent keeps open for one task, with room to spare.
constexpr uint64_t kFilesPerTask = 20;
constexpr uint64_t kExpectedTasks = 1000;

// "CapEff:\t000001ffffffffff" gives "000001ffffffffff".
absl::string_view StatusField(absl::string_view status, absl::string_view key) {
  for (absl::string_view line : absl::StrSplit(status, '\n')) {
    const std::pair<absl::string_view, absl::string_view> field =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    if (field.first == key) return absl::StripAsciiWhitespace(field.second);
  }
  return "";
}

std::string Parent(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

}  // namespace

Finding CheckKernel(absl::string_view release) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(release, absl::ByAnyChar(".-"));
  int major = 0;
  int minor = 0;
  if (parts.size() < 2 || !absl::SimpleAtoi(parts[0], &major) ||
      !absl::SimpleAtoi(parts[1], &minor)) {
    return {"kernel", Verdict::kWarn,
            absl::StrCat(release, ": not a version of Linux that is known"),
            ""};
  }
  const std::pair<int, int> version(major, minor);
  if (version < std::make_pair(5, 3)) {
    return {"kernel", Verdict::kFail,
            absl::StrCat(release, ": no pidfds, which signals need"),
            "use a kernel of 5.7 or later"};
  }
  if (version < std::make_pair(5, 7)) {
    return {"kernel", Verdict::kWarn,
            absl::StrCat(release, ": no CLONE_INTO_CGROUP"),
            "use a kernel of 5.7 or later"};
  }
  return {"kernel", Verdict::kOk, std::string(release), ""};
}

Finding CheckPrivileges(absl::string_view status) {
  const std::vector<absl::string_view> uids = absl::StrSplit(
      StatusField(status, "Uid"), absl::ByAnyChar(" \t"), absl::SkipEmpty());
  uint64_t capabilities = 0;
  if (uids.size() < 2 ||
      !absl::SimpleHexAtoi(StatusField(status, "CapEff"), &capabilities)) {
    return {"privileges", Verdict::kWarn, "not known: no Uid and CapEff", ""};
  }
  std::vector<std::string> missing;
  if ((capabilities >> kCapSysAdmin & 1) == 0) {
    missing.push_back("CAP_SYS_ADMIN (namespaces)");
  }
  if ((capabilities >> kCapSysResource & 1) == 0) {
    missing.push_back(
        "CAP_SYS_RESOURCE (resource limits above the hard ones, a lower "
        "oom_score_adj)");
  }
  // Real, effective, saved, file system.
  const bool is_root = uids[1] == "0";
  const std::string user =
      is_root ? "root" : absl::StrCat("user ", uids[1], ", not root");
  if (is_root && missing.empty()) {
    return {"privileges", Verdict::kOk, "root with all that is needed", ""};
  }
  return {"privileges", Verdict::kWarn,
          missing.empty() ? user
                          : absl::StrCat(user, ", without ",
                                         absl::StrJoin(missing, " and ")),
          is_root ? "" : "run the agent as root to start tasks as any user"};
}

Finding CheckOpenFiles(uint64_t soft, uint64_t hard) {
  const std::string detail =
      absl::StrCat(soft, " (at most ", hard, "), enough for ",
                   hard / kFilesPerTask, " tasks");
  if (hard >= kFilesPerTask * kExpectedTasks) {
    return {"open files", Verdict::kOk, detail, ""};
  }
  return {"open files", Verdict::kWarn, detail,
          "raise it: LimitNOFILE=65536, or ulimit -Hn 65536"};
}

Finding CheckStateDir(const std::string& state_dir) {
  std::string existing = state_dir;
  while (access(existing.c_str(), F_OK) != 0 && errno == ENOENT &&
         existing != "/") {
    existing = Parent(existing);
  }
  if (access(existing.c_str(), W_OK | X_OK) != 0) {
    return {"state directory", Verdict::kFail,
            absl::StrCat(existing, ": ", std::strerror(errno)),
            "run as root, or name another by --state-dir"};
  }
  return {"state directory", Verdict::kOk,
          existing == state_dir ? absl::StrCat(state_dir, ", writable")
                                : absl::StrCat(state_dir, ", can be made"),
          ""};
}

}  // namespace reeve
