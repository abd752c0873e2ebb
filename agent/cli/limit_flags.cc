#include "agent/cli/limit_flags.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "agent/cli/device_limit_flags.h"
#include "agent/cli/process_limit_flags.h"
#include "base/cpu_list.h"
#include "base/quantity.h"

namespace reeve {
namespace {

absl::Status SetMemory(const std::string& text, v1::Limits* limits) {
  const auto memory = ParseSizeLimit(text);
  if (!memory.ok()) return memory.status();
  limits->clear_memory_bytes();
  limits->set_memory_unlimited(!memory->has_value());
  if (memory->has_value()) limits->set_memory_bytes(**memory);
  return absl::OkStatus();
}

absl::Status SetMemoryHigh(const std::string& text, v1::Limits* limits) {
  const auto high = ParseSizeLimit(text);
  if (!high.ok()) return high.status();
  limits->clear_memory_high_bytes();
  limits->set_memory_high_unlimited(!high->has_value());
  if (high->has_value()) limits->set_memory_high_bytes(**high);
  return absl::OkStatus();
}

absl::Status SetMemoryLow(const std::string& text, v1::Limits* limits) {
  const auto low = ParseSize(text);
  if (!low.ok()) return low.status();
  limits->set_memory_low_bytes(*low);
  return absl::OkStatus();
}

absl::Status SetMemoryMin(const std::string& text, v1::Limits* limits) {
  const auto min = ParseSize(text);
  if (!min.ok()) return min.status();
  limits->set_memory_min_bytes(*min);
  return absl::OkStatus();
}

absl::Status SetMemorySwap(const std::string& text, v1::Limits* limits) {
  const auto swap = ParseSizeLimit(text);
  if (!swap.ok()) return swap.status();
  limits->clear_memory_swap_bytes();
  limits->set_memory_swap_unlimited(!swap->has_value());
  if (swap->has_value()) limits->set_memory_swap_bytes(**swap);
  return absl::OkStatus();
}

absl::StatusOr<bool> ParseYesNo(const std::string& text) {
  if (text == "yes") return true;
  if (text == "no") return false;
  return absl::InvalidArgumentError(
      absl::StrCat(text.empty() ? "\"\"" : text, ": give \"yes\" or \"no\""));
}

absl::Status SetOomGroup(const std::string& text, v1::Limits* limits) {
  const auto oom_group = ParseYesNo(text);
  if (!oom_group.ok()) return oom_group.status();
  limits->set_memory_oom_group(*oom_group);
  return absl::OkStatus();
}

absl::Status SetCpuShares(const std::string& text, v1::Limits* limits) {
  const auto shares = ParseCount(text);
  if (!shares.ok()) return shares.status();
  limits->set_cpu_shares(*shares);
  return absl::OkStatus();
}

absl::Status SetCpus(const std::string& text, v1::Limits* limits) {
  const auto cpus = ParseCpusLimit(text);
  if (!cpus.ok()) return cpus.status();
  limits->clear_cpus();
  limits->set_cpus_unlimited(!cpus->has_value());
  if (cpus->has_value()) limits->set_cpus(**cpus);
  return absl::OkStatus();
}

absl::Status SetCpuPeriod(const std::string& text, v1::Limits* limits) {
  const auto period = ParseDuration(text);
  if (!period.ok()) return period.status();
  limits->set_cpu_period_usec(
      static_cast<uint64_t>(absl::ToInt64Microseconds(*period)));
  return absl::OkStatus();
}

absl::Status SetCpuBurst(const std::string& text, v1::Limits* limits) {
  const auto burst = ParseDuration(text);
  if (!burst.ok()) return burst.status();
  limits->set_cpu_burst_usec(
      static_cast<uint64_t>(absl::ToInt64Microseconds(*burst)));
  return absl::OkStatus();
}

absl::Status SetCpuIdle(const std::string& text, v1::Limits* limits) {
  const auto idle = ParseYesNo(text);
  if (!idle.ok()) return idle.status();
  limits->set_cpu_idle(*idle);
  return absl::OkStatus();
}

absl::Status SetPids(const std::string& text, v1::Limits* limits) {
  const auto pids = ParseCountLimit(text);
  if (!pids.ok()) return pids.status();
  limits->clear_pids();
  limits->set_pids_unlimited(!pids->has_value());
  if (pids->has_value()) limits->set_pids(**pids);
  return absl::OkStatus();
}

absl::Status SetCpuset(const std::string& text, v1::Limits* limits) {
  const auto cpus = ParseCpuList(text);
  if (!cpus.ok()) return cpus.status();
  limits->set_cpuset_cpus(text);
  return absl::OkStatus();
}

absl::Status SetCpusetMems(const std::string& text, v1::Limits* limits) {
  const auto nodes = ParseCpuList(text);
  if (!nodes.ok()) return nodes.status();
  limits->set_cpuset_mems(text);
  return absl::OkStatus();
}

absl::Status SetReservedCpus(const std::string& text, v1::Limits* limits) {
  const auto count = ParseCount(text);
  if (!count.ok()) return count.status();
  // No machine has as many as do not fit.
  limits->set_reserved_cpus(static_cast<uint32_t>(
      std::min<uint64_t>(*count, std::numeric_limits<uint32_t>::max())));
  return absl::OkStatus();
}

absl::Status SetIoWeight(const std::string& text, v1::Limits* limits) {
  const auto weight = ParseCount(text);
  if (!weight.ok()) return weight.status();
  // What does not fit is refused as any other that is too large.
  limits->set_io_weight(static_cast<uint32_t>(
      std::min<uint64_t>(*weight, std::numeric_limits<uint32_t>::max())));
  return absl::OkStatus();
}

}  // namespace

void AddCgroupLimitFlags(FlagSet* flags,
                         const std::function<v1::Limits*()>& limits) {
  using Set = absl::Status (*)(const std::string&, v1::Limits*);
  const auto setter = [&limits](Set set) {
    return
        [limits, set](const std::string& text) { return set(text, limits()); };
  };
  flags->BeginGroup("Limits");
  flags->AddValue("--memory", "SIZE|max",
                  "Memory, such as 256M or 1.5G; turns swap off",
                  setter(SetMemory));
  flags->AddValue("--memory-high", "SIZE|max",
                  "Slow the task down and reclaim above this (cgroup v2)",
                  setter(SetMemoryHigh));
  flags->AddValue("--memory-low", "SIZE",
                  "Memory that is reclaimed last; 0 is none (cgroup v2)",
                  setter(SetMemoryLow));
  flags->AddValue("--memory-min", "SIZE",
                  "Memory that is never reclaimed; 0 is none (cgroup v2)",
                  setter(SetMemoryMin));
  flags->AddValue("--memory-swap", "SIZE|max",
                  "Swap, not counting memory [0 with --memory]",
                  setter(SetMemorySwap));
  flags->AddValue("--oom-group", "yes|no",
                  "Kill the whole task where one of its processes would be, "
                  "for want of memory (cgroup v2)",
                  setter(SetOomGroup));
  flags->AddValue("--cpu-shares", "N",
                  "CPU weight beside other tasks, 2 to 262144; 1024 is an "
                  "ordinary task's",
                  setter(SetCpuShares));
  flags->AddValue("--cpus", "CPUS|max", "CPU time, in cores, such as 0.5",
                  setter(SetCpus));
  flags->AddValue(
      "--cpu-period", "DURATION",
      "Period in which --cpus is granted, 1ms to 1s; 100ms at first",
      setter(SetCpuPeriod));
  flags->AddValue("--cpu-burst", "DURATION",
                  "CPU time beyond --cpus that may be saved up, at most what "
                  "--cpus grants in a period [0]",
                  setter(SetCpuBurst));
  flags->AddValue("--cpu-idle", "yes|no",
                  "Run only when nothing else wants to; excludes --cpu-shares",
                  setter(SetCpuIdle));
  flags->AddValue("--pids", "N|max", "Processes and threads", setter(SetPids));
  flags->AddValue("--cpuset", "LIST",
                  "CPUs to run on, such as 0-1,4; \"\" is all that there are",
                  setter(SetCpuset));
  flags->AddValue("--cpuset-mems", "LIST",
                  "Memory nodes to take memory from, such as 0; \"\" is all",
                  setter(SetCpusetMems));
  flags->AddValue("--io-weight", "N",
                  "Weight of input and output beside other tasks, 1 to 10000; "
                  "100 is an ordinary task's",
                  setter(SetIoWeight));
  flags->AddList(
      "--io-max", "DEVICE,KEY=RATE",
      "Rates of a disk a second, such as /dev/sda,wbps=10M: rbps and "
      "wbps in bytes, riops and wiops in operations, or max; may be "
      "given for each disk",
      setter(SetIoMax));
  flags->AddList("--hugetlb", "PAGESIZE=SIZE|max",
                 "Memory in huge pages, such as 2MB=64M; may be given for each "
                 "page size",
                 setter(SetHugetlb));
}

void AddLimitFlags(FlagSet* flags, const std::function<v1::Limits*()>& limits) {
  AddCgroupLimitFlags(flags, limits);
  flags->AddValue("--reserve-cpus", "N",
                  "CPUs to have alone, chosen by the agent; all other tasks "
                  "without a --cpuset share the rest; 0 gives them back; "
                  "excludes --cpuset",
                  [limits](const std::string& text) {
                    return SetReservedCpus(text, limits());
                  });
  AddProcessLimitFlags(flags, limits);
}

}  // namespace reeve
