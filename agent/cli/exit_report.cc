#include "agent/cli/exit_report.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "agent/cli/error_report.h"

namespace reeve {

int ReportExit(const std::string& id, const v1::ExitStatus& exit,
               std::ostream& err) {
  if (exit.code() < 0) {
    return ReportError(
        absl::UnknownError(absl::StrCat(
            "task ", id, ": exit status is not known: ", exit.reason())),
        err);
  }
  if (exit.oom_killed()) {
    ReportError(absl::ResourceExhaustedError(absl::StrCat(
                    "task ", id,
                    ": ran out of memory: the kernel killed a process of it")),
                err);
  }
  return exit.code();
}

}  // namespace reeve
