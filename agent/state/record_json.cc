#include "agent/state/record_json.h"

#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_cat.h"

namespace reeve {

std::string RecordToJson(const google::protobuf::Message& record) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  // Fails only for messages with Any or malformed timestamps: there are none.
  (void)google::protobuf::util::MessageToJsonString(record, &json, options);
  return json;
}

absl::Status RecordFromJson(absl::string_view json, absl::string_view file,
                            google::protobuf::Message* record) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (google::protobuf::util::JsonStringToMessage({json.data(), json.size()},
                                                  record, options)
          .ok()) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat(file, " is not a record"));
}

}  // namespace reeve
