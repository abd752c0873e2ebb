#ifndef REEVE_AGENT_SPEC_TEMPLATE_VALUES_H_
#define REEVE_AGENT_SPEC_TEMPLATE_VALUES_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/configuration_file.h"

namespace reeve {

// What stands for "${NAME}" in a spec, by name.
using TemplateValues = std::map<std::string, std::string>;

// Whether `name` matches [A-Za-z_][A-Za-z0-9_]*.
bool IsTemplateName(absl::string_view name);

// The lines "NAME=value" of an env file. Blanks around the name and the value
// do not count, nor does one pair of quotes around the value; empty lines and
// those that begin with "#" are left out. Of a name that is there twice the
// last one counts. kInvalidArgument names the line.
absl::StatusOr<TemplateValues> ParseTemplateValues(absl::string_view text);

// The same of a regular file of `writers` of at most 64 KiB. Errors begin with
// the path.
absl::StatusOr<TemplateValues> ReadTemplateValues(const std::string& path,
                                                  TrustedWriters writers);

}  // namespace reeve

#endif  // REEVE_AGENT_SPEC_TEMPLATE_VALUES_H_
