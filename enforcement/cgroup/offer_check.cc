#include "enforcement/cgroup/offer_check.h"

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

struct Need {
  bool needed;
  const char* limit;
  const char* controller;
};

}  // namespace

absl::Status CheckOffered(
    const ResourceLimits& limits,
    const std::map<std::string, std::string>& why_missing) {
  const Need needs[] = {
      {limits.has_memory(), "memory limit", "memory"},
      {limits.cpu_shares.has_value(), "CPU shares", "cpu"},
      {limits.has_cpu(), "CPU limit", "cpu"},
      {limits.pids.has_value(), "pids limit", "pids"},
      {limits.has_cpuset(), "cpuset", "cpuset"},
      {limits.has_io(), "io limit", "io"},
      {limits.has_io(), "io limit", "blkio"},
      {!limits.hugetlb.empty(), "limit of huge pages", "hugetlb"},
  };
  for (const Need& need : needs) {
    if (!need.needed) continue;
    const auto why = why_missing.find(need.controller);
    if (why == why_missing.end()) continue;
    return absl::UnavailableError(absl::StrCat("no ", need.limit,
                                               " can be set: ", need.controller,
                                               ": ", why->second));
  }
  return absl::OkStatus();
}

}  // namespace reeve
