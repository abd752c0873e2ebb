#include "collectors/cgroups/cgroup_sampler.h"

#include <fcntl.h>

#include <tuple>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/status/statusor.h"
#include "base/kernel_number.h"
#include "collectors/cgroup/cgroup_reader.h"
#include "collectors/cgroup/v2/cpu_stat.h"
#include "collectors/cgroups/cgroup_identity.h"
#include "collectors/cgroups/cgroup_limit_reader.h"

namespace reeve {
namespace {

constexpr uint64_t kNanosecondsPerMicrosecond = 1000;

uint32_t PhaseOf(const std::string& path) {
  return static_cast<uint32_t>(absl::Hash<std::string>()(path));
}

// By what is read first where there is a choice: see CpuReader.
std::string UsageFile(const CgroupDirs& dirs) {
  if (dirs.unified.has_value()) return dirs.unified->path + "/cpu.stat";
  if (dirs.cpuacct.has_value()) return dirs.cpuacct->path + "/cpuacct.usage";
  return "";
}

std::optional<uint64_t> ParseUsage(absl::string_view contents, bool is_v2) {
  if (!is_v2) {
    const absl::StatusOr<uint64_t> usage = ParseKernelNumber(contents);
    return usage.ok() ? std::optional<uint64_t>(*usage) : std::nullopt;
  }
  const absl::StatusOr<CpuStatV2> stat = ParseCpuStatV2(contents);
  if (!stat.ok()) return std::nullopt;
  return stat->usage_usec * kNanosecondsPerMicrosecond;
}

std::optional<double> Next(CpuPercentCalculator& calculator,
                           const CgroupSample& sample,
                           std::optional<uint64_t> cpu_ns) {
  if (!cpu_ns.has_value()) return std::nullopt;
  return calculator.Update({sample.inode, *cpu_ns, sample.taken_at});
}

// Those that ReadCgroupLimits() reads.
bool AreEqual(const LimitValues& a, const LimitValues& b) {
  const auto values = [](const LimitValues& limits) {
    return std::tie(limits.memory_bytes, limits.memory_high_bytes,
                    limits.memory_low_bytes, limits.cpu_cores, limits.threads);
  };
  return values(a) == values(b);
}

TaskTarget TargetOf(const std::string& path, absl::Time made_at) {
  TaskTarget target;
  target.id = path;
  target.started_at = made_at;
  const CgroupIdentity identity = IdentifyCgroup(path);
  const auto add = [&target](const char* label, const std::string& value) {
    if (!value.empty()) target.info.emplace_back(label, value);
  };
  add("kind", identity.kind);
  add("unit", identity.unit);
  add("slice", identity.slice);
  add("scope", identity.scope);
  add("container_id", identity.container_id);
  add("pod_id", identity.pod_id);
  add("runtime", identity.runtime);
  return target;
}

}  // namespace

CgroupSampler::CgroupSampler(const std::string& path, CgroupDirs dirs,
                             absl::Time made_at, const Context& context)
    : context_(context),
      target_(std::make_shared<const TaskTarget>(TargetOf(path, made_at))),
      phase_(PhaseOf(path)) {
  Move(std::move(dirs));
}

void CgroupSampler::Move(CgroupDirs dirs) {
  dirs_ = std::move(dirs);
  usage_file_ = UsageFile(dirs_);
  // The next sample is a whole one.
  last_.cpu_usage_ns.reset();
}

void CgroupSampler::Sample(ReadBuffer& buffer, uint32_t most_skipped) {
  // The second time at some point of the first interval.
  const bool is_limits_turn =
      samples_ == 0 || (samples_ + phase_) % kLimitsEvery == 0;
  ++samples_;
  if (is_limits_turn) UpdateLimits(buffer);
  if (skipped_ < most_skipped && Slept(buffer)) {
    ++skipped_;
    last_.taken_at = context_.clock.MonotonicNow();
    return Publish(last_, /*is_unchanged=*/true);
  }
  CgroupSample sample;
  const absl::Status read = ReadWhole(buffer, sample);
  if (absl::IsNotFound(read)) {
    latest_ = nullptr;
    return;
  }
  if (!read.ok()) OnError("cgroups", read);
  skipped_ = latest_ == nullptr ? phase_ % (most_skipped + 1) : 0;
  last_ = sample;
  Publish(sample, /*is_unchanged=*/false);
}

bool CgroupSampler::Slept(ReadBuffer& buffer) const {
  if (usage_file_.empty() || !last_.cpu_usage_ns.has_value()) return false;
  const absl::StatusOr<KeptFile> file =
      KeptFile::Open(AT_FDCWD, usage_file_.c_str());
  if (!file.ok() || !file->Exists()) return false;
  const absl::StatusOr<absl::string_view> contents = file->Read(buffer);
  // What is wrong with it the whole sample tells.
  return contents.ok() &&
         ParseUsage(*contents, dirs_.unified.has_value()) == last_.cpu_usage_ns;
}

absl::Status CgroupSampler::ReadWhole(ReadBuffer& buffer,
                                      CgroupSample& sample) {
  absl::StatusOr<CgroupReader> reader =
      CgroupReader::Open(dirs_, context_.clock);
  if (!reader.ok()) return reader.status();
  return reader->Read(
      buffer,
      [this](absl::string_view collector, const absl::Status& status) {
        OnError(collector, status);
      },
      sample);
}

void CgroupSampler::UpdateLimits(ReadBuffer& buffer) {
  const LimitValues limits = ReadCgroupLimits(
      dirs_, buffer,
      [this](absl::string_view collector, const absl::Status& status) {
        OnError(collector, status);
      });
  if (AreEqual(limits, target_->limits)) return;
  TaskTarget target = *target_;
  target.limits = limits;
  target_ = std::make_shared<const TaskTarget>(std::move(target));
}

void CgroupSampler::Publish(const CgroupSample& sample, bool is_unchanged) {
  TaskSnapshot snapshot;
  snapshot.cpu_percent = Next(percents_.total, sample, sample.cpu_usage_ns);
  snapshot.cpu_user_percent = Next(percents_.user, sample, sample.cpu_user_ns);
  snapshot.cpu_system_percent =
      Next(percents_.system, sample, sample.cpu_system_ns);
  const bool is_as_before =
      is_unchanged && latest_ != nullptr && latest_->target == target_ &&
      latest_->cpu_percent == snapshot.cpu_percent &&
      latest_->cpu_user_percent == snapshot.cpu_user_percent &&
      latest_->cpu_system_percent == snapshot.cpu_system_percent;
  // Most cgroups sleep, and cost no memory then.
  if (is_as_before) return;
  snapshot.target = target_;
  snapshot.taken_at = context_.clock.WallNow();
  snapshot.cgroup = counters_.Update(sample);
  latest_ = std::make_shared<const TaskSnapshot>(std::move(snapshot));
}

void CgroupSampler::OnError(absl::string_view collector,
                            const absl::Status& status) const {
  context_.observer.OnError(collector, status);
}

}  // namespace reeve
