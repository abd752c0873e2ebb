#include "collectors/cgroups/cgroup_limit_reader.h"

#include <fcntl.h>

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

using Count = std::optional<uint64_t>;

// What v1 has in the place of no limit: the largest number of pages, whose size
// differs by machine.
constexpr uint64_t kSurelyNoLimit = uint64_t{1} << 62;

// Opened, read and closed. Absent if there is no such file.
template <typename Value>
std::optional<Value> ReadOnce(
    const std::optional<CgroupDir>& dir, const char* name,
    absl::StatusOr<std::optional<Value>> (*parse)(absl::string_view),
    ReadBuffer& buffer, ReadErrorSink on_error) {
  if (!dir.has_value()) return std::nullopt;
  const std::string path = absl::StrCat(dir->path, "/", name);
  const absl::StatusOr<KeptFile> file = KeptFile::Open(AT_FDCWD, path.c_str());
  if (file.ok() && !file->Exists()) return std::nullopt;
  const absl::StatusOr<std::optional<Value>> value =
      file.ok() ? ReadParsed(*file, buffer, parse) : file.status();
  if (value.ok()) return *value;
  // Of a cgroup that goes, or of a controller that its parent gives up.
  if (!absl::IsNotFound(value.status())) on_error("cgroups", value.status());
  return std::nullopt;
}

// 0 is no protection, as nobody asked for any.
Count UnlessZero(Count value) { return value == 0u ? std::nullopt : value; }

absl::Status NotAQuota(absl::string_view contents) {
  return absl::DataLossError(absl::StrCat(
      "not a CPU limit: \"", absl::CEscape(contents.substr(0, 40)), "\""));
}

bool IsV1(const std::optional<CgroupDir>& dir) {
  return dir.has_value() && dir->version == CgroupVersion::kV1;
}

}  // namespace

absl::StatusOr<std::optional<double>> ParseCpuMax(absl::string_view contents) {
  const std::pair<absl::string_view, absl::string_view> words = absl::StrSplit(
      absl::StripTrailingAsciiWhitespace(contents), absl::MaxSplits(' ', 1));
  const Count period = DecimalFrom(words.second);
  if (!period.has_value() || *period == 0) return NotAQuota(contents);
  if (words.first == "max") return std::optional<double>();
  const Count quota = DecimalFrom(words.first);
  if (!quota.has_value()) return NotAQuota(contents);
  return std::optional<double>(static_cast<double>(*quota) /
                               static_cast<double>(*period));
}

absl::StatusOr<std::optional<uint64_t>> ParseCfsQuota(
    absl::string_view contents) {
  const absl::string_view text = absl::StripTrailingAsciiWhitespace(contents);
  if (text == "-1") return Count();
  const Count quota = DecimalFrom(text);
  if (!quota.has_value()) return NotAQuota(contents);
  return quota;
}

LimitValues ReadCgroupLimits(const CgroupDirs& dirs, ReadBuffer& buffer,
                             ReadErrorSink on_error) {
  LimitValues limits;
  const auto read = [&](const auto& dir, const char* name, auto parse) {
    return ReadOnce(dir, name, parse, buffer, on_error);
  };
  if (IsV1(dirs.memory)) {
    limits.memory_bytes =
        read(dirs.memory, "memory.limit_in_bytes", ParseKernelLimit);
    if (limits.memory_bytes >= kSurelyNoLimit) limits.memory_bytes.reset();
  } else {
    limits.memory_bytes = read(dirs.memory, "memory.max", ParseKernelLimit);
    limits.memory_high_bytes =
        read(dirs.memory, "memory.high", ParseKernelLimit);
    limits.memory_low_bytes =
        UnlessZero(read(dirs.memory, "memory.low", ParseKernelLimit));
  }
  if (IsV1(dirs.cpu)) {
    const Count quota = read(dirs.cpu, "cpu.cfs_quota_us", ParseCfsQuota);
    const Count period =
        quota ? read(dirs.cpu, "cpu.cfs_period_us", ParseKernelLimit) : quota;
    if (period.value_or(0) != 0) {
      limits.cpu_cores =
          static_cast<double>(*quota) / static_cast<double>(*period);
    }
  } else {
    limits.cpu_cores = read(dirs.cpu, "cpu.max", ParseCpuMax);
  }
  limits.threads = read(dirs.pids, "pids.max", ParseKernelLimit);
  return limits;
}

}  // namespace reeve
