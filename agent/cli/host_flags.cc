#include "agent/cli/host_flags.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/name_pattern.h"
#include "base/quantity.h"

namespace reeve {
namespace {

constexpr absl::Duration kShortestInterval = absl::Seconds(1);

// `Target` is a NamePattern, or may be none.
template <typename Target>
FlagSet::Setter PatternTo(Target* target) {
  return [target](const std::string& text) {
    absl::StatusOr<NamePattern> pattern = NamePattern::Compile(text);
    if (!pattern.ok()) return pattern.status();
    *target = *std::move(pattern);
    return absl::OkStatus();
  };
}

absl::Status SetInterval(const std::string& text, absl::Duration* target) {
  const absl::StatusOr<absl::Duration> interval = ParseDuration(text);
  if (!interval.ok()) return interval.status();
  if (*interval < kShortestInterval) {
    return absl::InvalidArgumentError(absl::StrCat(
        text, ": use ", absl::FormatDuration(kShortestInterval), " or more"));
  }
  *target = *interval;
  return absl::OkStatus();
}

}  // namespace

void AddHostFlags(FlagSet* flags, HostOptions* options) {
  flags->BeginGroup("The machine beside the tasks (docs/host.md)");
  flags->AddToggle("collector.host",
                   "CPU, memory, load, pressure, disks and network of the "
                   "machine",
                   &options->has_host);
  flags->AddValue("--collector.host.disk-exclude", "REGEX",
                  "Disks that are left out [partitions, loop, ram, zram, sr, "
                  "fd]",
                  PatternTo(&options->disk_exclude));
  flags->AddValue("--collector.host.network-exclude", "REGEX",
                  "Network interfaces that are left out [lo, veth* and the "
                  "like]",
                  PatternTo(&options->network_exclude));
  flags->AddToggle("collector.filesystems", "How full file systems are",
                   &options->has_filesystems);
  flags->AddValue("--collector.filesystems.interval", "DURATION",
                  "How often, 1s or more [30s]",
                  [options](const std::string& text) {
                    return SetInterval(text, &options->filesystem_interval);
                  });
  flags->AddValue("--collector.filesystems.type-exclude", "REGEX",
                  "Types that are left out [proc, tmpfs, overlay and the like]",
                  PatternTo(&options->filesystem_type_exclude));
  flags->AddValue("--collector.filesystems.mount-exclude", "REGEX",
                  "Mount points that are left out [none]",
                  PatternTo(&options->mount_exclude));
}

}  // namespace reeve
