#ifndef REEVE_AGENT_API_MESSAGE_TEXTS_H_
#define REEVE_AGENT_API_MESSAGE_TEXTS_H_

#include "absl/status/status.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace reeve {

// A message of the API with a text that is not UTF-8 can be sent, and is read
// by nobody. Both functions look at all texts of a message, and of those in it.

// Shows bytes that are not UTF-8 as \xNN: for what the agent answers, as it
// cannot choose the names of processes and files.
void MakeTextsUtf8(google::protobuf::Message* message);

// kInvalidArgument, with the field and the text, for the first that is not
// UTF-8: for what a user asks for, as another text would be something else.
absl::Status CheckTextsAreUtf8(const google::protobuf::Message& message);

}  // namespace reeve

#endif  // REEVE_AGENT_API_MESSAGE_TEXTS_H_
