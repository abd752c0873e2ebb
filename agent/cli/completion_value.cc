#include "agent/cli/completion_value.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace reeve {
namespace {

using Kind = CompletionValue::Kind;

// Those that are sent by hand.
constexpr const char* kSignals[] = {"HUP",  "INT",  "QUIT", "KILL", "USR1",
                                    "USR2", "TERM", "CONT", "STOP", "WINCH"};
constexpr const char* kShells[] = {"bash", "zsh", "fish"};

// A value that is to be typed as it stands: "yes", not "SIZE" or "K=V".
bool IsWord(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](const char letter) {
           return absl::ascii_islower(letter) || letter == '-';
         });
}

CompletionValue ValueNamed(absl::string_view name) {
  CompletionValue value;
  for (const absl::string_view part : absl::StrSplit(name, '|')) {
    if (IsWord(part)) {
      value.words.emplace_back(part);
    } else if (part == "FILE" || part == "PATH" || part == "SPEC.json") {
      value.kind = Kind::kFiles;
    } else if (part == "DIR") {
      value.kind = Kind::kDirectories;
    } else if (part == "GROUP") {
      value.kind = Kind::kGroups;
    } else if (part == "SIGNAL") {
      value.words.assign(std::begin(kSignals), std::end(kSignals));
    } else if (part == "SHELL") {
      value.words.assign(std::begin(kShells), std::end(kShells));
    }
  }
  return value;
}

}  // namespace

CompletionValue ValueOf(const FlagDescription& flag) {
  // "--id ID" is a new one.
  if (flag.names.back() == "--task") return {Kind::kTasks, {}};
  return ValueNamed(flag.value);
}

CompletionValue ValueOf(const ArgumentDescription& argument) {
  if (argument.name == "ID") return {Kind::kTasks, {}};
  return ValueNamed(argument.name);
}

}  // namespace reeve
