#include "tests/integration/cpu_limit_cases.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "enforcement/cgroup/cpu_weight.h"

namespace reeve {
namespace {

constexpr double kUsecPerSecond = 1e6;

bool SameMicroseconds(double in_force, double value) {
  return in_force == value || std::abs(in_force - value) < 1e-3;
}

// The kernel keeps whole microseconds of a period.
bool SameCores(double in_force, double value) {
  return in_force == value || std::abs(in_force - value) < 2e-3;
}

bool SameWeight(double in_force, double value) {
  return CpuWeightFromShares(static_cast<uint64_t>(in_force)) ==
         CpuWeightFromShares(static_cast<uint64_t>(value));
}

bool IsCpuV1(const KernelTexts& kernel) { return kernel.Has("cpu.shares"); }

CpuQuota SomeQuota(Random& random) {
  CpuQuota quota;
  if (!random.OneIn(3)) {
    quota.period_usec =
        random.OneIn(4) ? random.Between(10, 1'100'000) : 100'000;
  }
  if (random.OneIn(6)) return quota;
  quota.cores = random.OneIn(8)
                    ? 0.00001 * static_cast<double>(random.Between(0, 9))
                    : 0.01 * static_cast<double>(random.Between(1, 800));
  return quota;
}

}  // namespace

std::vector<LimitCase> CpuLimitCases() {
  return {
      {"cpu-shares",
       {{"cpu", "cpu.shares"}, {"cpu", "cpu.weight"}},
       "cpu",
       2048,
       512,
       1024,
       [](double value, ResourceLimits& limits) {
         limits.cpu_shares = static_cast<uint64_t>(value);
       },
       [](Random& random, ResourceLimits& limits) {
         limits.cpu_shares = random.OneIn(6) ? random.Between(0, 1)
                                             : random.Between(2, 300'000);
       },
       [](const ResourceLimits& limits) { return NumberOf(limits.cpu_shares); },
       [](const KernelTexts& kernel) -> double {
         // What an idle task shows instead is no weight of its own.
         if (kernel.Number("cpu.idle", 0) == 1) return 1024;
         if (IsCpuV1(kernel)) return kernel.Number("cpu.shares", 1024);
         return static_cast<double>(CpuSharesFromWeight(
             static_cast<uint64_t>(kernel.Number("cpu.weight", 100))));
       },
       [](const LimitReport& report) -> std::optional<double> {
         return NumberOr(report.values.cpu_shares, 1024);
       },
       SameWeight},
      {"cpus",
       {{"cpu", "cpu.cfs_quota_us"},
        {"cpu", "cpu.cfs_period_us"},
        {"cpu", "cpu.max"}},
       "cpu",
       0.5,
       0.25,
       kNoLimit,
       [](double value, ResourceLimits& limits) {
         limits.cpu_quota = CpuQuota();
         if (value != kNoLimit) limits.cpu_quota->cores = value;
       },
       [](Random& random, ResourceLimits& limits) {
         limits.cpu_quota = SomeQuota(random);
       },
       [](const ResourceLimits& limits) -> std::optional<double> {
         if (!limits.cpu_quota) return std::nullopt;
         return limits.cpu_quota->cores.value_or(kNoLimit);
       },
       [](const KernelTexts& kernel) {
         if (IsCpuV1(kernel)) {
           return kernel.Number("cpu.cfs_quota_us", kNoLimit) /
                  kernel.Number("cpu.cfs_period_us", 1);
         }
         const std::vector<std::string> words =
             absl::StrSplit(kernel.Text("cpu.max"), ' ');
         double period = 1;
         if (words.size() != 2 || words[0] == "max" ||
             !absl::SimpleAtod(words[1], &period)) {
           return kNoLimit;
         }
         return kernel.Number("cpu.max", kNoLimit) / period;
       },
       [](const LimitReport& report) -> std::optional<double> {
         return NumberOr(report.values.cpu_cores, kNoLimit);
       },
       SameCores},
      {"cpu-period",
       {{"cpu", "cpu.cfs_period_us"}, {"cpu", "cpu.max"}},
       "cpu",
       50'000,
       20'000,
       100'000,
       [](double value, ResourceLimits& limits) {
         limits.cpu_quota = CpuQuota{0.5, static_cast<uint64_t>(value)};
       },
       [](Random& random, ResourceLimits& limits) {
         limits.cpu_quota = SomeQuota(random);
       },
       [](const ResourceLimits& limits) -> std::optional<double> {
         if (!limits.cpu_quota) return std::nullopt;
         return NumberOf(limits.cpu_quota->period_usec);
       },
       [](const KernelTexts& kernel) {
         if (IsCpuV1(kernel)) {
           return kernel.Number("cpu.cfs_period_us", kNoLimit);
         }
         const std::string both = kernel.Text("cpu.max");
         return NumberInText(both.substr(both.find(' ') + 1));
       },
       [](const LimitReport& report) -> std::optional<double> {
         if (!report.values.cpu_period_seconds) return std::nullopt;
         return *report.values.cpu_period_seconds * kUsecPerSecond;
       },
       SameMicroseconds},
      {"cpu-burst",
       {{"cpu", "cpu.cfs_burst_us"}, {"cpu", "cpu.max.burst"}},
       "burst",
       20'000,
       40'000,
       0,
       [](double value, ResourceLimits& limits) {
         limits.cpu_quota = CpuQuota{0.5};
         limits.cpu_burst_usec = static_cast<uint64_t>(value);
       },
       [](Random& random, ResourceLimits& limits) {
         limits.cpu_burst_usec =
             random.OneIn(3) ? 0 : random.Between(1, 200'000);
       },
       [](const ResourceLimits& limits) {
         return NumberOf(limits.cpu_burst_usec);
       },
       [](const KernelTexts& kernel) {
         return kernel.Number(
             IsCpuV1(kernel) ? "cpu.cfs_burst_us" : "cpu.max.burst", 0);
       },
       [](const LimitReport& report) -> std::optional<double> {
         return NumberOr(report.values.cpu_burst_seconds, 0) * kUsecPerSecond;
       },
       SameMicroseconds},
      {"cpu-idle",
       {{"cpu", "cpu.idle"}},
       "cpu.idle",
       1,
       0,
       0,
       [](double value, ResourceLimits& limits) {
         limits.cpu_idle = value != 0;
       },
       [](Random& random, ResourceLimits& limits) {
         limits.cpu_idle = random.OneIn(3);
       },
       [](const ResourceLimits& limits) { return NumberOf(limits.cpu_idle); },
       [](const KernelTexts& kernel) { return kernel.Number("cpu.idle", 0); },
       [](const LimitReport& report) -> std::optional<double> {
         return NumberOr(report.values.cpu_idle, 0);
       },
       SameNumber},
      {"pids",
       {{"pids", "pids.max"}},
       "pids",
       16,
       24,
       kNoLimit,
       [](double value, ResourceLimits& limits) {
         limits.pids = BoundOf(value);
       },
       [](Random& random, ResourceLimits& limits) {
         limits.pids = random.OneIn(6) ? Bound::Unlimited()
                                       : Bound::Of(random.Between(0, 1000));
       },
       [](const ResourceLimits& limits) { return NumberOf(limits.pids); },
       [](const KernelTexts& kernel) {
         return kernel.Number("pids.max", kNoLimit);
       },
       [](const LimitReport& report) -> std::optional<double> {
         return NumberOr(report.values.threads, kNoLimit);
       },
       SameNumber},
  };
}

}  // namespace reeve
