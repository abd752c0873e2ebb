#include "agent/spec/json_spec.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "agent/cli/json_output.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace reeve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

absl::Status CheckChoice(const Message& message, const FieldDescriptor* field,
                         const std::string& path) {
  const int number = message.GetReflection()->GetEnumValue(message, field);
  if (field->enum_type()->FindValueByNumber(number) != nullptr) {
    return absl::OkStatus();
  }
  std::string known;
  for (int i = 0; i < field->enum_type()->value_count(); ++i) {
    absl::StrAppend(&known, i == 0 ? "" : ", ",
                    field->enum_type()->value(i)->name());
  }
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": ", number, ": use one of ", known));
}

// Numbers of choices that there are not, which the parser keeps for newer
// programs than it. No list has choices.
absl::Status CheckChoices(const Message& message, const std::string& prefix) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = absl::StrCat(prefix, field->name());
    absl::Status status;
    if (field->is_repeated()) continue;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      status = CheckChoice(message, field, path);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      status = CheckChoices(reflection.GetMessage(message, field),
                            absl::StrCat(path, "."));
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::TaskSpec> SpecFromJson(absl::string_view json) {
  v1::TaskSpec spec;
  absl::Status status = MessageFromJson(json, &spec);
  if (status.ok()) status = CheckChoices(spec, "");
  if (!status.ok()) return status;
  return spec;
}

}  // namespace reeve
