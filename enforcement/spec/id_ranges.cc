#include "enforcement/spec/id_ranges.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

// The one that the kernel takes as "leave it" is no id.
constexpr uint64_t kMaxId = std::numeric_limits<uint32_t>::max() - 1;

// "7" or "0-99".
std::optional<IdRange> ParseRange(absl::string_view text) {
  const size_t dash = text.find('-');
  const std::optional<uint64_t> first = DecimalFrom(text.substr(0, dash));
  const std::optional<uint64_t> last = dash == absl::string_view::npos
                                           ? first
                                           : DecimalFrom(text.substr(dash + 1));
  if (!first || !last || *first > *last || *last > kMaxId) return std::nullopt;
  return IdRange{static_cast<uint32_t>(*first), static_cast<uint32_t>(*last)};
}

absl::Status CheckId(absl::string_view kind, uint32_t id,
                     const IdRanges& denied) {
  const IdRange* const range = denied.Find(id);
  if (range == nullptr) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat(kind, " id ", id, " is among those that the agent denies, ",
                   range->ToText(), ": run the task as another user"));
}

}  // namespace

std::string IdRange::ToText() const {
  return first == last ? absl::StrCat(first) : absl::StrCat(first, "-", last);
}

absl::StatusOr<IdRanges> IdRanges::Parse(absl::string_view text) {
  IdRanges ids;
  if (text.empty()) return ids;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const std::optional<IdRange> range = ParseRange(part);
    if (!range) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", absl::CHexEscape(part),
                       "\": give ids and ranges such as 0-99,1000,65534"));
    }
    ids.ranges_.push_back(*range);
  }
  return ids;
}

const IdRange* IdRanges::Find(uint32_t id) const {
  const auto found =
      std::find_if(ranges_.begin(), ranges_.end(), [&](const IdRange& range) {
        return range.first <= id && id <= range.last;
      });
  return found == ranges_.end() ? nullptr : &*found;
}

absl::Status CheckIdsAllowed(uid_t uid, gid_t gid,
                             const std::vector<gid_t>& groups,
                             const IdRanges& denied_uids,
                             const IdRanges& denied_gids) {
  absl::Status status = CheckId("user", uid, denied_uids);
  if (status.ok()) status = CheckId("group", gid, denied_gids);
  for (const gid_t group : groups) {
    if (status.ok()) status = CheckId("group", group, denied_gids);
  }
  return status;
}

}  // namespace reeve
