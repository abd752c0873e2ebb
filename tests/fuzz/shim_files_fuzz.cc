// What the agent reads back of a shim: `pid` with `starttime`, `exitStatus` and
// `shim.log`.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/state/process_identity_text.h"
#include "enforcement/exit_status.h"
#include "enforcement/launch/shim_log.h"
#include "tests/fuzz/fuzz_check.h"

namespace reeve {
namespace {

void ParseExit(absl::string_view text) {
  const absl::StatusOr<ExitStatus> exit = ParseExitStatusFile(text);
  if (!exit.ok()) {
    FUZZ_CHECK(absl::IsDataLoss(exit.status()) ||
               (absl::IsNotFound(exit.status()) && text.empty()));
    return;
  }
  FUZZ_CHECK(exit->code >= 0 && exit->code <= 255);
  FUZZ_CHECK(exit->signal == 0 || exit->code == 128 + exit->signal);
  FUZZ_CHECK(exit->reason.empty() && !exit->oom_killed);
  // Without leading zeros it is as the shim writes it.
  const std::string written =
      absl::StrCat(exit->code, " ", exit->signal, " ",
                   absl::ToUnixNanos(exit->exited_at), "\n");
  const absl::StatusOr<ExitStatus> again = ParseExitStatusFile(written);
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(again->code == exit->code && again->signal == exit->signal);
  FUZZ_CHECK(again->exited_at == exit->exited_at);
}

// The two files, one after the other.
void ParseIdentity(absl::string_view text) {
  const size_t first_line = text.find('\n') + 1;
  const absl::StatusOr<ProcessIdentity> process =
      ParseProcessIdentity(text.substr(0, first_line), text.substr(first_line));
  if (!process.ok()) {
    FUZZ_CHECK(absl::IsDataLoss(process.status()));
    return;
  }
  FUZZ_CHECK(process->pid > 0);
  const absl::StatusOr<ProcessIdentity> again =
      ParseProcessIdentity(absl::StrCat(process->pid, "\n"),
                           absl::StrCat(process->start_time_ticks, "\n"));
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(again->pid == process->pid);
  FUZZ_CHECK(again->start_time_ticks == process->start_time_ticks);
}

}  // namespace
}  // namespace reeve

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = reeve::TextOf(data, size);
  reeve::ParseExit(text);
  reeve::ParseIdentity(text);
  const std::string error = reeve::FirstShimError(text);
  FUZZ_CHECK(error.find('\n') == std::string::npos);
  return 0;
}
