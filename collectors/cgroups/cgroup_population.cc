#include "collectors/cgroups/cgroup_population.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/flat_keyed.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

constexpr char kCollector[] = "cgroups";

CgroupPopulation ReadV2(const CgroupHierarchy& hierarchy,
                        ReadErrorSink on_error) {
  const absl::StatusOr<std::string> contents =
      ReadFile(absl::StrCat(hierarchy.mount_point, "/cgroup.stat"));
  absl::StatusOr<CgroupPopulation> population =
      contents.ok() ? ParseCgroupStat(*contents) : contents.status();
  if (population.ok()) return *std::move(population);
  if (!absl::IsNotFound(population.status())) {
    on_error(kCollector, population.status());
  }
  return {};
}

std::optional<uint64_t> FindV1(const CgroupHierarchy& hierarchy,
                               absl::string_view proc_cgroups,
                               ReadErrorSink on_error) {
  const absl::StatusOr<std::optional<uint64_t>> count =
      ParseNumCgroups(proc_cgroups, hierarchy.controllers.front());
  if (count.ok()) return *count;
  on_error(kCollector, count.status());
  return std::nullopt;
}

std::string ReadProcCgroups(const std::string& procfs, ReadErrorSink on_error) {
  absl::StatusOr<std::string> contents =
      ReadFile(absl::StrCat(procfs, "/cgroups"));
  if (contents.ok()) return *std::move(contents);
  // A kernel need not have it.
  if (!absl::IsNotFound(contents.status())) {
    on_error(kCollector, contents.status());
  }
  return "";
}

}  // namespace

std::vector<CgroupPopulation> ReadCgroupPopulations(
    const std::vector<const CgroupHierarchy*>& hierarchies,
    const std::string& procfs, ReadErrorSink on_error) {
  std::vector<CgroupPopulation> populations;
  std::optional<std::string> proc_cgroups;
  for (const CgroupHierarchy* hierarchy : hierarchies) {
    CgroupPopulation population;
    if (hierarchy->version == CgroupVersion::kV2) {
      population = ReadV2(*hierarchy, on_error);
      population.hierarchy = "unified";
    } else {
      if (!proc_cgroups) proc_cgroups = ReadProcCgroups(procfs, on_error);
      population.all = FindV1(*hierarchy, *proc_cgroups, on_error);
      population.hierarchy = absl::StrJoin(hierarchy->controllers, ",");
    }
    populations.push_back(std::move(population));
  }
  return populations;
}

// #subsys_name	hierarchy	num_cgroups	enabled
absl::StatusOr<std::optional<uint64_t>> ParseNumCgroups(
    absl::string_view contents, absl::string_view controller) {
  for (const absl::string_view line : absl::StrSplit(contents, '\n')) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, '\t');
    if (fields.front() != controller) continue;
    std::optional<uint64_t> count;
    if (fields.size() >= 3) count = DecimalFrom(fields[2]);
    if (count.has_value()) return count;
    return absl::DataLossError(
        absl::StrCat("parse /proc/cgroups: no number of cgroups in \"",
                     absl::CEscape(line.substr(0, 80)), "\""));
  }
  return std::optional<uint64_t>();
}

absl::StatusOr<CgroupPopulation> ParseCgroupStat(absl::string_view contents) {
  CgroupPopulation population;
  const absl::Status scanned =
      ScanFlatKeyed(contents, {{"nr_descendants", &population.live},
                               {"nr_dying_descendants", &population.dying}});
  if (scanned.ok()) return population;
  return absl::Status(scanned.code(),
                      absl::StrCat("parse cgroup.stat: ", scanned.message()));
}

}  // namespace reeve
