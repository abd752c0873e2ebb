#ifndef REEVE_COLLECTORS_PROCFS_BOOT_TIME_H_
#define REEVE_COLLECTORS_PROCFS_BOOT_TIME_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace reeve {

// When the machine started, from `btime` of /proc/stat, in whole seconds.
// kDataLoss if it is missing or not a number.
absl::StatusOr<absl::Time> ParseBootTime(absl::string_view contents);

absl::StatusOr<absl::Time> ReadBootTime(const std::string& procfs);

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCFS_BOOT_TIME_H_
