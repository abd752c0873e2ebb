#include "agent/spec/limit_difference.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "enforcement/cgroup/block_device.h"
#include "enforcement/spec/resource_limits.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/message_differencer.h"

namespace reeve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

constexpr char kUnset[] = "unset";

// Fields that an update gives together, and what lifts the limit; without that
// a limit stays once it was set.
struct LimitUnit {
  // The one that it is called by comes first.
  std::vector<const char*> fields;
  std::function<void(v1::Limits*)> lift;
};

// Lists, whose entries are limits of their own, have functions below. A new
// limit is a row here.
const std::vector<LimitUnit>& Units() {
  using v1::Limits;
  static const auto* const units = new std::vector<LimitUnit>{
      // A memory limit alone turns swap off: an update names both.
      {{"memory_bytes", "memory_unlimited", "memory_swap_bytes",
        "memory_swap_unlimited"},
       [](Limits* limits) { limits->set_memory_unlimited(true); }},
      {{"memory_high_bytes", "memory_high_unlimited"},
       [](Limits* limits) { limits->set_memory_high_unlimited(true); }},
      {{"memory_low_bytes"},
       [](Limits* limits) { limits->set_memory_low_bytes(0); }},
      {{"memory_min_bytes"},
       [](Limits* limits) { limits->set_memory_min_bytes(0); }},
      {{"memory_oom_group"},
       [](Limits* limits) { limits->set_memory_oom_group(false); }},
      {{"cpu_shares"}, [](Limits* limits) { limits->set_cpu_shares(1024); }},
      {{"cpus", "cpus_unlimited", "cpu_period_usec"},
       [](Limits* limits) { limits->set_cpus_unlimited(true); }},
      {{"cpu_burst_usec"},
       [](Limits* limits) { limits->set_cpu_burst_usec(0); }},
      {{"cpu_idle"}, [](Limits* limits) { limits->set_cpu_idle(false); }},
      {{"pids", "pids_unlimited"},
       [](Limits* limits) { limits->set_pids_unlimited(true); }},
      {{"cpuset_cpus"}, [](Limits* limits) { limits->set_cpuset_cpus(""); }},
      {{"cpuset_mems"}, [](Limits* limits) { limits->set_cpuset_mems(""); }},
      {{"reserved_cpus"}, [](Limits* limits) { limits->set_reserved_cpus(0); }},
      {{"io_weight"}, [](Limits* limits) { limits->set_io_weight(100); }},
      {{"oom_score_adj"}, nullptr},
      {{"nice"}, nullptr},
      {{"scheduling_policy"}, nullptr},
  };
  return *units;
}

