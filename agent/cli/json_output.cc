#include "agent/cli/json_output.h"

#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"

namespace reeve {
namespace {

// The line that follows `before`, or goes on with it.
size_t LineAt(absl::string_view before) {
  return 1 + static_cast<size_t>(absl::c_count(before, '\n'));
}

// Behind an error in the text itself the parser has what stands around it, as
// it is, and a last line with a caret below it. 0 where that tells no place.
size_t LineOfError(absl::string_view json, absl::string_view error) {
  const size_t first = error.find('\n');
  const size_t last = error.rfind('\n');
  if (first == last || error.back() != '^') return 0;
  const absl::string_view around = error.substr(first + 1, last - first - 1);
  const size_t caret = error.size() - last - 2;
  // Nothing is around the end.
  if (around.empty()) return LineAt(absl::StripTrailingAsciiWhitespace(json));
  const size_t begin = json.find(around);
  if (begin == absl::string_view::npos ||
      json.find(around, begin + 1) != absl::string_view::npos) {
    return 0;
  }
  return LineAt(json.substr(0, begin + caret));
}

}  // namespace

std::string MessageToJson(const google::protobuf::Message& message,
                          JsonLayout layout) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  options.add_whitespace = layout == JsonLayout::kIndented;

  std::string json;
  // Fails for messages with google.protobuf.Any only, which the API has not.
  if (!google::protobuf::util::MessageToJsonString(message, &json, options)
           .ok()) {
    return "{}\n";
  }
  if (json.empty() || json.back() != '\n') json += '\n';
  return json;
}

absl::Status MessageFromJson(absl::string_view json,
                             google::protobuf::Message* message) {
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(json.data(), json.size()), message);
  if (status.ok()) return absl::OkStatus();
  const std::string text = status.message().ToString();
  absl::string_view first_line = text;
  first_line = first_line.substr(0, first_line.find('\n'));
  const size_t line = LineOfError(json, text);
  return absl::InvalidArgumentError(
      absl::StrCat(line > 0 ? absl::StrCat("line ", line, ": ") : "",
                   absl::StripSuffix(absl::StripSuffix(first_line, " "), ".")));
}

}  // namespace reeve
