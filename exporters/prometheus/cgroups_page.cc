#include "exporters/prometheus/cgroups_page.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "collectors/task_target.h"
#include "exporters/prometheus/cgroup_metrics.h"
#include "exporters/prometheus/collector_names.h"

namespace reeve {
namespace {

const HostFamily& PopulationFamily() {
  static const HostFamily family = {
      "reeve_cgroups",
      "Cgroups in a hierarchy, measured or not: live ones; dying ones, which "
      "were removed and still have memory charged to them; or all together, "
      "with the root, where the kernel does not tell the two apart, as on "
      "cgroup v1.",
      "gauge",
      "",
      {"hierarchy", "state=live,dying,all"},
      "cgroup.stat nr_descendants, nr_dying_descendants of the v2 root; on v1 "
      "/proc/cgroups num_cgroups"};
  return family;
}

const HostFamily& DroppedFamily() {
  static const HostFamily family = {
      "reeve_cgroups_dropped",
      "Cgroups that are not measured since there are more than "
      "--collector.cgroups.max.",
      "gauge",
      "",
      {},
      "the agent"};
  return family;
}

const HostFamily& MeasuredFamily() {
  static const HostFamily family = {"reeve_cgroups_measured",
                                    "Cgroups that are measured.",
                                    "gauge",
                                    "",
                                    {},
                                    "the agent"};
  return family;
}

void AppendHeader(const HostFamily& family, TextFormat format,
                  std::string* page) {
  AppendFamilyHeader({family.name, family.help, family.type, family.unit},
                     format, page);
}

void AppendCount(const HostFamily& family, uint64_t count, TextFormat format,
                 std::string* page) {
  AppendHeader(family, format, page);
  page->append(family.name.data(), family.name.size());
  page->push_back(' ');
  AppendNumber(count, page);
  page->push_back('\n');
}

void AppendPopulations(const std::vector<CgroupPopulation>& populations,
                       TextFormat format, std::string* page) {
  const HostFamily& family = PopulationFamily();
  bool has_header = false;
  const auto append = [&](const CgroupPopulation& population,
                          absl::string_view state,
                          std::optional<uint64_t> count) {
    if (!count.has_value()) return;
    if (!has_header) AppendHeader(family, format, page);
    has_header = true;
    page->append(family.name.data(), family.name.size());
    page->push_back('{');
    AppendLabel("hierarchy", population.hierarchy, page);
    page->push_back(',');
    AppendLabel("state", state, page);
    page->append("} ");
    AppendNumber(*count, page);
    page->push_back('\n');
  };
  for (const CgroupPopulation& population : populations) {
    append(population, "live", population.live);
    append(population, "dying", population.dying);
    append(population, "all", population.all);
  }
}

void AppendCgroupIdentity(const TaskTarget& target, std::string* out) {
  AppendLabel("cgroup", target.id, out);
}

}  // namespace

CgroupsPage::CgroupsPage(Latest latest)
    : latest_(std::move(latest)),
      prometheus_(CgroupMetrics(), TextFormat::kPrometheus,
                  AppendCgroupIdentity),
      open_metrics_(CgroupMetrics(), TextFormat::kOpenMetrics,
                    AppendCgroupIdentity) {}

absl::string_view CgroupsPage::collector() const { return kCgroupsCollector; }

void CgroupsPage::Append(TextFormat format, std::string* page) const {
  const std::shared_ptr<const CgroupsSnapshot> snapshot = latest_();
  if (snapshot == nullptr) return;
  {
    absl::MutexLock lock(&mutex_);
    (format == TextFormat::kOpenMetrics ? open_metrics_ : prometheus_)
        .Append(snapshot->cgroups, page);
  }
  AppendPopulations(snapshot->populations, format, page);
  AppendCount(DroppedFamily(), snapshot->dropped, format, page);
  AppendCount(MeasuredFamily(), snapshot->measured, format, page);
}

std::vector<HostFamily> CgroupCountFamilies() {
  return {PopulationFamily(), DroppedFamily(), MeasuredFamily()};
}

}  // namespace reeve
