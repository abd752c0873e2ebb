#include "enforcement/cgroup/hugetlb_plan.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace reeve {
namespace {

constexpr char kHugetlb[] = "hugetlb";

std::string FileOf(const std::string& page_size, CgroupVersion version) {
  return absl::StrCat(
      "hugetlb.", page_size,
      version == CgroupVersion::kV1 ? ".limit_in_bytes" : ".max");
}

}  // namespace

std::vector<LimitFile> HugetlbFilesOf(const ResourceLimits& limits,
                                      CgroupVersion version) {
  std::vector<LimitFile> files;
  for (const HugetlbLimit& limit : limits.hugetlb) {
    files.push_back({kHugetlb, FileOf(limit.page_size, version)});
  }
  return files;
}

void PlanHugetlb(const ResourceLimits& limits, CgroupVersion version,
                 LimitPlanner& planner) {
  for (const HugetlbLimit& limit : limits.hugetlb) {
    const std::string text = BoundText(limit.bytes);
    planner.Add(kHugetlb, FileOf(limit.page_size, version), text,
                version == CgroupVersion::kV1 ? V1Text(text) : text);
  }
}

}  // namespace reeve
