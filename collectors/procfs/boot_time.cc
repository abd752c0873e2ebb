#include "collectors/procfs/boot_time.h"

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/flat_keyed.h"

namespace reeve {

absl::StatusOr<absl::Time> ParseBootTime(absl::string_view contents) {
  std::optional<uint64_t> btime;
  const absl::Status scanned = ScanFlatKeyed(contents, {{"btime", &btime}});
  if (!scanned.ok()) return scanned;
  if (!btime.has_value()) return absl::DataLossError("btime is missing");
  return absl::FromUnixSeconds(static_cast<int64_t>(*btime));
}

absl::StatusOr<absl::Time> ReadBootTime(const std::string& procfs) {
  const absl::StatusOr<std::string> contents =
      ReadFile(absl::StrCat(procfs, "/stat"));
  if (!contents.ok()) return contents.status();
  return ParseBootTime(*contents);
}

}  // namespace reeve
