#include "enforcement/spec/resource_limits.h"

#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "enforcement/spec/cpuset_rules.h"
#include "enforcement/spec/hugetlb_rules.h"
#include "enforcement/spec/io_rules.h"
#include "enforcement/spec/process_limit_rules.h"

namespace reeve {
namespace {

constexpr uint64_t kMinShares = 2;
constexpr uint64_t kMaxShares = 262'144;
constexpr uint64_t kMinPeriodUsec = 1'000;
constexpr uint64_t kMaxPeriodUsec = 1'000'000;
constexpr double kMinQuotaUsec = 1'000;
// The scheduler keeps 44 bits of quota: max_bw_runtime in kernel/sched.
constexpr double kMaxQuotaUsec = static_cast<double>((uint64_t{1} << 44) - 1);
// PID_MAX_LIMIT of 64-bit kernels.
constexpr uint64_t kMaxPids = 4'194'304;

uint64_t PageSize() { return static_cast<uint64_t>(sysconf(_SC_PAGESIZE)); }

// The kernel's own number for "no limit" begins above.
absl::Status ValidateBytes(absl::string_view limit, uint64_t bytes) {
  if (bytes <= std::numeric_limits<int64_t>::max() - PageSize()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(limit, " of ", bytes, " bytes: give \"max\" for no limit"));
}

absl::Status ValidateMemory(absl::string_view limit, const Bound& memory) {
  if (!memory.value.has_value()) return absl::OkStatus();
  if (*memory.value < PageSize()) {
    return absl::InvalidArgumentError(
        absl::StrCat(limit, " of ", *memory.value,
                     " bytes: give at least one page, ", PageSize(), " bytes"));
  }
  return ValidateBytes(limit, *memory.value);
}

absl::Status ValidateProtection(absl::string_view limit, uint64_t bytes) {
  if (bytes <= std::numeric_limits<int64_t>::max() - PageSize()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      limit, " of ", bytes, " bytes: give less than a machine can have"));
}

absl::Status ValidateAllMemory(const ResourceLimits& limits) {
  absl::Status status;
  if (limits.memory_bytes) {
    status.Update(ValidateMemory("memory limit", *limits.memory_bytes));
  }
  if (limits.memory_high_bytes) {
    status.Update(ValidateMemory("memory high", *limits.memory_high_bytes));
  }
  if (limits.memory_low_bytes) {
    status.Update(ValidateProtection("memory low", *limits.memory_low_bytes));
  }
  if (limits.memory_min_bytes) {
    status.Update(ValidateProtection("memory min", *limits.memory_min_bytes));
  }
  if (limits.memory_swap_bytes && limits.memory_swap_bytes->value) {
    status.Update(
        ValidateBytes("swap limit", *limits.memory_swap_bytes->value));
  }
  if (limits.memory_bytes && limits.memory_bytes->value) {
    status.Update(CheckBelowMemory(limits, *limits.memory_bytes->value));
  }
  return status;
}

absl::Status ValidateShares(uint64_t shares) {
  if (shares >= kMinShares && shares <= kMaxShares) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("CPU shares of ", shares, ": give ", kMinShares, " to ",
                   kMaxShares, " (1024 is the default)"));
}

absl::Status ValidatePeriod(uint64_t period_usec) {
  if (period_usec >= kMinPeriodUsec && period_usec <= kMaxPeriodUsec) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("CPU period of ", period_usec, " us: give ", kMinPeriodUsec,
                   " to ", kMaxPeriodUsec, " us"));
}

absl::Status ValidateQuotaOfPeriod(double cores, uint64_t period_usec) {
  const auto period = static_cast<double>(period_usec);
  // Half a microsecond below is rounded up when it is written.
  if (std::round(cores * period) < kMinQuotaUsec) {
    return absl::InvalidArgumentError(
        absl::StrCat("CPU limit of ", cores, " cores: give at least ",
                     kMinQuotaUsec / period, " with a period of ", period_usec,
                     " us, or a longer period: the kernel grants no less than ",
                     kMinQuotaUsec, " us in a period"));
  }
  if (cores * period > kMaxQuotaUsec) {
    return absl::InvalidArgumentError(absl::StrCat(
        "CPU limit of ", cores, " cores: give \"max\" for no limit"));
  }
  return absl::OkStatus();
}

