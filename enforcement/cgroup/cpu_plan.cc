#include "enforcement/cgroup/cpu_plan.h"

#include <cmath>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "enforcement/cgroup/cpu_weight.h"

namespace reeve {
namespace {

constexpr char kCpu[] = "cpu";
constexpr char kShares[] = "cpu.shares";
constexpr char kWeight[] = "cpu.weight";
constexpr char kQuota[] = "cpu.cfs_quota_us";
constexpr char kPeriod[] = "cpu.cfs_period_us";
constexpr char kCpuMax[] = "cpu.max";

// 0.1 cores of 100 ms are 10000 us, not the 9999 that truncation would give.
std::string QuotaText(const CpuQuota& quota) {
  if (!quota.cores.has_value()) return "max";
  const double usec = *quota.cores * static_cast<double>(quota.period_usec);
  return absl::StrCat(static_cast<uint64_t>(std::llround(usec)));
}

std::string CoresText(const CpuQuota& quota) {
  return quota.cores.has_value() ? absl::StrCat(*quota.cores) : "max";
}

void PlanV1Quota(const CpuQuota& quota, LimitPlanner& planner) {
  const std::string value = V1Text(QuotaText(quota));
  const std::string period = absl::StrCat(quota.period_usec);
  const auto add_quota = [&] {
    planner.Add(kCpu, kQuota, CoresText(quota), value);
  };
  // Without a quota any period will do. With one, a longer period first makes
  // the task slower for a moment, and a shorter one faster.
  const bool is_limited = planner.Now(kQuota) != LimitPlanner::kNoLimit;
  const bool quota_first =
      is_limited &&
      (!quota.cores.has_value() || quota.period_usec < planner.Now(kPeriod));
  if (quota_first) add_quota();
  planner.Add(kCpu, kPeriod, period, period);
  if (!quota_first) add_quota();
}

}  // namespace

std::vector<LimitFile> CpuFilesOf(const ResourceLimits& limits,
                                  CgroupVersion version) {
  const bool is_v1 = version == CgroupVersion::kV1;
  std::vector<LimitFile> files;
  const auto add = [&files](const char* file) {
    files.push_back({kCpu, file});
  };
  if (limits.cpu_shares.has_value()) add(is_v1 ? kShares : kWeight);
  if (limits.cpu_quota.has_value()) {
    if (is_v1) {
      add(kQuota);
      add(kPeriod);
    } else {
      add(kCpuMax);
    }
  }
  return files;
}

void PlanCpu(const ResourceLimits& limits, CgroupVersion version,
             LimitPlanner& planner) {
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

}  // namespace reeve
