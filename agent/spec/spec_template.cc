#include "agent/spec/spec_template.h"

#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

constexpr size_t kMaxBytes = 1 << 20;
constexpr absl::string_view kDefault = ":-";

// What stands between "${" and "}".
absl::StatusOr<std::string> ValueOf(absl::string_view expression,
                                    const TemplateValues& values) {
  const size_t colon = expression.find(kDefault);
  const absl::string_view name = expression.substr(0, colon);
  if (!IsTemplateName(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"${", expression,
                     "}\": use ${NAME} or ${NAME:-default}, or $${ for a plain "
                     "${"));
  }
  const auto found = values.find(std::string(name));
  const bool has_default = colon != absl::string_view::npos;
  // It would end at the first "}", which is the inner one's.
  if (has_default && absl::StrContains(expression, "${")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"${", expression,
        "}\": a default cannot have a ${ in it: give it in the env file"));
  }
  if (found != values.end() && !(has_default && found->second.empty())) {
    return found->second;
  }
  if (has_default) {
    return std::string(expression.substr(colon + kDefault.size()));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(name,
                   " is not set: set it in the env file, or give a "
                   "default, ${",
                   name, ":-default}"));
}

absl::Status Expand(const TemplateValues& values, size_t* left,
                    YamlNode* node) {
  if (node->kind == YamlNode::Kind::kScalar) {
    absl::StatusOr<std::string> text = ExpandTemplate(node->text, values);
    if (text.ok() && text->size() > *left) {
      text = absl::InvalidArgumentError(absl::StrCat(
          "with all values it has more than ", kMaxBytes, " bytes"));
    }
    if (!text.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", node->line, ": ", text.status().message()));
    }
    *left -= text->size();
    node->text = *std::move(text);
  }
  for (YamlNode& item : node->items) {
    absl::Status status = Expand(values, left, &item);
    if (!status.ok()) return status;
  }
  for (auto& entry : node->entries) {
    absl::Status status = Expand(values, left, &entry.second);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ExpandTemplate(absl::string_view text,
                                           const TemplateValues& values) {
  std::string expanded;
  while (!text.empty()) {
    const size_t dollar = text.find('$');
    absl::StrAppend(&expanded, text.substr(0, dollar));
    if (dollar == absl::string_view::npos) break;
    text.remove_prefix(dollar);
    if (absl::StartsWith(text, "$${")) {
      expanded += "${";
      text.remove_prefix(3);
      continue;
    }
    if (!absl::StartsWith(text, "${")) {
      expanded += '$';
      text.remove_prefix(1);
      continue;
    }
    const size_t end = text.find('}');
    if (end == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", text.substr(0, 32), "\": \"}\" is missing"));
    }
    const absl::StatusOr<std::string> value =
        ValueOf(text.substr(2, end - 2), values);
    if (!value.ok()) return value.status();
    if (expanded.size() + value->size() > kMaxBytes) {
      return absl::InvalidArgumentError(absl::StrCat(
          "with its values it has more than ", kMaxBytes, " bytes"));
    }
    expanded += *value;
    text.remove_prefix(end + 1);
  }
  return expanded;
}

absl::Status ExpandTemplates(const TemplateValues& values, YamlNode* node) {
  size_t left = kMaxBytes;
  return Expand(values, &left, node);
}

}  // namespace reeve
