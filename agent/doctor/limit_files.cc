#include "agent/doctor/limit_files.h"

#include <dirent.h>
#include <fnmatch.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace reeve {
namespace {

// One limit: patterns of its file, the ones that are as good joined by "|".
struct LimitRow {
  const char* controller;
  // nullptr: the version does not have it.
  const char* v1;
  const char* v2;
  // Why it may be missing where the version has it.
  const char* since;
};

// The first row of each controller is the file that is always there.
constexpr LimitRow kRows[] = {
    {"cpu", "cpu.shares", "cpu.weight", ""},
    {"cpu", "cpu.cfs_quota_us", "cpu.max",
     "not in this kernel's configuration"},
    {"cpu", "cpu.cfs_burst_us", "cpu.max.burst", "since Linux 5.14"},
    {"cpu", "cpu.idle", "cpu.idle", "since Linux 5.15"},
    {"memory", "memory.limit_in_bytes", "memory.max", ""},
    {"memory", "memory.memsw.limit_in_bytes", "memory.swap.max",
     "swap accounting is off"},
    {"memory", nullptr, "memory.high", ""},
    {"memory", nullptr, "memory.low", ""},
    {"memory", nullptr, "memory.min", ""},
    {"memory", nullptr, "memory.oom.group", "since Linux 4.19"},
    {"memory", nullptr, "memory.reclaim", "since Linux 5.19"},
    {"pids", "pids.max", "pids.max", ""},
    {"cpuset", "cpuset.cpus", "cpuset.cpus", ""},
    {"cpuset", "cpuset.mems", "cpuset.mems", ""},
    {"cpuset", nullptr, "cpuset.cpus.partition", "since Linux 5.0"},
    {"io", "blkio.throttle.read_bps_device", "io.max",
     "not in this kernel's configuration"},
    {"io", "blkio.weight|blkio.bfq.weight", "io.weight|io.bfq.weight",
     "needs the BFQ scheduler or, on v2, iocost"},
    {"hugetlb", "hugetlb.*[GMK]B.limit_in_bytes", "hugetlb.*[GMK]B.max", ""},
    {"freezer", "freezer.state", "cgroup.freeze", "since Linux 5.2"},
};

std::vector<std::string> NamesIn(const std::string& directory) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(directory.c_str()),
                                                    closedir);
  if (entries == nullptr) return names;
  while (const dirent* entry = readdir(entries.get())) {
    names.emplace_back(entry->d_name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> Matching(const std::vector<std::string>& names,
                                  absl::string_view patterns) {
  std::vector<std::string> matching;
  for (absl::string_view pattern : absl::StrSplit(patterns, '|')) {
    for (const std::string& name : names) {
      if (fnmatch(std::string(pattern).c_str(), name.c_str(), 0) == 0) {
        matching.push_back(name);
      }
    }
  }
  return matching;
}

const char* PatternsOf(const LimitRow& row, CgroupVersion version) {
  return version == CgroupVersion::kV1 ? row.v1 : row.v2;
}

}  // namespace

std::string KeyFileOf(const std::string& controller, CgroupVersion version) {
  // There is one for each size of pages.
  if (controller == "hugetlb") {
    return version == CgroupVersion::kV1 ? "hugetlb.2MB.limit_in_bytes"
                                         : "hugetlb.2MB.max";
  }
  for (const LimitRow& row : kRows) {
    if (controller == row.controller) return PatternsOf(row, version);
  }
  return "";
}

LimitFilesFound FindLimitFiles(const std::string& controller,
                               CgroupVersion version,
                               const std::string& directory) {
  const std::vector<std::string> names = NamesIn(directory);
  LimitFilesFound found;
  for (const LimitRow& row : kRows) {
    if (controller != row.controller) continue;
    const char* patterns = PatternsOf(row, version);
    if (patterns == nullptr) {
      found.missing.push_back(absl::StrCat(row.v2, " (cgroup v1 has none)"));
      continue;
    }
    const std::vector<std::string> matching = Matching(names, patterns);
    found.there.insert(found.there.end(), matching.begin(), matching.end());
    if (matching.empty()) {
      const std::vector<std::string> any = absl::StrSplit(patterns, '|');
      found.missing.push_back(
          absl::StrCat(any.front(), row.since[0] == '\0' ? "" : " (", row.since,
                       row.since[0] == '\0' ? "" : ")"));
    }
  }
  return found;
}

}  // namespace reeve
