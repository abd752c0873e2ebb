#include "collectors/procfs/pid_status.h"

#include <cstddef>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/kernel_number.h"

namespace reeve {
namespace {

// The number of a line such as "VmRSS:\t    5124 kB" or "Threads:\t1".
std::optional<uint64_t> NumberOf(absl::string_view value) {
  const size_t start = value.find_first_not_of(" \t");
  if (start == absl::string_view::npos) return std::nullopt;
  value.remove_prefix(start);
  return DecimalFrom(absl::StripSuffix(value, " kB"));
}

// The second of "\t1000\t1001\t1000\t1000": real, effective, saved, of files.
std::optional<uid_t> EffectiveUid(absl::string_view ids) {
  const size_t start = ids.find('\t', 1);
  if (start == absl::string_view::npos) return std::nullopt;
  ids.remove_prefix(start + 1);
  const std::optional<uint64_t> uid =
      DecimalFrom(ids.substr(0, ids.find('\t')));
  if (!uid.has_value() || *uid > std::numeric_limits<uid_t>::max()) {
    return std::nullopt;
  }
  return static_cast<uid_t>(*uid);
}

// Of the line that begins with `name`.
std::optional<uint64_t> NumberAt(absl::string_view contents,
                                 absl::string_view name) {
  const size_t at = contents.rfind(name);
  if (at == absl::string_view::npos) return std::nullopt;
  contents.remove_prefix(at + name.size());
  return NumberOf(contents.substr(0, contents.find('\n')));
}

}  // namespace

absl::StatusOr<PidStatus> ParsePidStatus(absl::string_view contents) {
  PidStatus status;
  bool has_threads = false;
  while (!contents.empty()) {
    const size_t end = contents.find('\n');
    absl::string_view line = contents.substr(0, end);
    contents.remove_prefix(end == absl::string_view::npos ? contents.size()
                                                          : end + 1);
    uint64_t* wanted = nullptr;
    absl::string_view value = line;
    if (absl::ConsumePrefix(&value, "Uid:")) {
      status.effective_uid = EffectiveUid(value);
      continue;
    }
    if (absl::ConsumePrefix(&value, "VmRSS:")) {
      wanted = &status.vm_rss_kib;
    } else if (absl::ConsumePrefix(&value, "VmSwap:")) {
      wanted = &status.vm_swap_kib;
    } else if (absl::ConsumePrefix(&value, "Threads:")) {
      wanted = &status.threads;
      has_threads = true;
    } else {
      continue;
    }
    const std::optional<uint64_t> number = NumberOf(value);
    if (!number.has_value()) {
      return absl::DataLossError(
          absl::StrCat("not a number: \"", absl::CEscape(line), "\""));
    }
    *wanted = *number;
    // The rest of the file, half of it, is not needed.
    if (has_threads) return status;
  }
  return absl::DataLossError("Threads is missing");
}

ContextSwitches ParseContextSwitches(absl::string_view contents) {
  return {NumberAt(contents, "\nvoluntary_ctxt_switches:"),
          NumberAt(contents, "\nnonvoluntary_ctxt_switches:")};
}

}  // namespace reeve
