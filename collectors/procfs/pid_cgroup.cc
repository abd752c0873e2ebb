#include "collectors/procfs/pid_cgroup.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

struct CgroupLine {
  bool is_v2 = false;
  absl::string_view path;
};

// 4:memory:/user.slice
// 0::/user.slice/user-1000.slice
bool ParseLine(absl::string_view line, CgroupLine& parsed) {
  const size_t first = line.find(':');
  if (first == absl::string_view::npos) return false;
  const size_t second = line.find(':', first + 1);
  if (second == absl::string_view::npos) return false;
  parsed.is_v2 = absl::StartsWith(line, "0::");
  parsed.path = line.substr(second + 1);
  return absl::StartsWith(parsed.path, "/");
}

void VisitLines(absl::string_view contents,
                absl::FunctionRef<bool(const CgroupLine&)> visit) {
  while (!contents.empty()) {
    const size_t end = contents.find('\n');
    CgroupLine line;
    if (ParseLine(contents.substr(0, end), line) && !visit(line)) return;
    contents.remove_prefix(end == absl::string_view::npos ? contents.size()
                                                          : end + 1);
  }
}

}  // namespace

void VisitCgroupPaths(absl::string_view contents, CgroupPathVisitor visit) {
  VisitLines(contents,
             [visit](const CgroupLine& line) { return visit(line.path); });
}

absl::StatusOr<absl::string_view> MainCgroupPath(absl::string_view contents) {
  absl::string_view v1;
  absl::string_view v2;
  // The kernel lists the hierarchies from the youngest to the v2 one.
  VisitLines(contents, [&v1, &v2](const CgroupLine& line) {
    absl::string_view& found = line.is_v2 ? v2 : v1;
    if (found.size() <= 1) found = line.path;
    return true;
  });
  if (v1.empty() && v2.empty()) {
    return absl::DataLossError(absl::StrCat(
        "no cgroup: \"", absl::CEscape(contents.substr(0, 40)), "\""));
  }
  return v2.empty() || (v2 == "/" && !v1.empty()) ? v1 : v2;
}

}  // namespace reeve
