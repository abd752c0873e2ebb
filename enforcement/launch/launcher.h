#ifndef REEVE_ENFORCEMENT_LAUNCH_LAUNCHER_H_
#define REEVE_ENFORCEMENT_LAUNCH_LAUNCHER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "enforcement/launch/launch_request.h"
#include "enforcement/launch/shim_program.h"

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

  const ShimProgram& shim() const { return shim_; }

  // Returns when the program's execve() has succeeded. On an error no process
  // is left; the message names the step that failed ("exec /bin/x", "chdir
  // /srv") with errno's text, kDeadlineExceeded after start_timeout. Errors of
  // the program itself carry LaunchErrorReason.
  absl::StatusOr<LaunchedTask> Launch(LaunchRequest request) const;

  // Starts a further command in the cgroup of a task, with the same errors. Of
  // the request's cgroup only the way in is used: the task is not killed for a
  // command that did not start. Ignores state_dir, tether and exit_type. Gives
  // up after `start_timeout` if that is the shorter one.
  absl::StatusOr<LaunchedCommand> Exec(
      LaunchRequest request,
      absl::Duration start_timeout = absl::InfiniteDuration()) const;

  // Waits for the end of a command and returns waitpid(2)'s status of it.
  // kUnavailable if that was lost, with its shim.
  static absl::StatusOr<int> ReadExitReport(int status_fd);

  // Reaps the shim of a task started by this process once it has ended, so
  // that it is no zombie. OK if it is not a child of this process.
  static absl::Status ReapShim(const ProcessIdentity& shim);

 private:
  Options options_;
  ShimProgram shim_;
};

// Removes what a launch and its shim made in a state directory, so that there
// can be another launch in it.
void RemoveLaunchFiles(int state_dir_fd);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_LAUNCHER_H_
