#ifndef REEVE_ENFORCEMENT_SPEC_ID_RANGES_H_
#define REEVE_ENFORCEMENT_SPEC_ID_RANGES_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// User or group ids from `first` to `last`, both included.
struct IdRange {
  uint32_t first = 0;
  uint32_t last = 0;

  // "0-99"; "7" for a single id.
  std::string ToText() const;
};

// Some user or group ids: a value.
class IdRanges {
 public:
  // None.
  IdRanges() = default;

  // "0-99,1000,65534"; "" is none. kInvalidArgument, saying what is accepted,
  // for anything else, such as a range that runs backwards.
  static absl::StatusOr<IdRanges> Parse(absl::string_view text);

  bool Contains(uint32_t id) const { return Find(id) != nullptr; }

  // The first range that has the id, or null.
  const IdRange* Find(uint32_t id) const;

 private:
  std::vector<IdRange> ranges_;
};

// kPermissionDenied if one of the ids is among those that the agent denies,
// naming it and the range that it is in. Of `groups` each counts, as `gid`
// does.
absl::Status CheckIdsAllowed(uid_t uid, gid_t gid,
                             const std::vector<gid_t>& groups,
                             const IdRanges& denied_uids,
                             const IdRanges& denied_gids);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_ID_RANGES_H_
