#include "agent/cli/spec_file.h"

#include "absl/strings/str_cat.h"
#include "agent/cli/json_output.h"
#include "base/file.h"

namespace reeve {

absl::StatusOr<v1::TaskSpec> ReadSpecFile(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) {
    return absl::Status(
        text.status().code(),
        absl::StrCat(path, ": cannot be read: ", text.status().message()));
  }

  v1::TaskSpec spec;
  const absl::Status status = MessageFromJson(*text, &spec);
  if (!status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": not a task spec: ", status.message()));
  }
  return spec;
}

}  // namespace reeve
