#include "enforcement/cgroup/memory_ceiling.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "enforcement/cgroup/limit_text.h"

namespace reeve {
namespace {

constexpr char kMemory[] = "memory";
constexpr char kHigh[] = "memory.high";

}  // namespace

MemoryCeiling::~MemoryCeiling() { Restore().IgnoreError(); }

absl::Status MemoryCeiling::Lower(uint64_t bytes) {
  if (before_.empty()) {
    const absl::StatusOr<std::string> text = files_.Read(kMemory, kHigh);
    if (!text.ok()) return text.status();
    const absl::string_view high = absl::StripAsciiWhitespace(*text);
    uint64_t limit = 0;
    if (absl::SimpleAtoi(high, &limit) && limit <= bytes) {
      return absl::OkStatus();
    }
    if (record_ != nullptr) {
      absl::Status kept = record_->Keep(std::string(high));
      if (!kept.ok()) return kept;
    }
    before_ = std::string(high);
  } else if (bytes >= now_) {
    return absl::OkStatus();
  }
  now_ = bytes;
  return files_.Write(kMemory, kHigh, absl::StrCat(bytes)).status();
}

absl::Status MemoryCeiling::Restore() {
  if (before_.empty()) return absl::OkStatus();
  absl::Status restored = RestoreMemoryHigh(std::exchange(before_, ""), files_);
  // Another process may be able to.
  if (!restored.ok() || record_ == nullptr) return restored;
  return record_->Drop();
}

absl::Status RestoreMemoryHigh(const std::string& high, LimitFiles& files) {
  const absl::StatusOr<std::string> now = files.Write(kMemory, kHigh, high);
  if (absl::IsNotFound(now.status())) return absl::OkStatus();
  if (!now.ok()) {
    return absl::Status(now.status().code(),
                        absl::StrCat(kHigh, " is not put back to ", high, ": ",
                                     now.status().message()));
  }
  if (SameLimit(kHigh, *now, high)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(kHigh, " is not put back to ", high,
                                          ": the kernel made it ", *now));
}

}  // namespace reeve
