#include "enforcement/process/kernel_process_limit.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "enforcement/process/policy_number.h"
#include "enforcement/process/process_limit_advice.h"
#include "enforcement/process/process_limit_text.h"
#include "enforcement/spec/scheduling_policy_text.h"

namespace reeve {
namespace {

constexpr absl::string_view kResetOnFork = "+reset-on-fork";
constexpr absl::string_view kDeadline = "deadline:";
// <sched.h> has them for GNU only, and not all.
constexpr uint32_t kSchedDeadline = 6;
constexpr uint64_t kFlagResetOnFork = 1;

// The first version of sched_setattr(2)'s; <linux/sched/types.h> does not go
// with <sched.h>.
struct SchedAttributes {
  uint32_t size;
  uint32_t policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime;
  uint64_t deadline;
  uint64_t period;
};
static_assert(sizeof(SchedAttributes) == 48, "SCHED_ATTR_SIZE_VER0");

absl::Status Gone(const LimitHolder& holder) {
  return absl::NotFoundError(absl::StrCat("thread ", holder.tid, " has ended"));
}

absl::Status Failure(const LimitHolder& holder, const std::string& file,
                     const std::string& value, int error_number) {
  if (error_number == ESRCH || error_number == ENOENT) return Gone(holder);
  const absl::Status status = ErrnoStatus(
      error_number,
      absl::StrCat("set ", file, " of process ", holder.pid, " to ", value));
  return absl::Status(
      status.code(),
      absl::StrCat(status.message(),
                   ProcessLimitAdvice(file, value, error_number)));
}

absl::Status NoValue(const std::string& file, const std::string& value) {
  return absl::InvalidArgumentError(
      absl::StrCat(file, ": ", value, " is no value of it"));
}

absl::StatusOr<int> NumberFrom(const std::string& file,
                               const std::string& value) {
  int number = 0;
  if (!absl::SimpleAtoi(value, &number)) return NoValue(file, value);
  return number;
}

// oom_score_adj

std::string OomScoreAdjPath(const LimitHolder& holder) {
  return absl::StrCat("/proc/", holder.pid, "/oom_score_adj");
}

absl::StatusOr<std::string> ReadOomScoreAdj(const LimitHolder& holder) {
  absl::StatusOr<std::string> text = ReadFile(OomScoreAdjPath(holder));
  if (!text.ok()) return text.status();
  return std::string(absl::StripAsciiWhitespace(*text));
}

// Returns 0 or an errno value.
int WriteOomScoreAdj(const LimitHolder& holder, const std::string& value) {
  const UniqueFd fd(
      open(OomScoreAdjPath(holder).c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return errno;
  return write(fd.get(), value.data(), value.size()) < 0 ? errno : 0;
}

// nice

absl::StatusOr<std::string> ReadNice(const LimitHolder& holder) {
  errno = 0;
  const int nice = getpriority(PRIO_PROCESS, static_cast<id_t>(holder.tid));
  if (nice == -1 && errno != 0) return Gone(holder);
  return absl::StrCat(nice);
}

// sched

std::string PolicyText(const SchedAttributes& attributes) {
  using Kind = SchedulingPolicy::Kind;
  const int priority = static_cast<int>(attributes.priority);
  switch (attributes.policy) {
    case SCHED_OTHER:
      return SchedulingPolicyText({Kind::kOther, 0});
    case SCHED_BATCH:
      return SchedulingPolicyText({Kind::kBatch, 0});
    case SCHED_IDLE:
      return SchedulingPolicyText({Kind::kIdle, 0});
    case SCHED_FIFO:
      return SchedulingPolicyText({Kind::kFifo, priority});
    case SCHED_RR:
      return SchedulingPolicyText({Kind::kRoundRobin, priority});
    case kSchedDeadline:
      return absl::StrCat(kDeadline, attributes.runtime, ":",
                          attributes.deadline, ":", attributes.period);
    default:
      return absl::StrCat(attributes.policy);
  }
}

absl::StatusOr<std::string> ReadSched(const LimitHolder& holder) {
  SchedAttributes attributes = {};
  if (syscall(SYS_sched_getattr, holder.tid, &attributes, sizeof(attributes),
              0) != 0) {
    if (errno == ESRCH) return Gone(holder);
    return ErrnoStatus(errno, absl::StrCat("sched_getattr ", holder.tid));
  }
  const bool resets = (attributes.flags & kFlagResetOnFork) != 0;
  return absl::StrCat(PolicyText(attributes), resets ? kResetOnFork : "");
}

// What another policy is given back by.
std::optional<SchedAttributes> DeadlineFrom(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, kDeadline)) return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  SchedAttributes attributes = {};
  attributes.size = sizeof(attributes);
  attributes.policy = kSchedDeadline;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &attributes.runtime) ||
      !absl::SimpleAtoi(parts[1], &attributes.deadline) ||
      !absl::SimpleAtoi(parts[2], &attributes.period)) {
    return std::nullopt;
  }
  return attributes;
}

