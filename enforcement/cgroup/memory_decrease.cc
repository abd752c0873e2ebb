#include "enforcement/cgroup/memory_decrease.h"

#include <algorithm>
#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/quantity.h"
#include "base/system_clock.h"
#include "collectors/cgroup/memory_events.h"
#include "enforcement/cgroup/limit_text.h"
#include "enforcement/cgroup/memory_ceiling.h"
#include "enforcement/cgroup/memory_reclaim.h"
#include "enforcement/cgroup/memory_usage.h"

namespace reeve {
namespace {

constexpr char kMemory[] = "memory";
constexpr char kMax[] = "memory.max";
constexpr char kV1Limit[] = "memory.limit_in_bytes";
constexpr char kV1MemoryAndSwap[] = "memory.memsw.limit_in_bytes";

constexpr absl::Duration kLongestTimeout = absl::Minutes(1);
// How soon v1 is asked again.
constexpr absl::Duration kFirstPause = absl::Milliseconds(1);
constexpr absl::Duration kLongestPause = absl::Milliseconds(50);

// A task this near to its new limit could grow past it before it is written.
uint64_t Headroom(uint64_t limit) {
  return std::max<uint64_t>(limit / 8, 1 << 20);
}

uint64_t BytesOf(absl::string_view file, absl::string_view text) {
  uint64_t bytes = 0;
  return absl::SimpleAtoi(CanonicalLimit(file, text), &bytes)
             ? bytes
             : std::numeric_limits<uint64_t>::max();
}

// Counts kills from when it is made. None where the kernel does not tell.
class OomKillCount {
 public:
  explicit OomKillCount(const LimitFiles& files)
      : files_(files), before_(Total()) {}

  uint64_t SinceMade() const {
    const uint64_t now = Total();
    return now - std::min(now, before_);
  }

 private:
  uint64_t Total() const {
    const absl::StatusOr<std::string> text =
        files_.Read(kMemory, "memory.events");
    if (!text.ok()) return 0;
    const absl::StatusOr<MemoryEvents> events = ParseMemoryEvents(*text);
    return events.ok() ? events->oom_kill.value_or(0) : 0;
  }

  const LimitFiles& files_;
  const uint64_t before_;
};

absl::Status Refused(const MemoryDecrease& decrease, absl::Duration timeout,
                     absl::string_view advice) {
  return absl::FailedPreconditionError(absl::StrCat(
      ShortSize(decrease.usage_before_bytes), " in use, of which ",
      ShortSize(decrease.reclaimed_bytes), " could be reclaimed in ",
      absl::FormatDuration(timeout), " and ",
      ShortSize(decrease.usage_after_bytes), " remain: ", advice));
}

absl::StatusOr<std::string> LowerV2(uint64_t bytes,
                                    const MemoryDecreaseOptions& options,
                                    LimitFiles& files,
                                    std::optional<MemoryDecrease>& decrease) {
  const std::string value = absl::StrCat(bytes);
  const absl::StatusOr<uint64_t> usage =
      ReadMemoryUsage(files, "memory.current");
  if (!usage.ok()) return usage.status();
  if (*usage + Headroom(bytes) <= bytes) {
    return files.Write(kMemory, kMax, value);
  }

  MemoryDecrease made;
  made.usage_before_bytes = *usage;
  const OomKillCount kills(files);
  MemoryCeiling ceiling(files, options.record);
  MemoryReclaim reclaim(files, ceiling);
  const absl::StatusOr<uint64_t> left =
      reclaim.Until(bytes, options.reclaim_timeout);
  if (!left.ok()) return left.status();
  made.usage_after_bytes = *left;
  made.reclaimed_bytes = reclaim.reclaimed_bytes();
  if (*left > bytes && !options.force) {
    return Refused(made, options.reclaim_timeout,
                   "give a limit above that, or --force, which lets the kernel "
                   "kill processes of the task");
  }
  absl::StatusOr<std::string> contents = files.Write(kMemory, kMax, value);
  made.oom_kills = kills.SinceMade();
  const absl::Status restored = ceiling.Restore();
  if (!contents.ok()) return contents.status();
  if (!restored.ok()) return restored;
  made.usage_after_bytes = ReadMemoryUsage(files, "memory.current").value_or(0);
  if (*usage > bytes || made.oom_kills > 0) decrease = made;
  return contents;
}

absl::StatusOr<std::string> LowerV1(const std::string& file, uint64_t bytes,
                                    const MemoryDecreaseOptions& options,
                                    LimitFiles& files,
                                    std::optional<MemoryDecrease>& decrease) {
  const char* usage_file = file == kV1Limit ? "memory.usage_in_bytes"
                                            : "memory.memsw.usage_in_bytes";
  const SystemClock clock;
  const absl::Duration deadline =
      clock.MonotonicNow() + options.reclaim_timeout;
  const absl::StatusOr<uint64_t> usage = ReadMemoryUsage(files, usage_file);
  if (!usage.ok()) return usage.status();

  absl::StatusOr<std::string> contents;
  for (absl::Duration pause = kFirstPause;;
       pause = std::min(2 * pause, kLongestPause)) {
    contents = files.Write(kMemory, file, absl::StrCat(bytes));
    // EBUSY, or EINTR.
    const bool may_still_be = absl::IsFailedPrecondition(contents.status()) ||
                              absl::IsUnavailable(contents.status());
    const absl::Duration left = deadline - clock.MonotonicNow();
    if (!may_still_be || left <= absl::ZeroDuration()) break;
    absl::SleepFor(std::min(pause, left));
  }
  MemoryDecrease made;
  made.usage_before_bytes = *usage;
  made.usage_after_bytes = ReadMemoryUsage(files, usage_file).value_or(0);
  made.reclaimed_bytes = *usage - std::min(*usage, made.usage_after_bytes);
  if (absl::IsFailedPrecondition(contents.status())) {
    return Refused(made, options.reclaim_timeout,
                   "give a limit above that; cgroup v1 sets none below what is "
                   "in use, --force or not");
  }
  if (contents.ok() && *usage > bytes && !decrease.has_value()) decrease = made;
  return contents;
}

}  // namespace

absl::Status ValidateMemoryDecrease(const MemoryDecreaseOptions& options) {
  if (options.reclaim_timeout >= absl::ZeroDuration() &&
      options.reclaim_timeout <= kLongestTimeout) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "reclaim timeout must be 0 to ", absl::FormatDuration(kLongestTimeout)));
}

bool IsMemoryDecrease(absl::string_view file, absl::string_view now,
                      absl::string_view wanted) {
  return (file == kMax || file == kV1Limit || file == kV1MemoryAndSwap) &&
         BytesOf(file, wanted) < BytesOf(file, now);
}

absl::StatusOr<std::string> LowerMemoryLimit(
    const std::string& file, uint64_t bytes,
    const MemoryDecreaseOptions& options, LimitFiles& files,
    std::optional<MemoryDecrease>& decrease) {
  return file == kMax ? LowerV2(bytes, options, files, decrease)
                      : LowerV1(file, bytes, options, files, decrease);
}

}  // namespace reeve
