#include "agent/cli/fish_completion.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "agent/cli/command_names.h"
#include "agent/cli/completion_value.h"

namespace reeve {
namespace {

constexpr char kFunctions[] = R"sh(
function __reeve_tasks
    reeve ps 2>/dev/null | awk 'NR > 1 { print $1 }'
end

function __reeve_groups
    reeve group ls 2>/dev/null | awk 'NR > 1 { print $1 }'
end

# Whether the line begins with the words of this command.
function __reeve_is
    set -l words (commandline -opc)
    set -l last (math 1 + (count $argv))
    test "$words[2..$last]" = "$argv"
end

# Whether the next word is one of the command's own.
function __reeve_after
    test (count (commandline -opc)) -eq (math 1 + (count $argv))
    and begin
        test (count $argv) -eq 0
        or __reeve_is $argv
    end
end

complete -c reeve -f
)sh";

std::string Quoted(const std::string& text) {
  return absl::StrCat(
      "'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

std::string Line(const std::string& condition) {
  return absl::StrCat("complete -c reeve -n '", condition, "'");
}

// What offers a value; empty if nothing is known of it.
std::string Offer(const CompletionValue& value) {
  std::vector<std::string> parts = value.words;
  if (value.kind == CompletionValue::Kind::kTasks) {
    parts.emplace_back("(__reeve_tasks)");
  } else if (value.kind == CompletionValue::Kind::kGroups) {
    parts.emplace_back("(__reeve_groups)");
  } else if (value.kind == CompletionValue::Kind::kDirectories) {
    parts.emplace_back("(__fish_complete_directories)");
  }
  if (parts.empty()) return "";
  return absl::StrCat(" -a ", Quoted(absl::StrJoin(parts, " ")));
}

std::string FlagLine(const CommandDescription& command,
                     const FlagDescription& flag) {
  std::string text = Line(absl::StrCat("__reeve_is ", command.name));
  for (const std::string& name : flag.names) {
    if (absl::StartsWith(name, "--")) {
      absl::StrAppend(&text, " -l ", name.substr(2));
    } else {
      absl::StrAppend(&text, " -s ", name.substr(1));
    }
  }
  if (!flag.value.empty()) {
    const CompletionValue value = ValueOf(flag);
    absl::StrAppend(
        &text, value.kind == CompletionValue::Kind::kFiles ? " -r -F" : " -x",
        Offer(value));
  }
  absl::StrAppend(&text, " -d ", Quoted(flag.help), "\n");
  if (!flag.negation.empty()) {
    absl::StrAppend(&text, Line(absl::StrCat("__reeve_is ", command.name)),
                    " -l ", flag.negation.substr(2), "\n");
  }
  return text;
}

std::string WordLines(const std::string& before,
                      const std::vector<CommandWord>& words) {
  std::string text;
  for (const CommandWord& word : words) {
    absl::StrAppend(&text, Line(absl::StrCat("__reeve_after", before)), " -a ",
                    word.word, " -d ", Quoted(word.title), "\n");
  }
  return text;
}

}  // namespace

std::string FishCompletion(const std::vector<CommandDescription>& commands) {
  std::string text = absl::StrCat(
      "# Completion for fish, as \"reeve completion fish\" prints it.\n",
      kFunctions);
  const std::vector<CommandWord> first = FirstWords(commands);
  absl::StrAppend(&text, WordLines("", first));
  for (const CommandWord& word : first) {
    absl::StrAppend(&text, WordLines(absl::StrCat(" ", word.word),
                                     SecondWords(commands, word.word)));
  }
  for (const CommandDescription& command : commands) {
    absl::StrAppend(&text, "\n");
    for (const FlagDescription& flag : command.flags) {
      absl::StrAppend(&text, FlagLine(command, flag));
    }
    for (const ArgumentDescription& argument : command.arguments) {
      const std::string offer = Offer(ValueOf(argument));
      if (offer.empty()) continue;
      absl::StrAppend(&text, Line(absl::StrCat("__reeve_is ", command.name)),
                      offer, "\n");
    }
    if (command.takes_program) {
      absl::StrAppend(&text, Line(absl::StrCat("__reeve_is ", command.name)),
                      " -F -a '(__fish_complete_command)'\n");
    }
  }
  return text;
}

}  // namespace reeve
