#ifndef REEVE_ENFORCEMENT_LAUNCH_LAUNCHER_H_
#define REEVE_ENFORCEMENT_LAUNCH_LAUNCHER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "enforcement/launch/launch_request.h"

namespace reeve {

// Starts tasks through reeve-shim. Thread-safe.
class Launcher {
 public:
  struct Options {
    std::string shim_path;
    // From the start of the shim to the start of the task's program.
    absl::Duration start_timeout = absl::Seconds(15);
  };

  explicit Launcher(Options options);

  // Returns when the program's execve() has succeeded. On an error no process
  // is left; the message names the step that failed ("exec /bin/x", "chdir
  // /srv") with errno's text, kDeadlineExceeded after start_timeout. Errors of
  // the program itself carry LaunchErrorReason.
  absl::StatusOr<LaunchedTask> Launch(LaunchRequest request) const;

  // Reaps the shim of a task started by this process once it has ended, so
  // that it is no zombie. OK if it is not a child of this process.
  static absl::Status ReapShim(const ProcessIdentity& shim);

 private:
  Options options_;
};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_LAUNCHER_H_
