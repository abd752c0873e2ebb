#include "agent/spec/yaml_spec.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "agent/api/time_convert.h"
#include "base/quantity.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace reeve {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Where an error is.
struct Place {
  size_t line;
  // "limits.memory_bytes"
  std::string field;
};

// One line, whatever keys and values are.
absl::Status Wrong(const Place& place, absl::string_view what) {
  std::string text =
      absl::StrCat("line ", place.line, ": ", place.field, ": ", what);
  for (char& c : text) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = '?';
  }
  return absl::InvalidArgumentError(text);
}

absl::string_view KindName(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "a plain value";
    case YamlNode::Kind::kSequence:
      return "a list";
    case YamlNode::Kind::kMapping:
      return "a mapping";
  }
  return "something else";
}

absl::Status Mismatch(const Place& place, absl::string_view wanted,
                      const YamlNode& node) {
  return Wrong(place,
               absl::StrCat("give ", wanted, ", not ", KindName(node.kind)));
}

// What the numbers of a field count, as their names say.
enum class Unit { kOne, kBytes, kMicroseconds, kMode };

Unit UnitOf(const FieldDescriptor& field) {
  const std::string& name = field.name();
  if (name == "umask" || name == "mode") return Unit::kMode;
  if (absl::EndsWith(name, "_usec")) return Unit::kMicroseconds;
  // Resource limits are of bytes or of other things, which have no unit.
  const bool is_bytes = name == "bytes" || absl::EndsWith(name, "_bytes") ||
                        absl::EndsWith(name, "_bps") || name == "soft" ||
                        name == "hard";
  return is_bytes ? Unit::kBytes : Unit::kOne;
}

absl::StatusOr<uint64_t> ParseMode(absl::string_view text) {
  uint64_t mode = 0;
  for (const char c : text) {
    if (c < '0' || c > '7' || mode > 07777) {
      mode = 010000;
      break;
    }
    mode = mode * 8 + static_cast<uint64_t>(c - '0');
  }
  if (!text.empty() && mode <= 07777) return mode;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\": give an octal number up to 07777"));
}

absl::StatusOr<uint64_t> ParseMicroseconds(absl::string_view text) {
  uint64_t plain = 0;
  if (absl::SimpleAtoi(text, &plain)) return plain;
  const absl::StatusOr<absl::Duration> duration = ParseDuration(text);
  if (!duration.ok()) return duration.status();
  return static_cast<uint64_t>(absl::ToInt64Microseconds(*duration));
}

absl::StatusOr<uint64_t> ParseNumber(const FieldDescriptor& field,
                                     absl::string_view text) {
  switch (UnitOf(field)) {
    case Unit::kBytes:
      return ParseSize(text);
    case Unit::kMicroseconds:
      return ParseMicroseconds(text);
    case Unit::kMode:
      return ParseMode(text);
    case Unit::kOne:
      break;
  }
  return ParseCount(text);
}

bool IsUnlimited(absl::string_view text) {
  return text == "max" || text == "unlimited";
}

// Says in whatever way `message` has for it that `field` has no limit. False if
// it has none.
bool SetUnlimited(const FieldDescriptor& field, Message* message) {
  const Descriptor& type = *field.containing_type();
  const google::protobuf::Reflection& reflection = *message->GetReflection();
  const std::string& name = field.name();
  const FieldDescriptor* flag =
      name == "bytes" ? type.FindFieldByName("unlimited")
                      : type.FindFieldByName(absl::StrCat(
                            absl::StripSuffix(name, "_bytes"), "_unlimited"));
  if (flag != nullptr && flag->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    reflection.SetBool(message, flag, true);
    return true;
  }
  if (&type == v1::IoMax::descriptor()) {
    reflection.SetUInt64(message, &field, 0);
    return true;
  }
  // A resource limit that is not set is none.
  return &type == v1::Rlimit::descriptor();
}

