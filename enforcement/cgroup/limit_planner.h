#ifndef REEVE_ENFORCEMENT_CGROUP_LIMIT_PLANNER_H_
#define REEVE_ENFORCEMENT_CGROUP_LIMIT_PLANNER_H_

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "enforcement/cgroup/cpu_weight.h"
#include "enforcement/spec/resource_limits.h"

namespace reeve {

// Which version each controller that has limits lives in; absent if the cgroup
// does not have the controller. And what else differs by version.
struct LimitVersions {
  std::optional<CgroupVersion> cpu;
  std::optional<CgroupVersion> memory;
  std::optional<CgroupVersion> pids;
  std::optional<CgroupVersion> cpuset = {};
  // Called blkio on v1.
  std::optional<CgroupVersion> io = {};
  std::optional<CgroupVersion> hugetlb = {};
  // Where cpu is on v2.
  CpuWeightMapping cpu_weight_mapping = CpuWeightMapping::kLinear;
};

struct LimitFile {
  std::string controller;
  std::string file;
};

// The contents of limit files by their name. One that does not exist is absent.
using LimitTexts = std::map<std::string, std::string>;

// What a file is to hold.
struct PlannedLimit {
  std::string controller;
  std::string file;
  // As in LimitSetting.
  std::string item;
  // As in LimitSetting.
  std::string requested;
  std::string value;
  // Whether the file holds something else now.
  bool needs_write = false;
};

// Collects what each file is to hold, in the order of the writes, and remembers
// the first reason why it cannot be.
class LimitPlanner {
 public:
  static constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();

  // `current` must outlive the planner.
  explicit LimitPlanner(const LimitTexts& current) : current_(current) {}

  // kUnavailable, in the end, if the kernel has no such file.
  void Add(const char* controller, const std::string& file,
           std::string requested, std::string value);
  // The line of `item` in the file, whatever the others are.
  void AddItem(const char* controller, const std::string& file,
               const std::string& item, std::string requested,
               std::string value);
  void AddIfThere(const char* controller, const std::string& file,
                  std::string requested, std::string value);

  // The last file added is to be written even if it holds the value now, for
  // the kernel will have changed it by then.
  void WriteAnyway() {
    if (!plan_.empty()) plan_.back().needs_write = true;
  }

  void Refuse(const absl::Status& status) { status_.Update(status); }

  // The canonical text of a file; absent for one that is not there.
  std::optional<std::string> Text(const std::string& file) const;
  // That of an item's line; also of one that has none yet.
  std::string ItemText(const std::string& file, const std::string& item) const;
  // The number in a file; kNoLimit for none, 0 for a file that is not there.
  uint64_t Now(const std::string& file) const;

  absl::StatusOr<std::vector<PlannedLimit>> Result() &&;

 private:
  const LimitTexts& current_;
  absl::Status status_;
  std::vector<PlannedLimit> plan_;
};

// "65536" or "max".
std::string BoundText(const Bound& bound);

// v1 takes only -1 for no limit, and cuts "max" to 0 in some files.
std::string V1Text(const std::string& text);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_CGROUP_LIMIT_PLANNER_H_
