#include "enforcement/cgroup/cpu_plan.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

constexpr char kCpu[] = "cpu";
constexpr char kShares[] = "cpu.shares";
constexpr char kWeight[] = "cpu.weight";
constexpr char kQuota[] = "cpu.cfs_quota_us";
constexpr char kPeriod[] = "cpu.cfs_period_us";
constexpr char kCpuMax[] = "cpu.max";
constexpr char kIdle[] = "cpu.idle";

// What the two versions call the same thing.
struct CpuFiles {
  const char* shares;
  const char* quota;
  const char* burst;
};

const CpuFiles& FilesOf(CgroupVersion version) {
  static constexpr CpuFiles kV1 = {kShares, kQuota, "cpu.cfs_burst_us"};
  static constexpr CpuFiles kV2 = {kWeight, kCpuMax, "cpu.max.burst"};
  return version == CgroupVersion::kV1 ? kV1 : kV2;
}

// A quota with the period that it is going to have.
struct Bandwidth {
  std::optional<double> cores;
  uint64_t period_usec;
};

// 0.1 cores of 100 ms are 10000 us, not the 9999 that truncation would give.
uint64_t QuotaUsec(const Bandwidth& bandwidth) {
  if (!bandwidth.cores.has_value()) return LimitPlanner::kNoLimit;
  const double usec =
      *bandwidth.cores * static_cast<double>(bandwidth.period_usec);
  return static_cast<uint64_t>(std::llround(usec));
}

std::string QuotaText(const Bandwidth& bandwidth) {
  return bandwidth.cores.has_value() ? absl::StrCat(QuotaUsec(bandwidth))
                                     : "max";
}

std::string CoresText(const Bandwidth& bandwidth) {
  return bandwidth.cores.has_value() ? absl::StrCat(*bandwidth.cores) : "max";
}

// "50000" of v1, "50000 100000" of v2.
uint64_t QuotaInForce(const char* file, const LimitPlanner& planner) {
  const std::string text = planner.Text(file).value_or("");
  uint64_t usec = 0;
  if (absl::SimpleAtoi(text.substr(0, text.find(' ')), &usec)) return usec;
  return LimitPlanner::kNoLimit;
}

// "100000" of v1, "50000 100000" of v2.
uint64_t PeriodInForce(CgroupVersion version, const LimitPlanner& planner) {
  const std::string text =
      planner.Text(version == CgroupVersion::kV1 ? kPeriod : kCpuMax)
          .value_or("");
  uint64_t usec = 0;
  if (absl::SimpleAtoi(text.substr(text.find(' ') + 1), &usec)) return usec;
  return CpuQuota::kDefaultPeriodUsec;
}

// A period that is not named stays. Then it was not known before how small the
// quota may be.
std::optional<Bandwidth> WithPeriod(const std::optional<CpuQuota>& quota,
                                    CgroupVersion version,
                                    LimitPlanner& planner) {
  if (!quota.has_value()) return std::nullopt;
  if (quota->period_usec.has_value()) {
    return Bandwidth{quota->cores, *quota->period_usec};
  }
  const uint64_t period_usec = PeriodInForce(version, planner);
  planner.Refuse(ValidateQuota({quota->cores, period_usec}));
  return Bandwidth{quota->cores, period_usec};
}

void PlanIdleAndShares(const ResourceLimits& limits, CgroupVersion version,
                       CpuWeightMapping mapping, LimitPlanner& planner) {
  const bool was_idle = planner.Now(kIdle) == 1;
  if (limits.cpu_idle.has_value()) {
    const std::string idle = *limits.cpu_idle ? "1" : "0";
    planner.Add(kCpu, kIdle, idle, idle);
  }
  if (!limits.cpu_shares.has_value()) return;
  if (limits.cpu_idle.value_or(was_idle)) {
    planner.Refuse(SharesOfIdle(*limits.cpu_shares));
  }
  const std::string shares = absl::StrCat(*limits.cpu_shares);
  planner.Add(
      kCpu, FilesOf(version).shares, shares,
      version == CgroupVersion::kV1
          ? shares
          : absl::StrCat(CpuWeightFromShares(*limits.cpu_shares, mapping)));
  // A task that is idle no more starts with the default.
  if (was_idle) planner.WriteAnyway();
}

void PlanV1Quota(const Bandwidth& quota, LimitPlanner& planner) {
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

void PlanQuota(const Bandwidth& quota, CgroupVersion version,
               LimitPlanner& planner) {
  if (version == CgroupVersion::kV1) return PlanV1Quota(quota, planner);
  planner.Add(kCpu, kCpuMax,
              absl::StrCat(CoresText(quota), " ", quota.period_usec),
              absl::StrCat(QuotaText(quota), " ", quota.period_usec));
}

// The burst that will be in force must go with the quota that will be.
absl::Status CheckBandwidth(std::optional<uint64_t> new_burst,
                            uint64_t burst_now, uint64_t quota) {
  const uint64_t burst = new_burst.value_or(burst_now);
  if (quota != LimitPlanner::kNoLimit) return CheckBurst(burst, quota);
  if (new_burst.value_or(0) == 0) return absl::OkStatus();
  return BurstWithoutQuota(burst);
}

void PlanBandwidth(const ResourceLimits& limits, CgroupVersion version,
                   LimitPlanner& planner) {
  if (!limits.cpu_quota.has_value() && !limits.cpu_burst_usec.has_value()) {
    return;
  }
  const CpuFiles& files = FilesOf(version);
  const std::optional<Bandwidth> quota =
      WithPeriod(limits.cpu_quota, version, planner);
  const uint64_t burst_now = planner.Now(files.burst);
  planner.Refuse(CheckBandwidth(limits.cpu_burst_usec, burst_now,
                                quota.has_value()
                                    ? QuotaUsec(*quota)
                                    : QuotaInForce(files.quota, planner)));

  const auto add_burst = [&] {
    const std::string burst = absl::StrCat(*limits.cpu_burst_usec);
    planner.Add(kCpu, files.burst, burst, burst);
  };
  const bool has_burst = limits.cpu_burst_usec.has_value();
  const bool shrinks = has_burst && *limits.cpu_burst_usec < burst_now;
  if (shrinks) add_burst();
  if (quota.has_value()) PlanQuota(*quota, version, planner);
  if (has_burst && !shrinks) add_burst();
}

}  // namespace

std::vector<LimitFile> CpuFilesOf(const ResourceLimits& limits,
                                  CgroupVersion version) {
  const CpuFiles& names = FilesOf(version);
  std::vector<LimitFile> files;
  const auto add_if = [&files](bool wanted, const char* file) {
    if (wanted) files.push_back({kCpu, file});
  };
  const bool has_shares = limits.cpu_shares.has_value();
  const bool has_bandwidth =
      limits.cpu_quota.has_value() || limits.cpu_burst_usec.has_value();
  // The kernel changes the shares of a task that becomes idle, or no more is.
  add_if(has_shares || limits.cpu_idle.has_value(), names.shares);
  add_if(has_shares || limits.cpu_idle.has_value(), kIdle);
  add_if(has_bandwidth, names.quota);
  add_if(limits.cpu_quota.has_value() && version == CgroupVersion::kV1,
         kPeriod);
  add_if(has_bandwidth, names.burst);
  return files;
}

void PlanCpu(const ResourceLimits& limits, CgroupVersion version,
             CpuWeightMapping mapping, LimitPlanner& planner) {
  PlanIdleAndShares(limits, version, mapping, planner);
  PlanBandwidth(limits, version, planner);
}

}  // namespace reeve
