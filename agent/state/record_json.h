#ifndef REEVE_AGENT_STATE_RECORD_JSON_H_
#define REEVE_AGENT_STATE_RECORD_JSON_H_

#include <google/protobuf/message.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Records on disk, with the field names of their .proto.
std::string RecordToJson(const google::protobuf::Message& record);

// Passes over fields that it does not know: a newer agent may have written
// them. kDataLoss, naming the file, for what is no record.
absl::Status RecordFromJson(absl::string_view json, absl::string_view file,
                            google::protobuf::Message* record);

}  // namespace reeve

#endif  // REEVE_AGENT_STATE_RECORD_JSON_H_
