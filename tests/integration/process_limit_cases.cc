#include "tests/integration/process_limit_cases.h"

#include <linux/capability.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "enforcement/process/process_limits_of.h"
#include "tests/integration/process_view.h"

namespace reeve {
namespace {

constexpr SchedulingPolicy::Kind kKinds[] = {SchedulingPolicy::Kind::kOther,
                                             SchedulingPolicy::Kind::kBatch,
                                             SchedulingPolicy::Kind::kIdle};

// As /proc numbers them, sched(7).
double PolicyNumber(SchedulingPolicy::Kind kind) {
  switch (kind) {
    case SchedulingPolicy::Kind::kOther:
      return 0;
    case SchedulingPolicy::Kind::kFifo:
      return 1;
    case SchedulingPolicy::Kind::kRoundRobin:
      return 2;
    case SchedulingPolicy::Kind::kBatch:
      return 3;
    case SchedulingPolicy::Kind::kIdle:
      return 5;
  }
  return -1;
}

std::optional<double> PolicyIn(const ResourceLimits& limits) {
  if (!limits.scheduling.has_value()) return std::nullopt;
  return PolicyNumber(limits.scheduling->kind);
}

// What reeve and what /proc/PID/limits call a limit of getrlimit(2).
struct RlimitName {
  int resource;
  const char* name;
  const char* in_proc;
};

constexpr RlimitName kRlimits[] = {
    {RLIMIT_AS, "as", "Max address space"},
    {RLIMIT_CORE, "core", "Max core file size"},
    {RLIMIT_CPU, "cpu", "Max cpu time"},
    {RLIMIT_DATA, "data", "Max data size"},
    {RLIMIT_FSIZE, "fsize", "Max file size"},
    {RLIMIT_LOCKS, "locks", "Max file locks"},
    {RLIMIT_MEMLOCK, "memlock", "Max locked memory"},
    {RLIMIT_MSGQUEUE, "msgqueue", "Max msgqueue size"},
    {RLIMIT_NICE, "nice", "Max nice priority"},
    {RLIMIT_NOFILE, "nofile", "Max open files"},
    {RLIMIT_NPROC, "nproc", "Max processes"},
    {RLIMIT_RSS, "rss", "Max resident set"},
    {RLIMIT_RTPRIO, "rtprio", "Max realtime priority"},
    {RLIMIT_RTTIME, "rttime", "Max realtime timeout"},
    {RLIMIT_SIGPENDING, "sigpending", "Max pending signals"},
    {RLIMIT_STACK, "stack", "Max stack size"},
};
static_assert(sizeof(kRlimits) / sizeof(kRlimits[0]) == RLIM_NLIMITS,
              "a limit that the kernel has is not in the table");

double NumberOfRlimit(rlim_t value) {
  return value == RLIM_INFINITY ? kNoLimit : static_cast<double>(value);
}

std::optional<double> SoftLimitIn(const ResourceLimits& limits, int resource) {
  const auto found = absl::c_find_if(
      limits.rlimits,
      [resource](const Rlimit& limit) { return limit.resource == resource; });
  if (found == limits.rlimits.end()) return std::nullopt;
  return NumberOf(std::make_optional(found->soft));
}

// Only the soft limit is changed.
LimitCase RlimitCase(const RlimitName& rlimit) {
  // Enough for a sleeping program, and more than some have by default.
  constexpr double kPlenty = 1 << 30;
  constexpr double kFewest = 20;
  struct rlimit now = {};
  getrlimit(static_cast<__rlimit_resource>(rlimit.resource), &now);
  double hard = NumberOfRlimit(now.rlim_max);
  if (HasCapability(CAP_SYS_RESOURCE)) hard = std::max(hard, kFewest);
  const auto most = static_cast<uint64_t>(std::min(hard, kPlenty));
  const auto set = [resource = rlimit.resource, hard](double value,
                                                      ResourceLimits& limits) {
    const auto known = absl::c_find_if(
        limits.rlimits,
        [resource](const Rlimit& limit) { return limit.resource == resource; });
    Rlimit& limit =
        known == limits.rlimits.end() ? limits.rlimits.emplace_back() : *known;
    limit = {resource, BoundOf(value), BoundOf(hard)};
  };

  LimitCase limit;
  limit.name = absl::StrCat("rlimit-", rlimit.name);
  limit.files = {{"process", absl::StrCat("rlimit.", rlimit.name)}};
  limit.refusal = limit.files[0].file;
  const uint64_t half = most / 2;
  const uint64_t quarter = most / 4;
  limit.first = static_cast<double>(half);
  limit.second = static_cast<double>(quarter);
  limit.none = NumberOfRlimit(now.rlim_cur);
  limit.set = set;
  // Now and then above the hard limit.
  limit.ask = [set, most](Random& random, ResourceLimits& limits) {
    set(static_cast<double>(random.Between(most / 4, most + most / 8)), limits);
  };
  limit.wanted = [resource = rlimit.resource](const ResourceLimits& limits) {
    return SoftLimitIn(limits, resource);
  };
  limit.in_force = [file = limit.files[0].file](const KernelTexts& kernel) {
    return kernel.Number(file, 0);
  };
  limit.reported = [resource = rlimit.resource](const LimitReport& report) {
    return SoftLimitIn(ProcessLimitsOf(report.settings), resource);
  };
  limit.same = SameNumber;
  limit.rarity = RLIM_NLIMITS;
  return limit;
}

}  // namespace

std::vector<LimitCase> ProcessLimitCases() {
  std::vector<LimitCase> cases = {
      {"oom-score-adj",
       {{"process", "oom_score_adj"}},
       "oom_score_adj",
       300,
       500,
       0,
       [](double value, ResourceLimits& limits) {
         limits.oom_score_adj = static_cast<int>(value);
       },
       [](Random& random, ResourceLimits& limits) {
         limits.oom_score_adj = static_cast<int>(random.Between(0, 1100));
       },
       [](const ResourceLimits& limits) {
         return NumberOf(limits.oom_score_adj);
       },
       [](const KernelTexts& kernel) {
         return kernel.Number("oom_score_adj", 0);
       },
       [](const LimitReport& report) {
         return NumberOf(ProcessLimitsOf(report.settings).oom_score_adj);
       },
       SameNumber},
      {"nice",
       {{"process", "nice"}},
       "nice",
       5,
       10,
       0,
       [](double value, ResourceLimits& limits) {
         limits.nice = static_cast<int>(value);
       },
       [](Random& random, ResourceLimits& limits) {
         limits.nice = static_cast<int>(random.Between(0, 21));
       },
       [](const ResourceLimits& limits) { return NumberOf(limits.nice); },
       [](const KernelTexts& kernel) { return kernel.Number("nice", 0); },
       [](const LimitReport& report) {
         return NumberOf(ProcessLimitsOf(report.settings).nice);
       },
       SameNumber},
      {"sched",
       {{"process", "sched"}},
       "sched",
       3,
       5,
       0,
       [](double value, ResourceLimits& limits) {
         for (const auto kind : kKinds) {
           if (PolicyNumber(kind) == value)
             limits.scheduling = SchedulingPolicy{kind, 0};
         }
       },
       [](Random& random, ResourceLimits& limits) {
         limits.scheduling =
             SchedulingPolicy{kKinds[random.Between(0, 2)],
                              static_cast<int>(random.OneIn(8) ? 5 : 0)};
       },
       PolicyIn,
       [](const KernelTexts& kernel) { return kernel.Number("sched", 0); },
       [](const LimitReport& report) {
         return PolicyIn(ProcessLimitsOf(report.settings));
       },
       SameNumber},
  };
  for (const RlimitName& rlimit : kRlimits) cases.push_back(RlimitCase(rlimit));
  return cases;
}

std::map<std::string, std::string> ReadProcessLimits(pid_t pid) {
  std::map<std::string, std::string> texts = {
      {"oom_score_adj", OomScoreAdjOf(pid)},
      {"nice", NiceOf(pid, pid)},
      {"sched", PolicyOf(pid, pid)}};
  const absl::StatusOr<std::string> limits =
      ReadFile(absl::StrCat("/proc/", pid, "/limits"));
  for (const RlimitName& rlimit : kRlimits) {
    texts[absl::StrCat("rlimit.", rlimit.name)] =
        LimitIn(limits.value_or(""), rlimit.in_proc);
  }
  return texts;
}

}  // namespace reeve
