#include "tests/integration/memory_limit_cases.h"

#include <cmath>
#include <cstdint>
#include <optional>

namespace reeve {
namespace {

constexpr uint64_t kMiB = 1 << 20;
constexpr double kPage = 4096;

bool SameInPages(double in_force, double value) {
  return in_force == std::floor(value / kPage) * kPage;
}

bool IsMemoryV1(const KernelTexts& kernel) {
  return kernel.Has("memory.limit_in_bytes");
}

// At least what a sleeping task needs; now and then none, or too little for the
// kernel.
Bound SomeMemory(Random& random) {
  if (random.OneIn(8)) return Bound::Unlimited();
  if (random.OneIn(8)) return Bound::Of(random.Between(0, 4095));
  return Bound::Of(random.Between(64 * kMiB, 512 * kMiB));
}

}  // namespace

std::vector<LimitCase> MemoryLimitCases() {
  return {
      {"memory",
       {{"memory", "memory.limit_in_bytes"},
        {"memory", "memory.swappiness"},
        {"memory", "memory.max"}},
       "memory",
       64 * kMiB,
       128 * kMiB,
       kNoLimit,
       [](double value, ResourceLimits& limits) {
         limits.memory_bytes = BoundOf(value);
       },
       [](Random& random, ResourceLimits& limits) {
         limits.memory_bytes = SomeMemory(random);
       },
       [](const ResourceLimits& limits) {
         return NumberOf(limits.memory_bytes);
       },
       [](const KernelTexts& kernel) {
         return kernel.Number(
             IsMemoryV1(kernel) ? "memory.limit_in_bytes" : "memory.max",
             kNoLimit);
       },
       [](const LimitReport& report) -> std::optional<double> {
         return NumberOr(report.values.memory_bytes, kNoLimit);
       },
       SameInPages},
      {"memory-swap",
       {{"memory", "memory.memsw.limit_in_bytes"},
        {"memory", "memory.swap.max"}},
       "swap|memory.memsw",
       16 * kMiB,
       32 * kMiB,
       kNoLimit,
       [](double value, ResourceLimits& limits) {  // On v1 there is none
                                                   // without a memory limit.
         limits.memory_bytes = Bound::Of(64 * kMiB);
         limits.memory_swap_bytes = BoundOf(value);
       },
       [](Random& random, ResourceLimits& limits) {
         limits.memory_swap_bytes =
             random.OneIn(4) ? Bound::Unlimited()
                             : Bound::Of(random.Between(0, 64) * kMiB);
       },
       // A memory limit turns it off, and its end on again.
       [](const ResourceLimits& limits) -> std::optional<double> {
         if (limits.memory_swap_bytes)
           return NumberOf(limits.memory_swap_bytes);
         if (!limits.memory_bytes) return std::nullopt;
         return limits.memory_bytes->value.has_value() ? 0 : kNoLimit;
       },
       [](const KernelTexts& kernel) {
         if (!IsMemoryV1(kernel)) {
           return kernel.Number("memory.swap.max", kNoLimit);
         }
         const double both =
             kernel.Number("memory.memsw.limit_in_bytes", kNoLimit);
         return both == kNoLimit
                    ? kNoLimit
                    : both - kernel.Number("memory.limit_in_bytes", 0);
       },
       [](const LimitReport& report) -> std::optional<double> {
         return NumberOr(report.values.memory_swap_bytes, kNoLimit);
       },
       SameInPages},
      {"memory-high",
       {{"memory", "memory.high"}},
       "memory.high",
       64 * kMiB,
       96 * kMiB,
       kNoLimit,
       [](double value, ResourceLimits& limits) {
         limits.memory_high_bytes = BoundOf(value);
       },
       [](Random& random, ResourceLimits& limits) {
         limits.memory_high_bytes = SomeMemory(random);
       },
       [](const ResourceLimits& limits) {
         return NumberOf(limits.memory_high_bytes);
       },
       [](const KernelTexts& kernel) {
         return kernel.Number("memory.high", kNoLimit);
       },
       [](const LimitReport& report) -> std::optional<double> {
         return NumberOr(report.values.memory_high_bytes, kNoLimit);
       },
       SameInPages},
      {"memory-low",
       {{"memory", "memory.low"}},
       "memory.low",
       32 * kMiB,
       16 * kMiB,
       0,
       [](double value, ResourceLimits& limits) {
         limits.memory_low_bytes = static_cast<uint64_t>(value);
       },
       [](Random& random, ResourceLimits& limits) {
         limits.memory_low_bytes = random.Between(0, 300 * kMiB);
       },
       [](const ResourceLimits& limits) {
         return NumberOf(limits.memory_low_bytes);
       },
       [](const KernelTexts& kernel) { return kernel.Number("memory.low", 0); },
       [](const LimitReport& report) -> std::optional<double> {
         return NumberOr(report.values.memory_low_bytes, 0);
       },
       SameInPages},
      {"memory-min",
       {{"memory", "memory.min"}},
       "memory.min",
       32 * kMiB,
       16 * kMiB,
       0,
       [](double value, ResourceLimits& limits) {
         limits.memory_min_bytes = static_cast<uint64_t>(value);
       },
       [](Random& random, ResourceLimits& limits) {
         limits.memory_min_bytes = random.Between(0, 300 * kMiB);
       },
       [](const ResourceLimits& limits) {
         return NumberOf(limits.memory_min_bytes);
       },
       [](const KernelTexts& kernel) { return kernel.Number("memory.min", 0); },
       [](const LimitReport& report) -> std::optional<double> {
         return NumberOr(report.values.memory_min_bytes, 0);
       },
       SameInPages},
      {"oom-group",
       {{"memory", "memory.oom.group"}},
       "memory.oom.group",
       1,
       0,
       0,
       [](double value, ResourceLimits& limits) {
         limits.memory_oom_group = value != 0;
       },
       [](Random& random, ResourceLimits& limits) {
         limits.memory_oom_group = random.OneIn(2);
       },
       [](const ResourceLimits& limits) {
         return NumberOf(limits.memory_oom_group);
       },
       [](const KernelTexts& kernel) {
         return kernel.Number("memory.oom.group", 0);
       },
       [](const LimitReport& report) -> std::optional<double> {
         return NumberOr(report.values.memory_oom_group, 0);
       },
       SameNumber},
  };
}

}  // namespace reeve
