#include "agent/cli/cgroups_flags.h"

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/quantity.h"

namespace reeve {
namespace {

constexpr absl::Duration kShortestInterval = absl::Milliseconds(100);
// Each takes some 5 KB, and 26 series on the page.
constexpr uint32_t kMostCgroups = 1'000'000;

absl::Status SetInterval(const std::string& text, CgroupsOptions* options) {
  const absl::StatusOr<absl::Duration> interval = ParseDuration(text);
  if (!interval.ok()) return interval.status();
  if (*interval < kShortestInterval) {
    return absl::InvalidArgumentError(absl::StrCat(
        text, ": use ", absl::FormatDuration(kShortestInterval), " or more"));
  }
  options->interval = *interval;
  return absl::OkStatus();
}

absl::Status SetMax(const std::string& text, CgroupsOptions* options) {
  uint32_t max = 0;
  if (!absl::SimpleAtoi(text, &max) || max == 0 || max > kMostCgroups) {
    return absl::InvalidArgumentError(absl::StrCat(text.empty() ? "\"\"" : text,
                                                   ": use a number from 1 to ",
                                                   kMostCgroups));
  }
  options->max = max;
  return absl::OkStatus();
}

}  // namespace

void AddCgroupsFlags(FlagSet* flags, CgroupsOptions* options) {
  flags->BeginGroup("Other cgroups of the host (docs/cgroups.md)");
  flags->AddToggle("collector.cgroups",
                   "Measure every cgroup that the agent did not make, such as "
                   "those of services and containers",
                   &options->is_enabled);
  flags->AddValue("--collector.cgroups.include", "REGEX",
                  "Those alone whose whole path matches, such as "
                  "/system\\.slice/.+ [all]",
                  [options](const std::string& text) {
                    return options->filter.SetInclude(text);
                  });
  flags->AddValue("--collector.cgroups.exclude", "REGEX",
                  "None of these [none]", [options](const std::string& text) {
                    return options->filter.SetExclude(text);
                  });
  flags->AddValue("--collector.cgroups.interval", "DURATION",
                  "Time between two readings, 100ms or more [5s, or that of "
                  "samples if it is longer]",
                  [options](const std::string& text) {
                    return SetInterval(text, options);
                  });
  flags->AddValue(
      "--collector.cgroups.max", "N",
      "How many at most; what is left out is counted [10000]",
      [options](const std::string& text) { return SetMax(text, options); });
}

}  // namespace reeve
