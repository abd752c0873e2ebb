#include "agent/cli/command_names.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace reeve {

namespace {

std::string WordsAfter(const std::vector<CommandDescription>& commands,
                       const std::string& first) {
  return absl::StrJoin(SecondWords(commands, first), ", ",
                       [](std::string* out, const CommandWord& word) {
                         absl::StrAppend(out, word.word);
                       });
}

}  // namespace

std::vector<CommandWord> FirstWords(
    const std::vector<CommandDescription>& commands) {
  std::vector<CommandWord> words;
  for (const CommandDescription& command : commands) {
    const size_t space = command.name.find(' ');
    const std::string first = command.name.substr(0, space);
    if (!words.empty() && words.back().word == first) continue;
    words.push_back(
        {first, space == std::string::npos
                    ? TitleOf(command)
                    : absl::StrCat("Commands: ", WordsAfter(commands, first))});
  }
  return words;
}

std::vector<CommandWord> SecondWords(
    const std::vector<CommandDescription>& commands, const std::string& first) {
  std::vector<CommandWord> words;
  const std::string beginning = absl::StrCat(first, " ");
  for (const CommandDescription& command : commands) {
    if (!absl::StartsWith(command.name, beginning)) continue;
    words.push_back({command.name.substr(beginning.size()), TitleOf(command)});
  }
  return words;
}

std::string TitleOf(const CommandDescription& command) {
  if (!command.title.empty()) return command.title;
  const size_t end = command.summary.find(". ");
  return std::string(absl::StripSuffix(command.summary.substr(0, end), "."));
}

}  // namespace reeve
