#include "tests/integration/device_limit_cases.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/cpu_list.h"
#include "base/quantity.h"

namespace reeve {
namespace {

constexpr uint64_t kMiB = 1 << 20;

double MaskOf(const CpuList& list) {
  double mask = 0;
  for (const uint32_t member : list) mask += std::exp2(member);
  return mask;
}

// "" is `all`.
double MaskOf(const std::string& text, const CpuList& all) {
  const absl::StatusOr<CpuList> list = ParseCpuList(text);
  return !list.ok() || list->empty() ? MaskOf(all) : MaskOf(*list);
}

std::string ListOf(double mask, const CpuList& all) {
  CpuList members;
  for (const uint32_t member : all) {
    if (std::fmod(std::floor(mask / std::exp2(member)), 2) == 1) {
      members.push_back(member);
    }
  }
  return members == all ? "" : FormatCpuList(members);
}

// Any, all or one that is not there.
std::string SomeList(const CpuList& all, Random& random) {
  CpuList members;
  for (const uint32_t member : all) {
    if (random.OneIn(2)) members.push_back(member);
  }
  if (random.OneIn(8)) members.push_back(all.back() + 1);
  return FormatCpuList(members);
}

LimitCase CpusetCase(const std::string& name, const std::string& file,
                     const CpuList& all,
                     std::optional<std::string> ResourceLimits::*asked,
                     std::optional<std::string> LimitValues::*reported) {
  LimitCase limit;
  limit.name = name;
  limit.files = {{"cpuset", file}};
  limit.refusal = "cpuset";
  limit.first = std::exp2(all.back());
  limit.second = std::exp2(all.front());
  limit.none = MaskOf(all);
  limit.set = [all, asked](double value, ResourceLimits& limits) {
    limits.*asked = ListOf(value, all);
  };
  limit.ask = [all, asked](Random& random, ResourceLimits& limits) {
    limits.*asked = SomeList(all, random);
  };
  limit.wanted =
      [all, asked](const ResourceLimits& limits) -> std::optional<double> {
    if (!(limits.*asked).has_value()) return std::nullopt;
    return MaskOf(*(limits.*asked), all);
  };
  limit.in_force = [all, file](const KernelTexts& kernel) {
    return MaskOf(kernel.Text(file), all);
  };
  limit.reported =
      [all, reported](const LimitReport& report) -> std::optional<double> {
    return MaskOf((report.values.*reported).value_or(""), all);
  };
  limit.same = SameNumber;
  return limit;
}

// Each kernel has at most one on v1, and may have two on v2. 100 is the default
// of all but the oldest, which counts to 1000 in steps of 5.
LimitCase WeightCase() {
  LimitCase limit;
  limit.name = "io-weight";
  limit.files = {{"blkio", "blkio.weight"},
                 {"blkio", "blkio.bfq.weight"},
                 {"io", "io.weight"},
                 {"io", "io.bfq.weight"}};
  limit.refusal = "io limit|weight: this kernel has no such";
  limit.first = 150;
  limit.second = 50;
  limit.none = 100;
  limit.set = [](double value, ResourceLimits& limits) {
    limits.io_weight = static_cast<uint32_t>(value);
  };
  limit.ask = [](Random& random, ResourceLimits& limits) {
    limits.io_weight = static_cast<uint32_t>(random.Between(0, 1100));
  };
  limit.wanted = [](const ResourceLimits& limits) {
    return NumberOf(limits.io_weight);
  };
  limit.in_force = [](const KernelTexts& kernel) -> double {
    if (kernel.Has("blkio.weight")) {
      return kernel.Number("blkio.weight", 0) / 5;
    }
    for (const char* file :
         {"io.weight", "io.bfq.weight", "blkio.bfq.weight"}) {
      if (!kernel.Has(file)) continue;
      const std::string weight = kernel.Line(file, "default");
      return weight.empty() ? kernel.Number(file, 0) : NumberInText(weight);
    }
    return 100;
  };
  limit.reported = [](const LimitReport& report) -> std::optional<double> {
    return NumberOr(report.values.io_weight, 100);
  };
  limit.same = SameNumber;
  return limit;
}

// One of the rates of a disk.
struct Rate {
  const char* name;
  const char* v1_file;
  const char* v2_key;
  double first;
  std::optional<Bound> IoMax::*asked;
  std::optional<uint64_t> IoLimitValues::*reported;
};

constexpr Rate kRates[] = {
    {"io-read-bps", "blkio.throttle.read_bps_device", "rbps=", kMiB,
     &IoMax::read_bps, &IoLimitValues::read_bytes},
    {"io-write-bps", "blkio.throttle.write_bps_device", "wbps=", kMiB,
     &IoMax::write_bps, &IoLimitValues::write_bytes},
    {"io-read-iops", "blkio.throttle.read_iops_device", "riops=", 100,
     &IoMax::read_iops, &IoLimitValues::read_operations},
    {"io-write-iops", "blkio.throttle.write_iops_device", "wiops=", 100,
     &IoMax::write_iops, &IoLimitValues::write_operations},
};

double RateIn(const KernelTexts& kernel, const Rate& rate,
              const std::string& disk) {
  if (kernel.Has(rate.v1_file)) {
    return NumberInText(kernel.Line(rate.v1_file, disk));
  }
  const std::string line = kernel.Line("io.max", disk);
  for (absl::string_view word : absl::StrSplit(line, ' ')) {
    if (absl::ConsumePrefix(&word, rate.v2_key)) {
      return NumberInText(std::string(word));
    }
  }
  return kNoLimit;
}

void AskFor(const Rate& rate, const std::string& disk, const Bound& bound,
            ResourceLimits& limits) {
  if (limits.io_max.empty()) limits.io_max.emplace_back().device = disk;
  limits.io_max.back().*rate.asked = bound;
}

Bound SomeRate(Random& random) {
  if (random.OneIn(5)) return Bound::Unlimited();
  if (random.OneIn(12)) return Bound::Of(random.Between(0, 1));
  return Bound::Of(random.Between(2, 100 * kMiB));
}

LimitCase RateCase(const Rate& rate, const std::string& disk) {
  LimitCase limit;
  limit.name = rate.name;
  limit.files = {{"blkio", rate.v1_file}, {"io", "io.max"}};
  limit.refusal = absl::StrCat("io limit|", disk);
  limit.first = rate.first;
  limit.second = 4 * rate.first;
  limit.none = kNoLimit;
  limit.set = [rate, disk](double value, ResourceLimits& limits) {
    AskFor(rate, disk, BoundOf(value), limits);
  };
  limit.ask = [rate, disk](Random& random, ResourceLimits& limits) {
    AskFor(rate, disk, SomeRate(random), limits);
  };
  limit.wanted = [rate](const ResourceLimits& limits) -> std::optional<double> {
    if (limits.io_max.empty()) return std::nullopt;
    return NumberOf(limits.io_max.back().*rate.asked);
  };
  limit.in_force = [rate, disk](const KernelTexts& kernel) {
    return RateIn(kernel, rate, disk);
  };
  limit.reported = [rate,
                    disk](const LimitReport& report) -> std::optional<double> {
    for (const IoLimitValues& io : report.values.io) {
      if (io.device == disk) return NumberOr(io.*rate.reported, kNoLimit);
    }
    return kNoLimit;
  };
  limit.same = SameNumber;
  return limit;
}

LimitCase HugePagesCase(const std::string& size) {
  const auto page = static_cast<double>(ParseSize(size).value_or(2 * kMiB));
  const std::string v1_file = absl::StrCat("hugetlb.", size, ".limit_in_bytes");
  const std::string v2_file = absl::StrCat("hugetlb.", size, ".max");

  LimitCase limit;
  limit.name = "hugetlb";
  limit.files = {{"hugetlb", v1_file}, {"hugetlb", v2_file}};
  limit.refusal = "huge pages";
  limit.first = 4 * page;
  limit.second = 0;
  limit.none = kNoLimit;
  limit.set = [size](double value, ResourceLimits& limits) {
    limits.hugetlb = {{size, BoundOf(value)}};
  };
  limit.ask = [size](Random& random, ResourceLimits& limits) {
    limits.hugetlb = {{random.OneIn(10) ? "3MB" : size,
                       random.OneIn(4)
                           ? Bound::Unlimited()
                           : Bound::Of(random.Between(0, 1024 * kMiB))}};
  };
  limit.wanted = [](const ResourceLimits& limits) -> std::optional<double> {
    if (limits.hugetlb.empty()) return std::nullopt;
    return NumberOr(limits.hugetlb.back().bytes.value, kNoLimit);
  };
  limit.in_force = [v1_file, v2_file](const KernelTexts& kernel) {
    return kernel.Number(kernel.Has(v1_file) ? v1_file : v2_file, kNoLimit);
  };
  limit.reported = [size](const LimitReport& report) -> std::optional<double> {
    for (const HugetlbLimitValue& value : report.values.hugetlb) {
      if (value.page_size == size) return static_cast<double>(value.bytes);
    }
    return kNoLimit;
  };
  limit.same = [page](double in_force, double value) {
    return in_force == std::floor(value / page) * page;
  };
  return limit;
}

}  // namespace

std::vector<LimitCase> DeviceLimitCases(const LimitHost& host) {
  std::vector<LimitCase> cases = {
      CpusetCase("cpuset-cpus", "cpuset.cpus", host.cpus,
                 &ResourceLimits::cpuset_cpus, &LimitValues::cpuset_cpus),
      CpusetCase("cpuset-mems", "cpuset.mems", host.nodes,
                 &ResourceLimits::cpuset_mems, &LimitValues::cpuset_mems),
      WeightCase()};
  for (const Rate& rate : kRates) {
    cases.push_back(RateCase(rate, host.DiskNumber()));
  }
  if (!host.is_hugetlb_kept_by_root) {
    cases.push_back(HugePagesCase(host.huge_page));
  }
  return cases;
}

}  // namespace reeve
