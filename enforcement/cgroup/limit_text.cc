#include "enforcement/cgroup/limit_text.h"

#include <unistd.h>

#include <cstdint>
#include <limits>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/cpu_list.h"
#include "base/quantity.h"
#include "enforcement/cgroup/io_rates.h"

namespace reeve {
namespace {

// What the kernel rounds the bytes of a file down to; 1 if it holds no bytes.
uint64_t GranuleOf(absl::string_view file) {
  if (absl::StartsWith(file, "memory.") &&
      !absl::EndsWith(file, "swappiness") &&
      !absl::EndsWith(file, "oom.group")) {
    return static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  }
  // hugetlb.2MB.max
  if (absl::ConsumePrefix(&file, "hugetlb.")) {
    return ParseSize(file.substr(0, file.find('.'))).value_or(1);
  }
  return 1;
}

std::string CanonicalBytes(absl::string_view text, uint64_t granule) {
  uint64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) return std::string(text);
  // v1 prints the largest number of pages that its counter holds.
  if (value > std::numeric_limits<int64_t>::max() - granule) return "max";
  return absl::StrCat(value - value % granule);
}

std::string CanonicalList(absl::string_view text) {
  const absl::StatusOr<CpuList> list = ParseCpuList(text);
  return list.ok() ? FormatCpuList(*list) : std::string(text);
}

// v2 has lines for devices below: "default 100\n8:0 200".
std::string CanonicalWeight(absl::string_view text) {
  text = text.substr(0, text.find('\n'));
  absl::ConsumePrefix(&text, "default ");
  return std::string(text);
}

}  // namespace

std::string CanonicalLimit(absl::string_view file, absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (text == "-1") return "max";
  if (file == "io.max") return FormatIoRates(ParseIoRates(text));
  if (absl::StartsWith(file, "blkio.throttle.")) {
    return text.empty() ? "0" : std::string(text);
  }
  if (absl::StrContains(file, "cpuset.cpus") ||
      absl::StrContains(file, "cpuset.mems")) {
    return CanonicalList(text);
  }
  if (absl::EndsWith(file, ".weight")) return CanonicalWeight(text);
  const uint64_t granule = GranuleOf(file);
  return granule > 1 ? CanonicalBytes(text, granule) : std::string(text);
}

std::string LimitTextIn(absl::string_view file, absl::string_view contents,
                        absl::string_view item) {
  if (item.empty()) {
    // Of a weight only the default can be written again as it is shown.
    contents = absl::StripAsciiWhitespace(contents);
    return absl::EndsWith(file, ".weight") ? CanonicalWeight(contents)
                                           : std::string(contents);
  }
  for (absl::string_view line : absl::StrSplit(contents, '\n')) {
    if (absl::ConsumePrefix(&line, item) && absl::ConsumePrefix(&line, " ")) {
      return CanonicalLimit(file, line);
    }
  }
  return CanonicalLimit(file, "");
}

std::string LimitTextFor(absl::string_view item, absl::string_view value) {
  return item.empty() ? std::string(value) : absl::StrCat(item, " ", value);
}

std::string LimitName(absl::string_view file, absl::string_view item) {
  return item.empty() ? std::string(file) : absl::StrCat(file, " ", item);
}

}  // namespace reeve
