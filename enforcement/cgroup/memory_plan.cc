#include "enforcement/cgroup/memory_plan.h"

#include <optional>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace reeve {
namespace {

constexpr char kMemory[] = "memory";

constexpr char kV1Limit[] = "memory.limit_in_bytes";
constexpr char kV1MemoryAndSwap[] = "memory.memsw.limit_in_bytes";
constexpr char kSwappiness[] = "memory.swappiness";
// Below an open directory this is the parent's, which a cgroup starts with.
constexpr char kParentSwappiness[] = "../memory.swappiness";

constexpr char kMax[] = "memory.max";
constexpr char kHigh[] = "memory.high";
constexpr char kLow[] = "memory.low";
constexpr char kMin[] = "memory.min";
constexpr char kSwapMax[] = "memory.swap.max";
constexpr char kOomGroup[] = "memory.oom.group";

// The swap limit that is asked for or that goes with the memory limit.
std::optional<Bound> SwapOf(const ResourceLimits& limits) {
  if (limits.memory_swap_bytes.has_value()) return limits.memory_swap_bytes;
  if (!limits.memory_bytes.has_value()) return std::nullopt;
  return limits.memory_bytes->value.has_value() ? Bound::Of(0)
                                                : Bound::Unlimited();
}

// Only a limit that was asked for has to have its file.
void AddSwap(const ResourceLimits& limits, const char* file, const Bound& swap,
             const std::string& value, LimitPlanner& planner) {
  if (limits.memory_swap_bytes.has_value()) {
    planner.Add(kMemory, file, BoundText(swap), value);
  } else {
    planner.AddIfThere(kMemory, file, BoundText(swap), value);
  }
}

// Of memory and swap; refused where the two cannot be told apart.
std::string V1MemoryAndSwap(const ResourceLimits& limits, const Bound& swap,
                            LimitPlanner& planner) {
  if (!swap.value.has_value()) return V1Text("max");
  const uint64_t memory =
      limits.memory_bytes.has_value()
          ? limits.memory_bytes->value.value_or(LimitPlanner::kNoLimit)
          : planner.Now(kV1Limit);
  if (memory == LimitPlanner::kNoLimit) {
    planner.Refuse(absl::InvalidArgumentError(absl::StrCat(
        "swap limit of ", *swap.value,
        " bytes: give a memory limit too, since cgroup v1 limits swap only "
        "together with memory")));
    return V1Text("max");
  }
  return absl::StrCat(memory + *swap.value);
}

void PlanV1Swappiness(const Bound& swap, LimitPlanner& planner) {
  if (swap == Bound::Of(0)) {
    planner.AddIfThere(kMemory, kSwappiness, "0", "0");
    return;
  }
  const std::optional<std::string> inherited = planner.Text(kParentSwappiness);
  if (!inherited.has_value()) return;
  planner.AddIfThere(kMemory, kSwappiness, *inherited, *inherited);
}

void PlanV1(const ResourceLimits& limits, LimitPlanner& planner) {
  const std::optional<Bound> swap = SwapOf(limits);
  if (!swap.has_value()) return;

  const std::string memory_and_swap = V1MemoryAndSwap(limits, *swap, planner);
  uint64_t wanted = LimitPlanner::kNoLimit;
  const bool is_number = absl::SimpleAtoi(memory_and_swap, &wanted);
  const bool grows = !is_number || wanted >= planner.Now(kV1MemoryAndSwap);

  if (grows) AddSwap(limits, kV1MemoryAndSwap, *swap, memory_and_swap, planner);
  if (limits.memory_bytes.has_value()) {
    const std::string requested = BoundText(*limits.memory_bytes);
    planner.Add(kMemory, kV1Limit, requested, V1Text(requested));
  }
  if (!grows) {
    AddSwap(limits, kV1MemoryAndSwap, *swap, memory_and_swap, planner);
  }
  PlanV1Swappiness(*swap, planner);
}

void PlanV2(const ResourceLimits& limits, LimitPlanner& planner) {
  const auto add = [&planner](const char* file, const std::string& text) {
    planner.Add(kMemory, file, text, text);
  };
  if (!limits.memory_bytes.has_value()) {
    planner.Refuse(CheckBelowMemory(limits, planner.Now(kMax)));
  }
  if (limits.memory_oom_group.has_value()) {
    add(kOomGroup, *limits.memory_oom_group ? "1" : "0");
  }
  if (const std::optional<Bound> swap = SwapOf(limits)) {
    AddSwap(limits, kSwapMax, *swap, BoundText(*swap), planner);
  }
  if (limits.memory_min_bytes.has_value()) {
    add(kMin, absl::StrCat(*limits.memory_min_bytes));
  }
  if (limits.memory_low_bytes.has_value()) {
    add(kLow, absl::StrCat(*limits.memory_low_bytes));
  }
  if (limits.memory_high_bytes.has_value()) {
    add(kHigh, BoundText(*limits.memory_high_bytes));
  }
  if (limits.memory_bytes.has_value()) {
    add(kMax, BoundText(*limits.memory_bytes));
  }
}

absl::Status NotOnV1(absl::string_view limit) {
  return absl::UnavailableError(
      absl::StrCat("no ", limit,
                   " can be set: this host has the cgroup controller memory on "
                   "cgroup v1, and only v2 knows it"));
}

}  // namespace

absl::Status CheckMemory(const ResourceLimits& limits, CgroupVersion version) {
  if (version != CgroupVersion::kV1) return absl::OkStatus();
  if (limits.memory_high_bytes.has_value()) return NotOnV1(kHigh);
  if (limits.memory_low_bytes.has_value()) return NotOnV1(kLow);
  if (limits.memory_min_bytes.has_value()) return NotOnV1(kMin);
  if (limits.memory_oom_group.has_value()) return NotOnV1(kOomGroup);
  return absl::OkStatus();
}

std::vector<LimitFile> MemoryFilesOf(const ResourceLimits& limits,
                                     CgroupVersion version) {
  std::vector<LimitFile> files;
  const auto add_if = [&files](bool wanted, const char* file) {
    if (wanted) files.push_back({kMemory, file});
  };
  const std::optional<Bound> swap = SwapOf(limits);
  if (version == CgroupVersion::kV1) {
    add_if(swap.has_value(), kV1Limit);
    add_if(swap.has_value(), kV1MemoryAndSwap);
    add_if(swap.has_value(), kSwappiness);
    add_if(swap.has_value() && !(*swap == Bound::Of(0)), kParentSwappiness);
    return files;
  }
  const bool is_below_max = limits.memory_high_bytes.has_value() ||
                            limits.memory_low_bytes.has_value() ||
                            limits.memory_min_bytes.has_value();
  add_if(limits.memory_bytes.has_value() || is_below_max, kMax);
  add_if(swap.has_value(), kSwapMax);
  add_if(limits.memory_high_bytes.has_value(), kHigh);
  add_if(limits.memory_low_bytes.has_value(), kLow);
  add_if(limits.memory_min_bytes.has_value(), kMin);
  add_if(limits.memory_oom_group.has_value(), kOomGroup);
  return files;
}

void PlanMemory(const ResourceLimits& limits, CgroupVersion version,
                LimitPlanner& planner) {
  if (version == CgroupVersion::kV1) {
    PlanV1(limits, planner);
  } else {
    PlanV2(limits, planner);
  }
}

}  // namespace reeve
