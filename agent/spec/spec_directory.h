#ifndef REEVE_AGENT_SPEC_SPEC_DIRECTORY_H_
#define REEVE_AGENT_SPEC_SPEC_DIRECTORY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/api/task_service.pb.h"
#include "agent/spec/template_values.h"
#include "base/configuration_file.h"

namespace reeve {

// A file with the spec of a task, or why it has none.
struct SpecFile {
  std::string path;
  // As the agent would show it of a task that was launched with it, so that two
  // of the same meaning are the same. It has an id: the name of the file if the
  // text gives none. kInvalidArgument for what is no spec, other codes for what
  // cannot be read; the message begins with the path.
  absl::StatusOr<v1::TaskSpec> spec;
  // When its contents were last changed, if it could be opened.
  absl::Time modified_at = absl::InfinitePast();
};

// Whether `name` is that of a spec: it ends with .json, .yaml or .yml and does
// not begin with a dot. What editors and package managers leave beside a file
// does not.
bool IsSpecFileName(absl::string_view name);

// The id of a task whose spec in the file `path` gives none: its name without
// what comes behind the last dot.
std::string IdOfSpecPath(const std::string& path);

// The names of the specs in a directory, sorted. Errors are those of opening
// and reading it.
absl::StatusOr<std::vector<std::string>> ListSpecFiles(
    const std::string& directory);

// The file `path` of at most 256 KiB, which may be a symbolic link to one.
// Never waits.
SpecFile LoadSpecFile(const std::string& path, const TemplateValues& values,
                      TrustedWriters writers);

// kInvalidArgument if `path` is no directory, kPermissionDenied if others than
// kOwner may write to it.
absl::Status CheckSpecDirectory(const std::string& path);

}  // namespace reeve

#endif  // REEVE_AGENT_SPEC_SPEC_DIRECTORY_H_