// "on-failure" of RESTART_WHEN_ON_FAILURE.
std::string ShortName(const EnumValueDescriptor& value) {
  std::string prefix;
  for (const char c : value.type()->name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !prefix.empty()) {
      prefix += '_';
    }
    prefix += c;
  }
  absl::AsciiStrToUpper(&prefix);
  const absl::string_view name =
      absl::StripPrefix(value.name(), absl::StrCat(prefix, "_"));
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", "-"}});
}

absl::Status SetEnum(const FieldDescriptor& field, const std::string& text,
                     const Place& place, Message* message) {
  const std::string wanted =
      absl::StrReplaceAll(absl::AsciiStrToLower(text), {{"_", "-"}});
  std::string known;
  for (int i = 0; i < field.enum_type()->value_count(); ++i) {
    const EnumValueDescriptor& value = *field.enum_type()->value(i);
    if (wanted == ShortName(value) || text == value.name()) {
      message->GetReflection()->SetEnum(message, &field, &value);
      return absl::OkStatus();
    }
    absl::StrAppend(&known, known.empty() ? "" : ", ", ShortName(value));
  }
  return Wrong(place, absl::StrCat("\"", text, "\": use one of ", known));
}

absl::Status SetNumber(const FieldDescriptor& field, const std::string& text,
                       const Place& place, Message* message) {
  if (IsUnlimited(text) && SetUnlimited(field, message)) {
    return absl::OkStatus();
  }
  const absl::StatusOr<uint64_t> number = ParseNumber(field, text);
  if (!number.ok()) return Wrong(place, number.status().message());
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
    message->GetReflection()->SetUInt64(message, &field, *number);
    return absl::OkStatus();
  }
  if (*number > std::numeric_limits<uint32_t>::max()) {
    return Wrong(place, absl::StrCat(text, ": too large"));
  }
  message->GetReflection()->SetUInt32(message, &field,
                                      static_cast<uint32_t>(*number));
  return absl::OkStatus();
}

absl::Status SetDouble(const FieldDescriptor& field, const std::string& text,
                       const Place& place, Message* message) {
  if (IsUnlimited(text) && SetUnlimited(field, message)) {
    return absl::OkStatus();
  }
  const absl::StatusOr<std::optional<double>> cpus = ParseCpusLimit(text);
  if (!cpus.ok()) return Wrong(place, cpus.status().message());
  if (!cpus->has_value()) return Wrong(place, "give a number");
  message->GetReflection()->SetDouble(message, &field, **cpus);
  return absl::OkStatus();
}

absl::Status SetBool(const FieldDescriptor& field, const std::string& text,
                     const Place& place, Message* message) {
  if (text != "true" && text != "false") {
    return Wrong(place, absl::StrCat("\"", text, "\": give true or false"));
  }
  message->GetReflection()->SetBool(message, &field, text == "true");
  return absl::OkStatus();
}

absl::Status SetInteger(const FieldDescriptor& field, const std::string& text,
                        const Place& place, Message* message) {
  const absl::StatusOr<int> number = ParseInteger(text);
  if (!number.ok()) return Wrong(place, number.status().message());
  message->GetReflection()->SetInt32(message, &field, *number);
  return absl::OkStatus();
}

absl::Status SetDuration(const std::string& text, const Place& place,
                         google::protobuf::Duration* duration) {
  const absl::StatusOr<absl::Duration> parsed = ParseDuration(text);
  if (!parsed.ok()) return Wrong(place, parsed.status().message());
  *duration = ToProto(*parsed);
  return absl::OkStatus();
}

absl::Status SetScalar(const FieldDescriptor& field, const YamlNode& node,
                       const Place& place, Message* message) {
  if (node.kind == YamlNode::Kind::kNull) {
    return Wrong(place,
                 "has no value: give one, \"\" for an empty text, or "
                 "leave the field out");
  }
  if (node.kind != YamlNode::Kind::kScalar) {
    return Mismatch(place, "a plain value", node);
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      message->GetReflection()->SetString(message, &field, node.text);
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_BOOL:
      return SetBool(field, node.text, place, message);
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(field, node.text, place, message);
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return SetNumber(field, node.text, place, message);
    case FieldDescriptor::CPPTYPE_INT32:
      return SetInteger(field, node.text, place, message);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return SetDouble(field, node.text, place, message);
    default:
      return Wrong(place, "cannot be given in YAML");
  }
}