const FieldDescriptor* FieldOf(const Message& message, const char* name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

// Whether the field is there; a plain one is if it is not 0.
bool Has(const Message& message, const FieldDescriptor* field) {
  return message.GetReflection()->HasField(message, field);
}

v1::Limits OnlyFieldsOf(const LimitUnit& unit, const v1::Limits& limits) {
  v1::Limits only = limits;
  std::vector<const FieldDescriptor*> fields;
  only.GetReflection()->ListFields(only, &fields);
  for (const FieldDescriptor* field : fields) {
    bool is_of_unit = false;
    for (const char* name : unit.fields) is_of_unit |= field->name() == name;
    if (!is_of_unit) only.GetReflection()->ClearField(&only, field);
  }
  return only;
}

// Empty for what limits nothing.
v1::Limits ValueOf(const LimitUnit& unit, const v1::Limits& limits) {
  v1::Limits value = OnlyFieldsOf(unit, limits);
  // A period means nothing without a limit.
  if (value.cpus_unlimited()) value.clear_cpu_period_usec();
  // A first limit without one got the default.
  if (value.has_cpus() && !value.has_cpu_period_usec()) {
    value.set_cpu_period_usec(CpuQuota::kDefaultPeriodUsec);
  }
  if (unit.lift == nullptr) return value;
  v1::Limits lifted;
  unit.lift(&lifted);
  if (MessageDifferencer::Equals(value, lifted)) value.Clear();
  return value;
}

std::string SizeText(uint64_t bytes) {
  constexpr std::pair<int, const char*> kUnits[] = {
      {40, "T"}, {30, "G"}, {20, "M"}, {10, "K"}};
  for (const auto& [shift, name] : kUnits) {
    const uint64_t unit = uint64_t{1} << shift;
    if (bytes >= unit && bytes % unit == 0) {
      return absl::StrCat(bytes / unit, name);
    }
  }
  return absl::StrCat(bytes);
}

// One change for each field of the unit that differs; "memory_unlimited" is
// shown as "memory_bytes: max".
void AddChanges(const LimitUnit& unit, const v1::Limits& from,
                const v1::Limits& to, std::vector<FieldChange>* changes) {
  const auto text = [](const v1::Limits& limits, const char* name) {
    const FieldDescriptor* const field = FieldOf(limits, name);
    return Has(limits, field) ? FieldText(limits, field) : kUnset;
  };
  for (const char* name : unit.fields) {
    const std::string before = text(from, name);
    const std::string after = text(to, name);
    if (before != after) changes->push_back({name, before, after});
  }
}

void CompareUnit(const LimitUnit& unit, const v1::Limits& current,
                 const v1::Limits& wanted, LimitDifference* difference) {
  const v1::Limits from = ValueOf(unit, current);
  const v1::Limits to = ValueOf(unit, wanted);
  if (MessageDifferencer::Equals(from, to)) return;
  AddChanges(unit, from, to, &difference->changes);
  difference->update.MergeFrom(to);
  if (to.ByteSizeLong() > 0) return;
  if (unit.lift == nullptr) {
    difference->not_undoable.emplace_back(unit.fields.front());
  } else {
    unit.lift(&difference->update);
  }
}

// Idle tasks and those with reserved CPUs lose shares and cpuset with it, and
// would be refused for having both.
bool GoesWithAnother(const LimitUnit& unit, const v1::Limits& wanted) {
  const absl::string_view name = unit.fields.front();
  if (name == "cpu_shares") return wanted.cpu_idle();
  if (name == "cpuset_cpus") return wanted.reserved_cpus() > 0;
  if (name == "reserved_cpus") return !wanted.cpuset_cpus().empty();
  return false;
}

// The entries of a list by what tells them apart.
template <typename Entry>
std::map<std::string, Entry> ByKey(
    const google::protobuf::RepeatedPtrField<Entry>& entries,
    const std::string& (Entry::*key)() const) {
  std::map<std::string, Entry> by_key;
  for (const Entry& entry : entries) by_key[(entry.*key)()] = entry;
  return by_key;
}

std::string EntryText(const Message& entry) {
  std::string text;
  std::vector<const FieldDescriptor*> fields;
  entry.GetReflection()->ListFields(entry, &fields);
  // The first is what tells entries apart.
  for (const FieldDescriptor* field : fields) {
    if (field->number() == 1) continue;
    absl::StrAppend(&text, text.empty() ? "" : ",", field->name(), "=",
                    FieldText(entry, field));
  }
  return text.empty() ? kUnset : text;
}

// `lift` makes of an entry, or of what has no entry, one that limits nothing;
// without it a limit stays. `complete` adds to an entry what lifts those of its
// fields that another has had.
template <typename Entry>
void CompareLists(
    const char* name, std::map<std::string, Entry> current,
    const std::map<std::string, Entry>& wanted,
    const std::function<Entry(const Entry& had, const Entry& wanted)>& complete,
    google::protobuf::RepeatedPtrField<Entry>* update,
    LimitDifference* difference) {
  for (const auto& [key, to] : wanted) {
    const Entry from = current[key];
    current.erase(key);
    if (MessageDifferencer::Equals(from, to)) continue;
    difference->changes.push_back(
        {absl::StrCat(name, "[", key, "]"), EntryText(from), EntryText(to)});
    *update->Add() = complete(from, to);
  }
  for (const auto& [key, from] : current) {
    difference->changes.push_back(
        {absl::StrCat(name, "[", key, "]"), EntryText(from), kUnset});
    Entry none;
    const Entry lifted = complete(from, none);
    if (MessageDifferencer::Equals(lifted, none)) {
      difference->not_undoable.emplace_back(name);
    } else {
      *update->Add() = lifted;
    }
  }
}

// How the limits call each device, by its key.
std::map<std::string, std::string> DeviceNames(const v1::Limits& limits,
                                               const DeviceKey& key) {
  std::map<std::string, std::string> names;
  for (const v1::IoMax& io : limits.io_max()) {
    names.emplace(key(io.device()), io.device());
  }
  return names;
}

// Rates of 0 limit nothing. A device has the name that `names` has for it.
std::map<std::string, v1::IoMax> IoByDevice(
    const v1::Limits& limits, const std::map<std::string, std::string>& names,
    const DeviceKey& key) {
  std::map<std::string, v1::IoMax> by_device;
  for (const v1::IoMax& io : limits.io_max()) {
    v1::IoMax plain;
    const auto name = names.find(key(io.device()));
    plain.set_device(name == names.end() ? io.device() : name->second);
    if (io.read_bps() > 0) plain.set_read_bps(io.read_bps());
    if (io.write_bps() > 0) plain.set_write_bps(io.write_bps());
    if (io.read_iops() > 0) plain.set_read_iops(io.read_iops());
    if (io.write_iops() > 0) plain.set_write_iops(io.write_iops());
    const bool is_limit = plain.has_read_bps() || plain.has_write_bps() ||
                          plain.has_read_iops() || plain.has_write_iops();
    if (is_limit) by_device[plain.device()] = plain;
  }
  return by_device;
}

v1::IoMax CompleteIo(const v1::IoMax& had, const v1::IoMax& wanted) {
  v1::IoMax update = wanted;
  update.set_device(wanted.device().empty() ? had.device() : wanted.device());
  if (had.has_read_bps()) update.set_read_bps(wanted.read_bps());
  if (had.has_write_bps()) update.set_write_bps(wanted.write_bps());
  if (had.has_read_iops()) update.set_read_iops(wanted.read_iops());
  if (had.has_write_iops()) update.set_write_iops(wanted.write_iops());
  return update;
}

std::map<std::string, v1::HugetlbLimit> HugetlbBySize(
    const v1::Limits& limits) {
  std::map<std::string, v1::HugetlbLimit> by_size =
      ByKey(limits.hugetlb(), &v1::HugetlbLimit::page_size);
  for (auto it = by_size.begin(); it != by_size.end();) {
    it = it->second.unlimited() ? by_size.erase(it) : std::next(it);
  }
  return by_size;
}

v1::HugetlbLimit CompleteHugetlb(const v1::HugetlbLimit& had,
                                 const v1::HugetlbLimit& wanted) {
  if (!wanted.page_size().empty()) return wanted;
  v1::HugetlbLimit lifted;
  lifted.set_page_size(had.page_size());
  lifted.set_unlimited(true);
  return lifted;
}

v1::Rlimit CompleteRlimit(const v1::Rlimit& /*had*/, const v1::Rlimit& wanted) {
  return wanted;
}

}  // namespace

