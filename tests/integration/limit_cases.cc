#include "tests/integration/limit_cases.h"

#include <cstdint>
#include <map>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "tests/integration/cpu_limit_cases.h"
#include "tests/integration/device_limit_cases.h"
#include "tests/integration/memory_limit_cases.h"
#include "tests/integration/process_limit_cases.h"

namespace reeve {

std::vector<LimitCase> CgroupLimitCases(const LimitHost& host) {
  std::vector<LimitCase> all;
  for (const auto& part :
       {MemoryLimitCases(), CpuLimitCases(), DeviceLimitCases(host)}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

std::vector<LimitCase> AllLimitCases(const LimitHost& host) {
  std::vector<LimitCase> all = CgroupLimitCases(host);
  const std::vector<LimitCase> of_processes = ProcessLimitCases();
  all.insert(all.end(), of_processes.begin(), of_processes.end());
  return all;
}

ResourceLimits RandomLimits(const std::vector<LimitCase>& cases,
                            Random& random) {
  ResourceLimits limits;
  for (uint64_t left = random.Between(1, 4); left > 0;) {
    const LimitCase& limit = cases[random.Between(0, cases.size() - 1)];
    if (!random.OneIn(limit.rarity)) continue;
    limit.ask(random, limits);
    --left;
  }
  return limits;
}

std::vector<std::string> Changes(const std::vector<LimitCase>& cases,
                                 const KernelTexts& before,
                                 const KernelTexts& now) {
  std::vector<std::string> changes;
  for (const auto& [file, text] : now.all()) {
    const std::string old = before.Text(file);
    if (old.empty() || text == old) continue;
    changes.push_back(absl::StrCat(file, ": ", old, " is ", text));
  }
  for (const LimitCase& limit : cases) {
    const double old = limit.in_force(before);
    if (limit.in_force(now) == old) continue;
    changes.push_back(
        absl::StrCat(limit.name, ": ", old, " is ", limit.in_force(now)));
  }
  return changes;
}

KernelTexts ReadKernel(const std::vector<LimitCase>& cases,
                       const CgroupMounts& mounts, const std::string& cgroup,
                       pid_t pid) {
  std::map<std::string, std::string> texts = ReadProcessLimits(pid);
  for (const LimitCase& limit : cases) {
    for (const LimitFile& file : limit.files) {
      if (file.controller == "process") continue;
      const CgroupHierarchy* const hierarchy = mounts.Find(file.controller);
      if (hierarchy == nullptr) continue;
      const absl::StatusOr<std::string> text = ReadFile(
          absl::StrCat(hierarchy->mount_point, cgroup, "/", file.file));
      if (!text.ok()) continue;
      texts[file.file] = std::string(absl::StripAsciiWhitespace(*text));
    }
  }
  return KernelTexts(std::move(texts));
}

}  // namespace reeve
