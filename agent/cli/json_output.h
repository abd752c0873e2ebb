#ifndef REEVE_AGENT_CLI_JSON_OUTPUT_H_
#define REEVE_AGENT_CLI_JSON_OUTPUT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace reeve {

enum class JsonLayout {
  // Indented over several lines.
  kIndented,
  // One line, for streams of messages.
  kLine,
};

// JSON with the field names of the .proto, and the line break behind it. Plain
// fields are printed even if 0; optional ones only if they are set.
std::string MessageToJson(const google::protobuf::Message& message,
                          JsonLayout layout);

// kInvalidArgument in one line for what is not JSON, with its line, or not of
// this message, naming the field, where that can be told.
absl::Status MessageFromJson(absl::string_view json,
                             google::protobuf::Message* message);

}  // namespace reeve

#endif  // REEVE_AGENT_CLI_JSON_OUTPUT_H_
