#include "enforcement/cgroup/limit_plan.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "enforcement/cgroup/cpu_weight.h"
#include "enforcement/cgroup/limit_text.h"

namespace reeve {
namespace {

constexpr char kMemory[] = "memory";
constexpr char kCpu[] = "cpu";
constexpr char kPids[] = "pids";

constexpr char kMemoryLimit[] = "memory.limit_in_bytes";
constexpr char kMemorySwapLimit[] = "memory.memsw.limit_in_bytes";
constexpr char kSwappiness[] = "memory.swappiness";
// Below an open directory this is the parent's, which a cgroup starts with.
constexpr char kParentSwappiness[] = "../memory.swappiness";
constexpr char kMemoryMax[] = "memory.max";
constexpr char kSwapMax[] = "memory.swap.max";
constexpr char kShares[] = "cpu.shares";
constexpr char kWeight[] = "cpu.weight";
constexpr char kQuota[] = "cpu.cfs_quota_us";
constexpr char kPeriod[] = "cpu.cfs_period_us";
constexpr char kCpuMax[] = "cpu.max";
constexpr char kPidsMax[] = "pids.max";

bool IsV1(const std::optional<CgroupVersion>& version) {
  return version == CgroupVersion::kV1;
}

std::string BoundText(const Bound& bound) {
  return bound.value.has_value() ? absl::StrCat(*bound.value) : "max";
}

// v1 takes only -1 for no limit, and cuts "max" to 0 in some files.
std::string V1Text(const std::string& text) {
  return text == "max" ? "-1" : text;
}

// 0.1 cores of 100 ms are 10000 us, not the 9999 that truncation would give.
std::string QuotaText(const CpuQuota& quota) {
  if (!quota.cores.has_value()) return "max";
  const double usec = *quota.cores * static_cast<double>(quota.period_usec);
  return absl::StrCat(static_cast<uint64_t>(std::llround(usec)));
}

std::string CoresText(const CpuQuota& quota) {
  return quota.cores.has_value() ? absl::StrCat(*quota.cores) : "max";
}

// Adds plans for the files of one ResourceLimits, and remembers the first file
// that the kernel lacks.
class Planner {
 public:
  explicit Planner(const LimitTexts& current) : current_(current) {}

  void Add(const char* controller, const char* file, std::string requested,
           std::string value) {
    const auto now = current_.find(file);
    if (now == current_.end()) {
      status_.Update(absl::UnavailableError(absl::StrCat(
          file, ": this kernel has no such file, so the limit cannot be set")));
      return;
    }
    const bool same = SameLimit(file, now->second, value);
    plan_.push_back({controller, file, std::move(requested), std::move(value),
                     /*needs_write=*/!same});
  }

  void AddIfThere(const char* controller, const char* file,
                  std::string requested, std::string value) {
    if (current_.count(file) == 0) return;
    Add(controller, file, std::move(requested), std::move(value));
  }

  // The number in a file; the largest for no limit, 0 for a file that is not
  // there.
  uint64_t Now(const char* file) const {
    const auto now = current_.find(file);
    if (now == current_.end()) return 0;
    const std::string text = CanonicalLimit(file, now->second);
    uint64_t value = 0;
    if (absl::SimpleAtoi(text, &value)) return value;
    return std::numeric_limits<uint64_t>::max();
  }

  absl::StatusOr<std::vector<PlannedLimit>> Result() && {
    if (!status_.ok()) return status_;
    return std::move(plan_);
  }