absl::Status UnknownField(const Place& place, const Descriptor& type,
                          absl::string_view name) {
  for (const char* suffix : {"_bytes", "_usec", "s"}) {
    const std::string meant = absl::StrCat(name, suffix);
    if (type.FindFieldByName(meant) != nullptr) {
      return Wrong(place, absl::StrCat("there is no such field: use ", meant));
    }
  }
  return Wrong(place, "there is no such field");
}

absl::Status FillMessage(const YamlNode& node, const std::string& path,
                         Message* message);

absl::Status FillSingleMessage(const YamlNode& node, const Place& place,
                               Message* message) {
  if (message->GetDescriptor() == google::protobuf::Duration::descriptor()) {
    if (node.kind != YamlNode::Kind::kScalar) {
      return Mismatch(place, "a duration such as 10s", node);
    }
    return SetDuration(node.text, place,
                       static_cast<google::protobuf::Duration*>(message));
  }
  if (node.kind != YamlNode::Kind::kMapping) {
    return Mismatch(place, "a mapping", node);
  }
  return FillMessage(node, place.field, message);
}

// "NAME: value" for "NAME=value".
absl::Status FillVariables(const FieldDescriptor& field, const YamlNode& node,
                           const Place& place, Message* message) {
  for (const auto& [name, value] : node.entries) {
    const Place at = {value.line, absl::StrCat(place.field, ".", name)};
    if (name.empty() || name.find_first_of("=\0", 0, 2) != std::string::npos) {
      return Wrong(at, "no variable has such a name: give NAME: value");
    }
    if (value.kind != YamlNode::Kind::kScalar) {
      return Mismatch(at, "a plain value", value);
    }
    message->GetReflection()->AddString(message, &field,
                                        absl::StrCat(name, "=", value.text));
  }
  return absl::OkStatus();
}

absl::Status FillList(const FieldDescriptor& field, const YamlNode& node,
                      const Place& place, Message* message) {
  if (field.name() == "env" && node.kind == YamlNode::Kind::kMapping) {
    return FillVariables(field, node, place, message);
  }
  if (node.kind != YamlNode::Kind::kSequence) {
    return Mismatch(place, "a list", node);
  }
  size_t index = 0;
  for (const YamlNode& item : node.items) {
    const Place at = {item.line, absl::StrCat(place.field, "[", index++, "]")};
    absl::Status status;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      status = FillSingleMessage(
          item, at, message->GetReflection()->AddMessage(message, &field));
    } else if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
      status = Wrong(at, "cannot be given in YAML");
    } else if (item.kind != YamlNode::Kind::kScalar) {
      status = Mismatch(at, "a plain value", item);
    } else {
      message->GetReflection()->AddString(message, &field, item.text);
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status FillMessage(const YamlNode& node, const std::string& path,
                         Message* message) {
  const Descriptor& type = *message->GetDescriptor();
  for (const auto& [name, value] : node.entries) {
    const Place place = {value.line,
                         path.empty() ? name : absl::StrCat(path, ".", name)};
    const FieldDescriptor* const field = type.FindFieldByName(name);
    if (field == nullptr) return UnknownField(place, type, name);
    absl::Status status;
    if (field->is_repeated()) {
      status = FillList(*field, value, place, message);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      status = FillSingleMessage(
          value, place,
          message->GetReflection()->MutableMessage(message, field));
    } else {
      status = SetScalar(*field, value, place, message);
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::TaskSpec> SpecFromYaml(const YamlNode& root) {
  if (root.kind == YamlNode::Kind::kNull) {
    return absl::InvalidArgumentError("the file is empty");
  }
  if (root.kind != YamlNode::Kind::kMapping) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", root.line,
                     ": give the fields of a task spec, such as \"command: "
                     "[sleep, 60]\""));
  }
  v1::TaskSpec spec;
  const absl::Status status = FillMessage(root, "", &spec);
  if (!status.ok()) return status;
  return spec;
}

}  // namespace reeve
