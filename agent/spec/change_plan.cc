#include "agent/spec/change_plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/message_differencer.h"

namespace reeve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

// No part of what a task is. Limits are compared one by one.
constexpr absl::string_view kNotCompared[] = {"id", "limits", "after",
                                              "origin"};

// Numbers of the spec beside the limits that an UpdateRequest has too: it
// changes them while the task runs. A new one is a row here.
struct LiveNumber {
  absl::string_view name;
  // What is as if it were not set.
  double none;
};

constexpr LiveNumber kLive[] = {
    {"cpus_max", 0},
    {"memory_max_bytes", 0},
    {"priority", 50},
    {"stop_grace_usec", 0},
};

// The same of texts; the empty one is as if it were not set.
constexpr absl::string_view kLiveTexts[] = {"stop_signal"};

template <size_t N>
bool Contains(const absl::string_view (&names)[N], absl::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// Whether the two have the same in one field.
bool HaveSame(const FieldDescriptor* field, const v1::TaskSpec& a,
              const v1::TaskSpec& b) {
  MessageDifferencer differencer;
  return differencer.CompareWithFields(a, b, {field}, {field});
}

// Null for a field that is none of them.
const LiveNumber* FindLive(const FieldDescriptor* field) {
  for (const LiveNumber& live : kLive) {
    if (live.name == field->name()) return &live;
  }
  return nullptr;
}

double NumberOf(const Message& message, const FieldDescriptor* field,
                double none) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (!reflection.HasField(message, field)) return none;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.GetDouble(message, field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetUInt32(message, field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return static_cast<double>(reflection.GetUInt64(message, field));
    default:
      return none;
  }
}

// Copies it exactly, or sets it to what is as if it were not set.
void SetNumber(const Message& from, const FieldDescriptor* from_field,
               double none, Message* to, const FieldDescriptor* to_field) {
  const google::protobuf::Reflection& source = *from.GetReflection();
  const google::protobuf::Reflection& target = *to->GetReflection();
  const bool is_set = source.HasField(from, from_field);
  switch (to_field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_DOUBLE:
      target.SetDouble(to, to_field,
                       is_set ? source.GetDouble(from, from_field) : none);
      return;
    case FieldDescriptor::CPPTYPE_UINT32:
      target.SetUInt32(to, to_field,
                       is_set ? source.GetUInt32(from, from_field)
                              : static_cast<uint32_t>(none));
      return;
    case FieldDescriptor::CPPTYPE_UINT64:
      target.SetUInt64(to, to_field,
                       is_set ? source.GetUInt64(from, from_field)
                              : static_cast<uint64_t>(none));
      return;
    default:
      return;
  }
}

std::string TextOrUnset(const Message& message, const FieldDescriptor* field) {
  return message.GetReflection()->HasField(message, field)
             ? FieldText(message, field)
             : "unset";
}

// Adds to the plan that an update changes the field, and returns its field for
// that; null, with nothing added, if no update can have it.
const FieldDescriptor* PlanUpdate(const FieldDescriptor* field,
                                  const v1::TaskSpec& current,
                                  const v1::TaskSpec& wanted,
                                  ChangePlan* plan) {
  const FieldDescriptor* const target =
      v1::UpdateRequest::descriptor()->FindFieldByName(field->name());
  if (target == nullptr || target->cpp_type() != field->cpp_type()) {
    return nullptr;
  }
  plan->kind = ChangePlan::Kind::kUpdate;
  plan->changes.push_back(
      {field->name(), TextOrUnset(current, field), TextOrUnset(wanted, field)});
  return target;
}

// Adds to the plan what an update of a live number takes. False if no update
// can have it.
bool PlanNumber(const LiveNumber& live, const FieldDescriptor* field,
                const v1::TaskSpec& current, const v1::TaskSpec& wanted,
                ChangePlan* plan) {
  if (NumberOf(current, field, live.none) ==
      NumberOf(wanted, field, live.none)) {
    return true;
  }
  const FieldDescriptor* const target =
      PlanUpdate(field, current, wanted, plan);
  if (target == nullptr) return false;
  SetNumber(wanted, field, live.none, &plan->update, target);
  return true;
}

bool PlanText(const FieldDescriptor* field, const v1::TaskSpec& current,
              const v1::TaskSpec& wanted, ChangePlan* plan) {
  if (HaveSame(field, current, wanted)) return true;
  const FieldDescriptor* const target =
      PlanUpdate(field, current, wanted, plan);
  if (target == nullptr) return false;
  plan->update.GetReflection()->SetString(
      &plan->update, target, wanted.GetReflection()->GetString(wanted, field));
  return true;
}

// False if only a launch can set what the wanted spec has in the field.
bool PlanField(const FieldDescriptor* field, const v1::TaskSpec& current,
               const v1::TaskSpec& wanted, ChangePlan* plan) {
  const LiveNumber* const live = FindLive(field);
  if (live != nullptr) return PlanNumber(*live, field, current, wanted, plan);
  if (Contains(kLiveTexts, field->name())) {
    return PlanText(field, current, wanted, plan);
  }
  return HaveSame(field, current, wanted);
}

}  // namespace

ChangePlan PlanChange(const v1::TaskSpec* current, const v1::TaskSpec& wanted,
                      const DeviceKey& device_key) {
  ChangePlan plan;
  if (current == nullptr) {
    plan.kind = ChangePlan::Kind::kLaunch;
    return plan;
  }
  std::vector<std::string> reasons;
  const google::protobuf::Descriptor& type = *v1::TaskSpec::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* const field = type.field(i);
    if (Contains(kNotCompared, field->name())) continue;
    if (field->name() == "isolation" && wanted.isolation() == "auto") continue;
    if (!PlanField(field, *current, wanted, &plan)) {
      plan.changes.push_back({field->name(), "", ""});
      reasons.push_back(field->name());
    }
  }

  LimitDifference limits =
      CompareLimits(current->limits(), wanted.limits(), device_key);
  if (!limits.changes.empty()) plan.kind = ChangePlan::Kind::kUpdate;
  for (FieldChange& change : limits.changes) {
    change.field = absl::StrCat("limits.", change.field);
    plan.changes.push_back(std::move(change));
  }
  for (const std::string& field : limits.not_undoable) {
    reasons.push_back(absl::StrCat("limits.", field));
  }
  if (!reasons.empty()) {
    plan.kind = ChangePlan::Kind::kRestart;
    plan.reason = absl::StrJoin(reasons, ", ");
    plan.update.Clear();
  } else if (limits.update.ByteSizeLong() > 0) {
    *plan.update.mutable_limits() = std::move(limits.update);
  }
  return plan;
}

}  // namespace reeve
