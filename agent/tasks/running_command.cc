#include "agent/tasks/running_command.h"

#include <csignal>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "agent/tasks/pidfd.h"
#include "enforcement/launch/launcher.h"
#include "glog/logging.h"

namespace reeve {
namespace {

// Without its shim nobody can tell when it ends, or ends it in time.
void KillOrphan(const ProcessIdentity& process) {
  const absl::StatusOr<UniqueFd> pidfd = OpenPidfd(process);
  if (pidfd.ok()) (void)SendSignal(*pidfd, SIGKILL);
}

}  // namespace

RunningCommand::RunningCommand(LaunchedCommand command, HangupWatcher& watcher)
    : command_(std::move(command)), watcher_(watcher) {}

RunningCommand::~RunningCommand() {
  TellEnd(UnknownExit("killed, since its caller gave up", absl::Now()));
  command_.tether.Reset();
  const ProcessIdentity shim = command_.shim;
  // Its shim stays as long as something that it has left behind.
  const absl::Status watching = watcher_.Watch(
      std::move(command_.status), [shim] { (void)Launcher::ReapShim(shim); });
  if (!watching.ok()) LOG(WARNING) << "shim " << shim.pid << ": " << watching;
}

ExitStatus RunningCommand::TakeExit() {
  const absl::StatusOr<int> status =
      Launcher::ReadExitReport(command_.status.get());
  if (!status.ok()) KillOrphan(command_.process);
  ExitStatus exit = status.ok()
                        ? ExitStatusFromWait(*status, absl::Now())
                        : UnknownExit(status.status().message(), absl::Now());
  TellEnd(exit);
  return exit;
}

void RunningCommand::TellEnd(const ExitStatus& exit) {
  if (on_end_) std::exchange(on_end_, nullptr)(exit);
}

void RunningCommand::Kill(absl::Duration timeout) {
  command_.tether.Reset();
  (void)HangsUp(command_.status, timeout);
}

}  // namespace reeve
