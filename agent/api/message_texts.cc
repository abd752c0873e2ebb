#include "agent/api/message_texts.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/utf8.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace reeve {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

bool IsText(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_STRING;
}

bool IsMessage(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

std::vector<const FieldDescriptor*> FieldsOf(const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  return fields;
}

absl::Status CheckText(const FieldDescriptor& field, const std::string& text) {
  if (IsUtf8(text)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      field.name(), " \"", Utf8Text(text),
      "\" is not UTF-8, which the agent's API takes alone: use another text"));
}

absl::Status CheckField(const Message& message, const FieldDescriptor* field) {
  const Reflection* const reflection = message.GetReflection();
  std::string unused;
  if (!field->is_repeated()) {
    return IsText(*field)
               ? CheckText(*field, reflection->GetStringReference(
                                       message, field, &unused))
               : CheckTextsAreUtf8(reflection->GetMessage(message, field));
  }
  absl::Status status;
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    status = IsText(*field)
                 ? CheckText(*field, reflection->GetRepeatedStringReference(
                                         message, field, i, &unused))
                 : CheckTextsAreUtf8(
                       reflection->GetRepeatedMessage(message, field, i));
    if (!status.ok()) break;
  }
  return status;
}

void MendAll(Message* message);

void MendField(Message* message, const FieldDescriptor* field) {
  const Reflection* const reflection = message->GetReflection();
  if (!field->is_repeated()) {
    if (IsMessage(*field)) {
      MendAll(reflection->MutableMessage(message, field));
    } else {
      reflection->SetString(message, field,
                            Utf8Text(reflection->GetString(*message, field)));
    }
    return;
  }
  for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
    if (IsMessage(*field)) {
      MendAll(reflection->MutableRepeatedMessage(message, field, i));
    } else {
      reflection->SetRepeatedString(
          message, field, i,
          Utf8Text(reflection->GetRepeatedString(*message, field, i)));
    }
  }
}

void MendAll(Message* message) {
  for (const FieldDescriptor* const field : FieldsOf(*message)) {
    if (IsText(*field) || IsMessage(*field)) MendField(message, field);
  }
}

}  // namespace

void MakeTextsUtf8(Message* message) {
  // Looking is cheaper than changing, and nearly always enough.
  if (!CheckTextsAreUtf8(*message).ok()) MendAll(message);
}

absl::Status CheckTextsAreUtf8(const Message& message) {
  for (const FieldDescriptor* const field : FieldsOf(message)) {
    if (!IsText(*field) && !IsMessage(*field)) continue;
    absl::Status status = CheckField(message, field);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace reeve
