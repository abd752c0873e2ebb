#include "agent/api/restart_convert.h"

#include "agent/api/time_convert.h"

namespace reeve {
namespace {

RestartWhen WhenFromProto(v1::RestartWhen when) {
  switch (when) {
    case v1::RESTART_WHEN_ON_FAILURE:
      return RestartWhen::kOnFailure;
    case v1::RESTART_WHEN_ALWAYS:
      return RestartWhen::kAlways;
    default:
      return RestartWhen::kNever;
  }
}

v1::RestartWhen ToProto(RestartWhen when) {
  switch (when) {
    case RestartWhen::kNever:
      return v1::RESTART_WHEN_NEVER;
    case RestartWhen::kOnFailure:
      return v1::RESTART_WHEN_ON_FAILURE;
    case RestartWhen::kAlways:
      return v1::RESTART_WHEN_ALWAYS;
  }
  return v1::RESTART_WHEN_NEVER;
}

}  // namespace

RestartPolicy RestartPolicyFromProto(const v1::RestartPolicy& message) {
  RestartPolicy policy;
  policy.when = WhenFromProto(message.when());
  if (message.has_max_restarts()) policy.max_restarts = message.max_restarts();
  if (message.has_backoff()) {
    policy.backoff = DurationFromProto(message.backoff());
  }
  if (message.has_max_backoff()) {
    policy.max_backoff = DurationFromProto(message.max_backoff());
  }
  if (message.has_reset_after()) {
    policy.reset_after = DurationFromProto(message.reset_after());
  }
  return policy;
}

v1::RestartPolicy ToProto(const RestartPolicy& policy) {
  v1::RestartPolicy message;
  message.set_when(ToProto(policy.when));
  if (policy.max_restarts) message.set_max_restarts(*policy.max_restarts);
  *message.mutable_backoff() = ToProto(policy.backoff);
  *message.mutable_max_backoff() = ToProto(policy.max_backoff);
  *message.mutable_reset_after() = ToProto(policy.reset_after);
  return message;
}

}  // namespace reeve
