#include "collectors/procfs/cpu_capacity_reader.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

std::optional<double> MhzFromKhzFile(const std::string& path) {
  const absl::StatusOr<std::string> contents = ReadFile(path);
  if (!contents.ok()) return std::nullopt;
  const absl::StatusOr<uint64_t> khz = ParseKernelNumber(*contents);
  if (!khz.ok() || *khz == 0) return std::nullopt;
  return static_cast<double>(*khz) / 1000;
}

}  // namespace

// processor : 0
// cpu MHz   : 2599.998
CpuInfo ParseCpuInfo(absl::string_view contents) {
  CpuInfo info;
  for (absl::string_view line : absl::StrSplit(contents, '\n')) {
    const std::pair<absl::string_view, absl::string_view> field =
        absl::StrSplit(line, absl::MaxSplits(':', 1));
    const absl::string_view name = absl::StripAsciiWhitespace(field.first);
    double mhz = 0;
    if (name == "processor") {
      ++info.processors;
    } else if (name == "cpu MHz" && !info.mhz.has_value() &&
               absl::SimpleAtod(field.second, &mhz) && mhz >= 1) {
      info.mhz = mhz;
    }
  }
  return info;
}

absl::StatusOr<CpuCapacity> ReadCpuCapacity(const std::string& procfs,
                                            const std::string& sysfs) {
  const absl::StatusOr<std::string> cpuinfo =
      ReadFile(absl::StrCat(procfs, "/cpuinfo"));
  if (!cpuinfo.ok()) return cpuinfo.status();
  const CpuInfo info = ParseCpuInfo(*cpuinfo);
  const std::string cpufreq =
      absl::StrCat(sysfs, "/devices/system/cpu/cpu0/cpufreq");

  std::optional<double> mhz = MhzFromKhzFile(cpufreq + "/cpuinfo_max_freq");
  if (!mhz.has_value()) mhz = MhzFromKhzFile(cpufreq + "/base_frequency");
  if (!mhz.has_value()) mhz = info.mhz;
  if (!mhz.has_value() || info.processors == 0) {
    return absl::NotFoundError(absl::StrCat(
        "neither ", cpufreq, " nor ", procfs,
        "/cpuinfo tells the speed of a CPU: there will be no ticks"));
  }
  return CpuCapacity{info.processors, *mhz};
}

}  // namespace reeve
