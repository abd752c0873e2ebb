#ifndef REEVE_AGENT_SPEC_SPEC_FILE_H_
#define REEVE_AGENT_SPEC_SPEC_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/api/task_service.pb.h"
#include "agent/spec/template_values.h"
#include "base/configuration_file.h"

namespace reeve {

// Whether `path` ends as files of YAML do: .yaml or .yml.
bool IsYamlPath(absl::string_view path);

// The TaskSpec that `text` says, the contents of the file `path`. YAML is read
// by SpecFromYaml() after "${NAME}" was replaced in it: by what the env file
// of `writers` says that its field `env_file` names, from the spec's directory
// on, then by `values`. Anything else is JSON with the field names of the
// .proto, and taken as it is. The error is one line that begins with the path.
absl::StatusOr<v1::TaskSpec> ParseSpecFile(
    const std::string& path, absl::string_view text,
    const TemplateValues& values = {},
    TrustedWriters writers = TrustedWriters::kAnybody);

// The same of a file that is read as a whole, be it a fifo.
absl::StatusOr<v1::TaskSpec> ReadSpecFile(const std::string& path,
                                          const TemplateValues& values = {});

}  // namespace reeve

#endif  // REEVE_AGENT_SPEC_SPEC_FILE_H_