absl::Status ValidateBurst(const ResourceLimits& limits) {
  const uint64_t burst = *limits.cpu_burst_usec;
  if (!limits.cpu_quota.has_value()) return absl::OkStatus();
  const CpuQuota& quota = *limits.cpu_quota;
  if (!quota.cores.has_value()) {
    return burst == 0 ? absl::OkStatus() : BurstWithoutQuota(burst);
  }
  if (!quota.period_usec.has_value()) return absl::OkStatus();
  return CheckBurst(
      burst, static_cast<uint64_t>(std::llround(
                 *quota.cores * static_cast<double>(*quota.period_usec))));
}

absl::Status ValidatePids(const Bound& pids) {
  if (!pids.value.has_value()) return absl::OkStatus();
  if (*pids.value >= 1 && *pids.value <= kMaxPids) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("pids limit of ", *pids.value,
                                                 ": give 1 to ", kMaxPids,
                                                 ", or \"max\" for no limit"));
}

}  // namespace

absl::Status ValidateQuota(const CpuQuota& quota) {
  if (quota.period_usec.has_value()) {
    absl::Status status = ValidatePeriod(*quota.period_usec);
    if (!status.ok()) return status;
  }
  if (!quota.cores.has_value()) return absl::OkStatus();

  const double cores = *quota.cores;
  if (!std::isfinite(cores) || cores <= 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "CPU limit of ", cores, " cores: give more than 0, such as 0.5"));
  }
  if (!quota.period_usec.has_value()) return absl::OkStatus();
  return ValidateQuotaOfPeriod(cores, *quota.period_usec);
}

absl::Status SharesOfIdle(uint64_t shares) {
  return absl::InvalidArgumentError(absl::StrCat(
      "CPU shares of ", shares,
      ": an idle task has none; make it not idle to give it some"));
}

absl::Status BurstWithoutQuota(uint64_t burst_usec) {
  return absl::InvalidArgumentError(absl::StrCat(
      "CPU burst of ", burst_usec,
      " us: give a CPU limit too, since without one there is nothing to save"));
}

absl::Status CheckBurst(uint64_t burst_usec, uint64_t quota_usec) {
  if (burst_usec <= quota_usec) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("CPU burst of ", burst_usec,
                   " us: give no more than the CPU limit grants in a period, ",
                   "which is ", quota_usec, " us"));
}

absl::Status CheckBelowMemory(const ResourceLimits& limits,
                              uint64_t memory_bytes) {
  std::optional<uint64_t> high;
  if (limits.memory_high_bytes) high = limits.memory_high_bytes->value;
  const std::pair<absl::string_view, std::optional<uint64_t>> values[] = {
      {"memory high", high},
      {"memory low", limits.memory_low_bytes},
      {"memory min", limits.memory_min_bytes}};
  for (const auto& [name, value] : values) {
    if (!value.has_value() || *value <= memory_bytes) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        name, " of ", *value,
        " bytes: give no more than the memory limit, which is ", memory_bytes));
  }
  return absl::OkStatus();
}

absl::Status ValidateLimits(const ResourceLimits& limits) {
  absl::Status status;
  status.Update(ValidateAllMemory(limits));
  if (limits.cpu_shares) status.Update(ValidateShares(*limits.cpu_shares));
  if (limits.cpu_quota) status.Update(ValidateQuota(*limits.cpu_quota));
  if (limits.cpu_burst_usec && status.ok()) {
    status.Update(ValidateBurst(limits));
  }
  if (limits.cpu_shares && limits.cpu_idle.value_or(false)) {
    status.Update(SharesOfIdle(*limits.cpu_shares));
  }
  if (limits.pids) status.Update(ValidatePids(*limits.pids));
  status.Update(ValidateProcessLimits(limits));
  status.Update(ValidateCpuset(limits));
  status.Update(ValidateIo(limits));
  status.Update(ValidateHugetlb(limits));
  return status;
}

}  // namespace reeve
