#include "agent/cli/limit_flags.h"

#include <optional>
#include <string>

#include "absl/time/time.h"
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

absl::Status SetPids(const std::string& text, v1::Limits* limits) {
  const auto pids = ParseCountLimit(text);
  if (!pids.ok()) return pids.status();
  limits->clear_pids();
  limits->set_pids_unlimited(!pids->has_value());
  if (pids->has_value()) limits->set_pids(**pids);
  return absl::OkStatus();
}

}  // namespace

void AddLimitFlags(FlagSet* flags, const std::function<v1::Limits*()>& limits) {
  using Set = absl::Status (*)(const std::string&, v1::Limits*);
  const auto setter = [&limits](Set set) {
    return
        [limits, set](const std::string& text) { return set(text, limits()); };
  };
  flags->BeginGroup("Limits");
  flags->AddValue("--memory", "SIZE|max",
                  "Memory, such as 256M or 1.5G; turns swap off",
                  setter(SetMemory));
  flags->AddValue("--cpu-shares", "N",
                  "CPU weight beside other tasks, 2 to 262144; 1024 is an "
                  "ordinary task's",
                  setter(SetCpuShares));
  flags->AddValue("--cpus", "CPUS|max", "CPU time, in cores, such as 0.5",
                  setter(SetCpus));
  flags->AddValue("--cpu-period", "DURATION",
                  "Period in which --cpus is granted, 1ms to 1s [100ms]",
                  setter(SetCpuPeriod));
  flags->AddValue("--pids", "N|max", "Processes and threads", setter(SetPids));
}

}  // namespace reeve
