#include "agent/spec/spec_file.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/spec/json_spec.h"
#include "agent/spec/spec_template.h"
#include "agent/spec/yaml_spec.h"
#include "base/file.h"
#include "base/yaml.h"

namespace reeve {
namespace {

constexpr char kEnvFile[] = "env_file";

// A path beside `spec_path`, unless it is absolute.
std::string Beside(const std::string& spec_path, const std::string& path) {
  if (absl::StartsWith(path, "/")) return path;
  const size_t slash = spec_path.rfind('/');
  if (slash == std::string::npos) return path;
  return absl::StrCat(spec_path.substr(0, slash + 1), path);
}

// Takes the field out of the mapping; what it names counts before `values`.
absl::Status TakeEnvFile(const std::string& spec_path, TrustedWriters writers,
                         YamlNode* root, TemplateValues* values) {
  const auto found =
      std::find_if(root->entries.begin(), root->entries.end(),
                   [](const auto& entry) { return entry.first == kEnvFile; });
  if (found == root->entries.end()) return absl::OkStatus();
  const YamlNode& node = found->second;
  const auto wrong = [&node](absl::string_view why) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", node.line, ": ", kEnvFile, ": ", why));
  };
  if (node.kind != YamlNode::Kind::kScalar || node.text.empty()) {
    return wrong("give the path of a file");
  }
  absl::StatusOr<TemplateValues> read =
      ReadTemplateValues(Beside(spec_path, node.text), writers);
  if (!read.ok()) return wrong(read.status().message());
  // Those that are there already stay.
  read->insert(values->begin(), values->end());
  *values = *std::move(read);
  root->entries.erase(found);
  return absl::OkStatus();
}

absl::StatusOr<v1::TaskSpec> ParseYamlSpec(const std::string& path,
                                           absl::string_view text,
                                           TemplateValues values,
                                           TrustedWriters writers) {
  absl::StatusOr<YamlNode> root = ParseYaml(text);
  if (!root.ok()) return root.status();
  absl::Status status = TakeEnvFile(path, writers, &*root, &values);
  if (status.ok()) status = ExpandTemplates(values, &*root);
  if (!status.ok()) return status;
  return SpecFromYaml(*root);
}

}  // namespace

bool IsYamlPath(absl::string_view path) {
  return absl::EndsWith(path, ".yaml") || absl::EndsWith(path, ".yml");
}

absl::StatusOr<v1::TaskSpec> ParseSpecFile(const std::string& path,
                                           absl::string_view text,
                                           const TemplateValues& values,
                                           TrustedWriters writers) {
  absl::StatusOr<v1::TaskSpec> spec =
      IsYamlPath(path) ? ParseYamlSpec(path, text, values, writers)
                       : SpecFromJson(text);
  if (!spec.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": not a task spec: ", spec.status().message()));
  }
  // Of the task that the text was printed of, if any.
  spec->clear_origin();
  return spec;
}

absl::StatusOr<v1::TaskSpec> ReadSpecFile(const std::string& path,
                                          const TemplateValues& values) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) {
    return absl::Status(
        text.status().code(),
        absl::StrCat(path, ": cannot be read: ", text.status().message()));
  }
  return ParseSpecFile(path, *text, values);
}

}  // namespace reeve