int SetPolicy(pid_t tid, int policy, int priority, bool resets) {
  sched_param parameters = {};
  parameters.sched_priority = priority;
  // Unlike sched_setattr(2) it keeps the nice value, and the slice.
  const int flags = resets ? SCHED_RESET_ON_FORK : 0;
  return sched_setscheduler(tid, policy | flags, &parameters) != 0 ? errno : 0;
}

absl::StatusOr<int> WriteSched(const LimitHolder& holder,
                               const std::string& value) {
  absl::string_view text = value;
  const bool resets = absl::ConsumeSuffix(&text, kResetOnFork);
  if (std::optional<SchedAttributes> deadline = DeadlineFrom(text)) {
    if (resets) deadline->flags |= kFlagResetOnFork;
    return syscall(SYS_sched_setattr, holder.tid, &*deadline, 0) != 0 ? errno
                                                                      : 0;
  }
  int number = 0;
  if (absl::SimpleAtoi(text, &number)) {
    return SetPolicy(holder.tid, number, 0, resets);
  }
  const absl::StatusOr<SchedulingPolicy> policy = ParseSchedulingPolicy(text);
  if (!policy.ok()) return policy.status();
  return SetPolicy(holder.tid, PolicyNumber(policy->kind), policy->priority,
                   resets);
}

// rlimits

Bound BoundOf(uint64_t value) {
  return value == RLIM_INFINITY ? Bound::Unlimited() : Bound::Of(value);
}

absl::StatusOr<std::string> ReadRlimit(const LimitHolder& holder,
                                       int resource) {
  rlimit now = {};
  if (prlimit(holder.pid, static_cast<__rlimit_resource>(resource), nullptr,
              &now) != 0) {
    if (errno == ESRCH) return Gone(holder);
    return ErrnoStatus(
        errno,
        absl::StrCat("read the limits of process ", holder.pid,
                     ProcessLimitAdvice(RlimitFile(resource), "", errno)));
  }
  return RlimitText({resource, BoundOf(now.rlim_cur), BoundOf(now.rlim_max)});
}

int WriteRlimit(const LimitHolder& holder, const Rlimit& value) {
  const rlimit wanted = {value.soft.value.value_or(RLIM_INFINITY),
                         value.hard.value.value_or(RLIM_INFINITY)};
  return prlimit(holder.pid, static_cast<__rlimit_resource>(value.resource),
                 &wanted, nullptr) != 0
             ? errno
             : 0;
}

// Returns 0 or an errno value.
absl::StatusOr<int> WriteLimit(const LimitHolder& holder,
                               const std::string& file,
                               const std::string& value) {
  if (file == kOomScoreAdjFile) return WriteOomScoreAdj(holder, value);
  if (file == kSchedFile) return WriteSched(holder, value);
  if (file == kNiceFile) {
    const absl::StatusOr<int> nice = NumberFrom(file, value);
    if (!nice.ok()) return nice.status();
    return setpriority(PRIO_PROCESS, static_cast<id_t>(holder.tid), *nice) != 0
               ? errno
               : 0;
  }
  const std::optional<int> resource = ResourceOfFile(file);
  if (!resource.has_value()) return NoValue(file, value);
  const std::optional<Rlimit> rlimit = RlimitFromText(*resource, value);
  if (!rlimit.has_value()) return NoValue(file, value);
  return WriteRlimit(holder, *rlimit);
}

}  // namespace

absl::StatusOr<std::string> ReadKernelLimit(const LimitHolder& holder,
                                            const std::string& file) {
  if (file == kOomScoreAdjFile) return ReadOomScoreAdj(holder);
  if (file == kNiceFile) return ReadNice(holder);
  if (file == kSchedFile) return ReadSched(holder);
  const std::optional<int> resource = ResourceOfFile(file);
  if (!resource.has_value()) return NoValue(file, "");
  return ReadRlimit(holder, *resource);
}

absl::Status WriteKernelLimit(const LimitHolder& holder,
                              const std::string& file,
                              const std::string& value) {
  const absl::StatusOr<int> error = WriteLimit(holder, file, value);
  if (!error.ok()) return error.status();
  if (*error == 0) return absl::OkStatus();
  return Failure(holder, file, value, *error);
}

}  // namespace reeve
