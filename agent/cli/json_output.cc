#include "agent/cli/json_output.h"

#include "absl/strings/strip.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"

namespace reeve {

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
  // The parser adds the text around the error and a caret below it.
  const std::string text = status.message().ToString();
  absl::string_view first_line = text;
  first_line = first_line.substr(0, first_line.find('\n'));
  return absl::InvalidArgumentError(
      absl::StripSuffix(absl::StripSuffix(first_line, " "), "."));
}

}  // namespace reeve