 private:
  const LimitTexts& current_;
  absl::Status status_;
  std::vector<PlannedLimit> plan_;
};

void PlanV1Memory(const Bound& limit, const LimitTexts& current,
                  Planner& planner) {
  const std::string requested = BoundText(limit);
  const std::string value = V1Text(requested);
  const uint64_t wanted =
      limit.value.value_or(std::numeric_limits<uint64_t>::max());

  const bool grows = wanted >= planner.Now(kMemorySwapLimit);
  if (grows) planner.AddIfThere(kMemory, kMemorySwapLimit, requested, value);
  planner.Add(kMemory, kMemoryLimit, requested, value);
  if (!grows) planner.AddIfThere(kMemory, kMemorySwapLimit, requested, value);

  if (limit.value.has_value()) {
    planner.AddIfThere(kMemory, kSwappiness, "0", "0");
    return;
  }
  const auto inherited = current.find(kParentSwappiness);
  if (inherited == current.end()) return;
  const std::string swappiness = CanonicalLimit(kSwappiness, inherited->second);
  planner.AddIfThere(kMemory, kSwappiness, swappiness, swappiness);
}

void PlanV2Memory(const Bound& limit, Planner& planner) {
  // Swap first: what shrinking reclaims shall not go there.
  const std::string swap = limit.value.has_value() ? "0" : "max";
  planner.AddIfThere(kMemory, kSwapMax, swap, swap);
  planner.Add(kMemory, kMemoryMax, BoundText(limit), BoundText(limit));
}

void PlanV1Quota(const CpuQuota& quota, Planner& planner) {
  const std::string value = V1Text(QuotaText(quota));
  const std::string period = absl::StrCat(quota.period_usec);
  const auto add_quota = [&] {
    planner.Add(kCpu, kQuota, CoresText(quota), value);
  };
  // Without a quota any period will do. With one, a longer period first makes
  // the task slower for a moment, and a shorter one faster.
  const bool is_limited =
      planner.Now(kQuota) != std::numeric_limits<uint64_t>::max();
  const bool quota_first =
      is_limited &&
      (!quota.cores.has_value() || quota.period_usec < planner.Now(kPeriod));
  if (quota_first) add_quota();
  planner.Add(kCpu, kPeriod, period, period);
  if (!quota_first) add_quota();
}

void PlanCpu(const ResourceLimits& limits, CgroupVersion version,
             Planner& planner) {
  const bool is_v1 = version == CgroupVersion::kV1;
  if (limits.cpu_shares.has_value()) {
    const std::string shares = absl::StrCat(*limits.cpu_shares);
    if (is_v1) {
      planner.Add(kCpu, kShares, shares, shares);
    } else {
      planner.Add(kCpu, kWeight, shares,
                  absl::StrCat(CpuWeightFromShares(*limits.cpu_shares)));
    }
  }
  if (!limits.cpu_quota.has_value()) return;
  const CpuQuota& quota = *limits.cpu_quota;
  if (is_v1) return PlanV1Quota(quota, planner);
  planner.Add(kCpu, kCpuMax,
              absl::StrCat(CoresText(quota), " ", quota.period_usec),
              absl::StrCat(QuotaText(quota), " ", quota.period_usec));
}

absl::Status Missing(absl::string_view limit, absl::string_view controller) {
  return absl::UnavailableError(absl::StrCat(
      "no ", limit, " can be set: this host has the cgroup controller ",
      controller, " in no mounted hierarchy"));
}

}  // namespace

absl::Status CheckControllers(const ResourceLimits& limits,
                              const LimitVersions& versions) {
  if (limits.memory_bytes.has_value() && !versions.memory.has_value()) {
    return Missing("memory limit", kMemory);
  }
  if (limits.cpu_shares.has_value() && !versions.cpu.has_value()) {
    return Missing("CPU shares", kCpu);
  }
  if (limits.cpu_quota.has_value() && !versions.cpu.has_value()) {
    return Missing("CPU limit", kCpu);
  }
  if (limits.pids.has_value() && !versions.pids.has_value()) {
    return Missing("pids limit", kPids);
  }
  return absl::OkStatus();
}

std::vector<LimitFile> LimitFilesOf(const ResourceLimits& limits,
                                    const LimitVersions& versions) {
  std::vector<LimitFile> files;
  const auto add = [&files](const char* controller,
                            std::initializer_list<const char*> names) {
    for (const char* name : names) files.push_back({controller, name});
  };
  if (limits.memory_bytes.has_value()) {
    if (IsV1(versions.memory)) {
      add(kMemory, {kMemoryLimit, kMemorySwapLimit, kSwappiness});
      if (!limits.memory_bytes->value.has_value()) {
        add(kMemory, {kParentSwappiness});
      }
    } else {
      add(kMemory, {kMemoryMax, kSwapMax});
    }
  }
  if (limits.cpu_shares.has_value()) {
    add(kCpu, {IsV1(versions.cpu) ? kShares : kWeight});
  }
  if (limits.cpu_quota.has_value()) {
    if (IsV1(versions.cpu)) {
      add(kCpu, {kQuota, kPeriod});
    } else {
      add(kCpu, {kCpuMax});
    }
  }
  if (limits.pids.has_value()) add(kPids, {kPidsMax});
  return files;
}

absl::StatusOr<std::vector<PlannedLimit>> PlanLimits(
    const ResourceLimits& limits, const LimitVersions& versions,
    const LimitTexts& current) {
  const absl::Status status = CheckControllers(limits, versions);
  if (!status.ok()) return status;

  Planner planner(current);
  if (limits.memory_bytes.has_value()) {
    if (IsV1(versions.memory)) {
      PlanV1Memory(*limits.memory_bytes, current, planner);
    } else {
      PlanV2Memory(*limits.memory_bytes, planner);
    }
  }
  if (versions.cpu.has_value()) PlanCpu(limits, *versions.cpu, planner);
  if (limits.pids.has_value()) {
    planner.Add(kPids, kPidsMax, BoundText(*limits.pids),
                BoundText(*limits.pids));
  }
  return std::move(planner).Result();
}

}  // namespace reeve
