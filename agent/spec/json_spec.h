#ifndef REEVE_AGENT_SPEC_JSON_SPEC_H_
#define REEVE_AGENT_SPEC_JSON_SPEC_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/api/task_service.pb.h"

namespace reeve {

// A TaskSpec from JSON with the field names of the .proto. kInvalidArgument in
// one line, with the line of a text that is no JSON, and else with the field.
// What a spec may say beyond that is not looked at.
absl::StatusOr<v1::TaskSpec> SpecFromJson(absl::string_view json);

}  // namespace reeve

#endif  // REEVE_AGENT_SPEC_JSON_SPEC_H_
