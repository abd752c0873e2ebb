#ifndef REEVE_AGENT_SPEC_YAML_SPEC_H_
#define REEVE_AGENT_SPEC_YAML_SPEC_H_

#include "absl/status/statusor.h"
#include "agent/api/task_service.pb.h"
#include "base/yaml.h"

namespace reeve {

// A TaskSpec from a YAML mapping with the field names of the .proto. Values are
// as the command line takes them: bytes "256M", durations and microseconds
// "100ms", "max" where there is such a limit, octal modes, enums by their short
// names ("on-failure"). `env` may be a mapping, too.
//
// kInvalidArgument in one line, with the line of the text and the field: for an
// unknown field, a value of another kind or out of range, one that is missing.
// What a spec may say beyond that is not looked at.
absl::StatusOr<v1::TaskSpec> SpecFromYaml(const YamlNode& root);

}  // namespace reeve

#endif  // REEVE_AGENT_SPEC_YAML_SPEC_H_
