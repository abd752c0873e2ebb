#include "agent/spec/normal_spec.h"

#include "absl/status/status.h"
#include "agent/api/convert.h"
#include "enforcement/spec/task_spec.h"

namespace reeve {

absl::StatusOr<v1::TaskSpec> NormalSpec(const v1::TaskSpec& spec) {
  const absl::StatusOr<TaskSpec> value = SpecFromProto(spec);
  if (!value.ok()) return value.status();
  const absl::Status valid = ValidateTaskSpec(*value);
  if (!valid.ok()) return valid;
  return ToProto(*value);
}

}  // namespace reeve
