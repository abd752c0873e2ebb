#include "agent/api/exec_convert.h"

#include "absl/status/status.h"
#include "agent/api/convert.h"

namespace reeve {

ExecSpec ExecSpecFromProto(const v1::ExecRequest& request) {
  ExecSpec spec;
  spec.command.assign(request.command().begin(), request.command().end());
  spec.env.assign(request.env().begin(), request.env().end());
  spec.cwd = request.cwd();
  spec.user = request.user();
  spec.tty = request.tty();
  return spec;
}

absl::StatusOr<absl::Duration> ExecDeadline(const v1::ExecRequest& request) {
  if (!request.has_deadline()) return absl::InfiniteDuration();
  const absl::Duration deadline = DurationFromProto(request.deadline());
  if (deadline > absl::ZeroDuration()) return deadline;
  return absl::InvalidArgumentError(
      "deadline must be more than 0: leave it out for none");
}

}  // namespace reeve
