#include "base/signal_name.h"

#include <csignal>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace reeve {
namespace {

// Offset of "RTMIN+N" or "RTMAX-N" to a number, or 0 if it is neither.
int ParseRealTimeSignal(absl::string_view name) {
  int offset = 0;
  if (absl::ConsumePrefix(&name, "RTMIN")) {
    if (name.empty()) return SIGRTMIN;
    if (!absl::ConsumePrefix(&name, "+")) return 0;
    if (!absl::SimpleAtoi(name, &offset) || offset < 0) return 0;
    return offset <= SIGRTMAX - SIGRTMIN ? SIGRTMIN + offset : 0;
  }
  if (absl::ConsumePrefix(&name, "RTMAX")) {
    if (name.empty()) return SIGRTMAX;
    if (!absl::ConsumePrefix(&name, "-")) return 0;
    if (!absl::SimpleAtoi(name, &offset) || offset < 0) return 0;
    return offset <= SIGRTMAX - SIGRTMIN ? SIGRTMAX - offset : 0;
  }
  return 0;
}

}  // namespace

absl::StatusOr<int> ParseSignal(absl::string_view text) {
  int number;
  if (absl::SimpleAtoi(text, &number)) {
    if (number >= 1 && number <= SIGRTMAX) return number;
  } else {
    const std::string upper = absl::AsciiStrToUpper(text);
    const absl::string_view name = absl::StripPrefix(upper, "SIG");
    for (int signal = 1; signal < SIGRTMIN; ++signal) {
      const char* const abbreviation = sigabbrev_np(signal);
      if (abbreviation != nullptr && name == abbreviation) return signal;
    }
    const int real_time = ParseRealTimeSignal(name);
    if (real_time != 0) return real_time;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "unknown signal \"", text,
      "\": give a name such as SIGTERM or a number from 1 to ", SIGRTMAX));
}

std::string SignalName(int signal) {
  const char* const abbreviation = sigabbrev_np(signal);
  if (abbreviation != nullptr) return absl::StrCat("SIG", abbreviation);
  return absl::StrCat(signal);
}

}  // namespace reeve
