#include "enforcement/process/process_limit_text.h"

#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/kernel_number.h"
#include "enforcement/spec/rlimit_name.h"

namespace reeve {
namespace {

constexpr absl::string_view kRlimitPrefix = "rlimit.";
constexpr absl::string_view kUnlimited = "unlimited";

std::string BoundName(const Bound& bound) {
  return bound.value.has_value() ? absl::StrCat(*bound.value)
                                 : std::string(kUnlimited);
}

std::optional<Bound> BoundFromName(absl::string_view text) {
  if (text == kUnlimited) return Bound::Unlimited();
  const std::optional<uint64_t> value = DecimalFrom(text);
  if (!value.has_value()) return std::nullopt;
  return Bound::Of(*value);
}

}  // namespace

std::string RlimitFile(int resource) {
  return absl::StrCat(kRlimitPrefix, RlimitName(resource));
}

std::optional<int> ResourceOfFile(absl::string_view file) {
  if (!absl::ConsumePrefix(&file, kRlimitPrefix)) return std::nullopt;
  const absl::StatusOr<int> resource = ParseRlimitName(file);
  if (!resource.ok()) return std::nullopt;
  return *resource;
}

std::string RlimitText(const Rlimit& rlimit) {
  return absl::StrCat(BoundName(rlimit.soft), ":", BoundName(rlimit.hard));
}

std::optional<Rlimit> RlimitFromText(int resource, absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  const std::optional<Bound> soft = BoundFromName(parts.first);
  const std::optional<Bound> hard = BoundFromName(parts.second);
  if (!soft.has_value() || !hard.has_value()) return std::nullopt;
  return Rlimit{resource, *soft, *hard};
}

bool IsKeptByThreads(absl::string_view file) {
  return file == kNiceFile || file == kSchedFile;
}

}  // namespace reeve
