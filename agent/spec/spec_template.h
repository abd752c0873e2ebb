#ifndef REEVE_AGENT_SPEC_SPEC_TEMPLATE_H_
#define REEVE_AGENT_SPEC_SPEC_TEMPLATE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/spec/template_values.h"
#include "base/yaml.h"

namespace reeve {

// `text` with "${NAME}" replaced by its value, "${NAME:-default}" by the
// default where the value is not set or empty, and "$${" by "${". Any other "$"
// stands for itself. Values are not looked at again. kInvalidArgument for a
// name that is not set, for a default with "${" in it, and for what is no such
// expression.
absl::StatusOr<std::string> ExpandTemplate(absl::string_view text,
                                           const TemplateValues& values);

// The same for every scalar below `node`; keys are left alone. Errors begin
// with the line; one is a tree of more than 1 MiB of text.
absl::Status ExpandTemplates(const TemplateValues& values, YamlNode* node);

}  // namespace reeve

#endif  // REEVE_AGENT_SPEC_SPEC_TEMPLATE_H_