std::string FieldText(const Message& message, const FieldDescriptor* field) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return absl::StrCat(reflection.GetDouble(message, field));
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection.GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(reflection.GetUInt32(message, field));
    case FieldDescriptor::CPPTYPE_UINT64: {
      const uint64_t value = reflection.GetUInt64(message, field);
      return absl::StrContains(field->name(), "bytes") ? SizeText(value)
                                                       : absl::StrCat(value);
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return absl::StrCat("\"", reflection.GetString(message, field), "\"");
    default:
      return "";
  }
}

std::string HostDeviceKey(const std::string& device) {
  return ResolveBlockDevice(device, "/sys").value_or(device);
}

LimitDifference CompareLimits(const v1::Limits& current,
                              const v1::Limits& wanted,
                              const DeviceKey& device_key) {
  LimitDifference difference;
  for (const LimitUnit& unit : Units()) {
    if (GoesWithAnother(unit, wanted)) continue;
    CompareUnit(unit, current, wanted, &difference);
  }
  const std::map<std::string, std::string> names =
      DeviceNames(current, device_key);
  CompareLists<v1::IoMax>("io_max", IoByDevice(current, names, device_key),
                          IoByDevice(wanted, names, device_key), CompleteIo,
                          difference.update.mutable_io_max(), &difference);
  CompareLists<v1::HugetlbLimit>(
      "hugetlb", HugetlbBySize(current), HugetlbBySize(wanted), CompleteHugetlb,
      difference.update.mutable_hugetlb(), &difference);
  CompareLists<v1::Rlimit>(
      "rlimits", ByKey(current.rlimits(), &v1::Rlimit::name),
      ByKey(wanted.rlimits(), &v1::Rlimit::name), CompleteRlimit,
      difference.update.mutable_rlimits(), &difference);
  return difference;
}

}  // namespace reeve
