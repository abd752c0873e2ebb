#include "agent/cli/zsh_completion.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "agent/cli/command_names.h"
#include "agent/cli/completion_value.h"

namespace reeve {
namespace {

constexpr char kFunctions[] = R"sh(
_reeve_tasks() {
  local -a ids
  ids=(${(f)"$(reeve ps 2>/dev/null | awk 'NR > 1 { print $1 }')"})
  compadd -a ids
}

_reeve_groups() {
  local -a groups
  groups=(${(f)"$(reeve group ls 2>/dev/null | awk 'NR > 1 { print $1 }')"})
  compadd -a groups
}
)sh";

std::string Quoted(const std::string& text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

// As it may stand in a part of what _arguments takes.
std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(
      text, {{"\\", "\\\\"}, {"[", "\\["}, {"]", "\\]"}, {":", "\\:"}});
}

std::string ActionFor(const CompletionValue& value) {
  const std::string words =
      value.words.empty()
          ? ""
          : absl::StrCat("(", absl::StrJoin(value.words, " "), ")");
  switch (value.kind) {
    case CompletionValue::Kind::kFiles:
      // Words beside files: _files takes none.
      return "_files";
    case CompletionValue::Kind::kDirectories:
      return "_files -/";
    case CompletionValue::Kind::kTasks:
      return "_reeve_tasks";
    case CompletionValue::Kind::kGroups:
      return "_reeve_groups";
    case CompletionValue::Kind::kNothing:
      break;
  }
  // A space: there is a value, of which nothing is known.
  return words.empty() ? " " : words;
}

std::string FlagSpecs(const FlagDescription& flag) {
  std::string text;
  for (const std::string& name : flag.names) {
    std::string spec =
        flag.is_list ? "*"
        : flag.names.size() > 1
            ? absl::StrCat("(", absl::StrJoin(flag.names, " "), ")")
            : "";
    absl::StrAppend(&spec, name);
    if (!flag.value.empty()) {
      absl::StrAppend(&spec, absl::StartsWith(name, "--") ? "=" : "+");
    }
    absl::StrAppend(&spec, "[", Escaped(flag.help), "]");
    if (!flag.value.empty()) {
      absl::StrAppend(&spec, ":", Escaped(flag.value), ":",
                      ActionFor(ValueOf(flag)));
    }
    absl::StrAppend(&text, " \\\n        ", Quoted(spec));
  }
  if (!flag.negation.empty()) {
    absl::StrAppend(&text, " \\\n        ", Quoted(flag.negation));
  }
  return text;
}

std::string CommandCase(const CommandDescription& command) {
  std::string text =
      absl::StrCat("    ", Quoted(command.name), ")\n      _arguments -S");
  for (const FlagDescription& flag : command.flags) {
    absl::StrAppend(&text, FlagSpecs(flag));
  }
  for (const ArgumentDescription& argument : command.arguments) {
    absl::StrAppend(&text, " \\\n        ",
                    Quoted(absl::StrCat(":", Escaped(argument.name), ":",
                                        ActionFor(ValueOf(argument)))));
  }
  if (command.takes_program) {
    absl::StrAppend(&text, " \\\n        '*::PROGRAM:_normal'");
  }
  return absl::StrCat(text, "\n      ;;\n");
}

// One array element a line, "word:title".
std::string Described(const std::vector<CommandWord>& words) {
  return absl::StrJoin(
      words, "", [](std::string* out, const CommandWord& word) {
        absl::StrAppend(
            out, "    ",
            Quoted(absl::StrCat(word.word, ":", Escaped(word.title))), "\n");
      });
}

}  // namespace

std::string ZshCompletion(const std::vector<CommandDescription>& commands) {
  const std::vector<CommandWord> first = FirstWords(commands);
  std::string text = absl::StrCat(
      "#compdef reeve\n"
      "# Completion for zsh, as \"reeve completion zsh\" prints it.\n",
      kFunctions,
      "\n_reeve() {\n  local -a commands\n  local command\n"
      "  commands=(\n",
      Described(first),
      "  )\n"
      "  if ((CURRENT == 2)); then\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  command=$words[2]\n"
      "  shift words\n"
      "  ((CURRENT--))\n");
  for (const CommandWord& word : first) {
    const std::vector<CommandWord> second = SecondWords(commands, word.word);
    if (second.empty()) continue;
    absl::StrAppend(&text, "  if [[ $command == ", word.word,
                    " ]]; then\n    commands=(\n", Described(second),
                    "    )\n"
                    "    if ((CURRENT == 2)); then\n"
                    "      _describe command commands\n"
                    "      return\n"
                    "    fi\n"
                    "    command+=\" $words[2]\"\n"
                    "    shift words\n"
                    "    ((CURRENT--))\n"
                    "  fi\n");
  }
  absl::StrAppend(&text, "  case $command in\n");
  for (const CommandDescription& command : commands) {
    absl::StrAppend(&text, CommandCase(command));
  }
  return absl::StrCat(text,
                      "  esac\n}\n\n"
                      "# Sourced, or loaded by the first completion.\n"
                      "if [[ $funcstack[1] == _reeve ]]; then\n"
                      "  _reeve \"$@\"\nelse\n  compdef _reeve reeve\nfi\n");
}

}  // namespace reeve
