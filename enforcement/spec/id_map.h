#ifndef REEVE_ENFORCEMENT_SPEC_ID_MAP_H_
#define REEVE_ENFORCEMENT_SPEC_ID_MAP_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace reeve {

// Of the kernel, user_namespaces(7).
constexpr size_t kMaxIdMappings = 340;

// `count` ids from `inside` on, in a user namespace, are those from `outside`
// on of the host.
struct IdMapping {
  uint32_t inside = 0;
  uint32_t outside = 0;
  uint32_t count = 0;
};

using IdMap = std::vector<IdMapping>;

// From "0:100000:65536". kInvalidArgument for anything else.
absl::StatusOr<IdMapping> ParseIdMapping(absl::string_view text);

// What ParseIdMapping() takes.
std::string IdMappingText(const IdMapping& mapping);

// kInvalidArgument, naming `field`, for ranges that are empty, beyond the
// largest id or overlap, for too many of them, and for a map that is there but
// leaves 0 out, which sets the task's root up.
absl::Status ValidateIdMap(absl::string_view field, const IdMap& map);

// The host's id that `id` is; nullopt if it is none. Without a map it is
// itself.
std::optional<uint32_t> ToHostId(const IdMap& map, uint32_t id);

// For /proc/PID/uid_map and gid_map.
std::string KernelText(const IdMap& map);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SPEC_ID_MAP_H_
