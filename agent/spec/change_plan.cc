#include "agent/spec/change_plan.h"

#include <algorithm>
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

// Fields of the spec beside the limits that an UpdateRequest has too: an update
// changes them while the task runs. A new one is a word here.
constexpr absl::string_view kLive[] = {"cpus_max", "memory_max_bytes",
                                       "priority"};

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

// The field of a request that is named as one of a spec, for a value that
// is to be set; null if there is none.
const FieldDescriptor* LiveField(const FieldDescriptor* field,
                                 const v1::TaskSpec& wanted) {
  if (!Contains(kLive, field->name())) return nullptr;
  // A bound that is left out was never there: only a launch can forget one.
  if (!wanted.GetReflection()->HasField(wanted, field)) return nullptr;
  const FieldDescriptor* const live =
      v1::UpdateRequest::descriptor()->FindFieldByName(field->name());
  const bool fits = live != nullptr && live->cpp_type() == field->cpp_type();
  return fits ? live : nullptr;
}

void CopyNumber(const Message& from, const FieldDescriptor* from_field,
                Message* to, const FieldDescriptor* to_field) {
  const google::protobuf::Reflection& source = *from.GetReflection();
  const google::protobuf::Reflection& target = *to->GetReflection();
  switch (from_field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_DOUBLE:
      target.SetDouble(to, to_field, source.GetDouble(from, from_field));
      return;
    case FieldDescriptor::CPPTYPE_UINT32:
      target.SetUInt32(to, to_field, source.GetUInt32(from, from_field));
      return;
    case FieldDescriptor::CPPTYPE_UINT64:
      target.SetUInt64(to, to_field, source.GetUInt64(from, from_field));
      return;
    default:
      return;
  }
}

}  // namespace

ChangePlan PlanChange(const v1::TaskSpec* current, const v1::TaskSpec& wanted) {
  ChangePlan plan;
  if (current == nullptr) {
    plan.kind = ChangePlan::Kind::kLaunch;
    return plan;
  }
  std::vector<std::string> reasons;
  bool has_live = false;
  const google::protobuf::Descriptor& type = *v1::TaskSpec::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* const field = type.field(i);
    if (Contains(kNotCompared, field->name())) continue;
    if (field->name() == "isolation" && wanted.isolation() == "auto") continue;
    if (HaveSame(field, *current, wanted)) continue;
    plan.changes.push_back({field->name(), "", ""});
    const FieldDescriptor* const live = LiveField(field, wanted);
    if (live == nullptr) {
      reasons.push_back(field->name());
    } else {
      has_live = true;
      CopyNumber(wanted, field, &plan.update, live);
    }
  }

  LimitDifference limits = CompareLimits(current->limits(), wanted.limits());
  has_live = has_live || !limits.changes.empty();
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
  } else if (has_live) {
    plan.kind = ChangePlan::Kind::kUpdate;
    if (limits.update.ByteSizeLong() > 0) {
      *plan.update.mutable_limits() = std::move(limits.update);
    }
  }
  return plan;
}

}  // namespace reeve
