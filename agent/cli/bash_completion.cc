#include "agent/cli/bash_completion.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/cli/command_names.h"
#include "agent/cli/completion_value.h"

namespace reeve {
namespace {

// What the tables below are read by. Names and values of flags hold nothing
// that a shell would expand, so words are split where they are meant to be.
constexpr char kFunctions[] = R"sh(
# Sets COMPREPLY to what is offered for a value.
_reeve_offer() {
  local kind=$1 words=$2 current=$3 agent=$4
  shift 4
  case $kind in
    files) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    directories) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    tasks)
      words+=" $("$agent" ps "$@" 2>/dev/null | awk 'NR > 1 { print $1 }')"
      ;;
    groups)
      words+=" $("$agent" group ls "$@" 2>/dev/null | awk 'NR > 1 { print $1 }')"
      ;;
  esac
  if [[ $kind == files || $kind == directories ]]; then
    compopt -o filenames 2>/dev/null
  fi
  local word
  for word in $words; do
    if [[ $word == "$current"* ]]; then COMPREPLY+=("$word"); fi
  done
}

_reeve() {
  local agent=$1 current=${COMP_WORDS[COMP_CWORD]}
  local command='' open='' given=0 kind words flags='' arguments=() program=''
  local socket=() index word
  COMPREPLY=()
  # bash makes three words of "--flag=value".
  if [[ $current == '=' ]]; then current=''; fi
  for ((index = 1; index < COMP_CWORD; ++index)); do
    word=${COMP_WORDS[index]}
    if [[ -n $open ]]; then
      if [[ $word == '=' ]]; then continue; fi
      if [[ $open == --socket ]]; then socket=("--socket=$word"); fi
      open=''
    elif [[ $word == -- ]]; then
      _reeve_program $((index + 1))
      return
    elif [[ $word == -* ]]; then
      if _reeve_value "$command" "$word"; then open=$word; fi
    elif [[ -z $command ]] || _reeve_has_more "$command"; then
      command+=${command:+ }$word
      _reeve_command "$command"
    elif [[ -n $program && $given -eq ${#arguments[@]} ]]; then
      _reeve_program "$index"
      return
    else
      ((++given))
    fi
  done
  if [[ -n $open ]]; then
    _reeve_value "$command" "$open"
    _reeve_offer "$kind" "$words" "$current" "$agent" "${socket[@]}"
  elif [[ $current == -* ]]; then
    _reeve_offer none "$flags" "$current" "$agent"
  elif [[ -z $command ]] || _reeve_has_more "$command"; then
    _reeve_words "$command"
    _reeve_offer none "$words" "$current" "$agent"
  elif ((given < ${#arguments[@]})); then
    _reeve_offer "${arguments[given]%%:*}" "${arguments[given]#*:}" "$current" \
      "$agent" "${socket[@]}"
  elif [[ -n $program ]]; then
    _reeve_program "$COMP_CWORD"
  fi
}

# Completes the program that begins with the given word of the line.
_reeve_program() {
  if declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  elif (($1 == COMP_CWORD)); then
    mapfile -t COMPREPLY < <(compgen -c -- "$current")
  else
    _reeve_offer files '' "$current" ''
  fi
}

complete -F _reeve reeve
)sh";

std::string KindText(CompletionValue::Kind kind) {
  switch (kind) {
    case CompletionValue::Kind::kFiles:
      return "files";
    case CompletionValue::Kind::kDirectories:
      return "directories";
    case CompletionValue::Kind::kTasks:
      return "tasks";
    case CompletionValue::Kind::kGroups:
      return "groups";
    case CompletionValue::Kind::kNothing:
      break;
  }
  return "none";
}

std::string WordsOf(const std::vector<CommandWord>& words) {
  return absl::StrJoin(words, " ",
                       [](std::string* out, const CommandWord& word) {
                         absl::StrAppend(out, word.word);
                       });
}

// Of each first word, and of none, those that may follow.
std::string WordTable(const std::vector<CommandDescription>& commands) {
  const std::vector<CommandWord> first = FirstWords(commands);
  std::string words = absl::StrCat("    '') words='", WordsOf(first), "' ;;\n");
  std::string more;
  for (const CommandWord& word : first) {
    const std::vector<CommandWord> second = SecondWords(commands, word.word);
    if (second.empty()) continue;
    absl::StrAppend(&words, "    ", word.word, ") words='", WordsOf(second),
                    "' ;;\n");
    absl::StrAppend(&more, more.empty() ? "" : " | ", word.word);
  }
  return absl::StrCat(
      "\n# Sets words to those of which one follows a part of a command.\n"
      "_reeve_words() {\n  case $1 in\n",
      words,
      "  esac\n}\n\n# Whether a command has a second word.\n"
      "_reeve_has_more() {\n  case $1 in\n    ",
      more.empty() ? "''" : more,
      ") return 0 ;;\n    *) return 1 ;;\n  esac\n}\n");
}

std::string CommandTable(const std::vector<CommandDescription>& commands) {
  std::string text =
      "\n# Sets flags, arguments and program to what a command takes.\n"
      "_reeve_command() {\n  case $1 in\n";
  for (const CommandDescription& command : commands) {
    std::vector<std::string> flags;
    for (const FlagDescription& flag : command.flags) {
      flags.insert(flags.end(), flag.names.begin(), flag.names.end());
      if (!flag.negation.empty()) flags.push_back(flag.negation);
    }
    std::vector<std::string> arguments;
    arguments.reserve(command.arguments.size());
    for (const ArgumentDescription& argument : command.arguments) {
      const CompletionValue value = ValueOf(argument);
      arguments.push_back(absl::StrCat("'", KindText(value.kind), ":",
                                       absl::StrJoin(value.words, " "), "'"));
    }
    absl::StrAppend(&text, "    '", command.name, "')\n      flags='",
                    absl::StrJoin(flags, " "), "'\n      arguments=(",
                    absl::StrJoin(arguments, " "), ")\n",
                    command.takes_program ? "      program=1\n" : "",
                    "      ;;\n");
  }
  return absl::StrCat(text, "  esac\n}\n");
}

std::string ValueTable(const std::vector<CommandDescription>& commands) {
  std::string text =
      "\n# Sets kind and words to those of a flag's value; fails if it has "
      "none.\n"
      "_reeve_value() {\n  kind=none words=''\n  case \"$1 $2\" in\n";
  for (const CommandDescription& command : commands) {
    for (const FlagDescription& flag : command.flags) {
      if (flag.value.empty()) continue;
      const CompletionValue value = ValueOf(flag);
      const std::string patterns = absl::StrJoin(
          flag.names, " | ", [&](std::string* out, const std::string& name) {
            absl::StrAppend(out, "'", command.name, " ", name, "'");
          });
      absl::StrAppend(&text, "    ", patterns, ") kind=", KindText(value.kind),
                      " words='", absl::StrJoin(value.words, " "), "' ;;\n");
    }
  }
  return absl::StrCat(text, "    *) return 1 ;;\n  esac\n}\n");
}

}  // namespace

std::string BashCompletion(const std::vector<CommandDescription>& commands) {
  return absl::StrCat(
      "# shellcheck shell=bash\n"
      "# Completion for bash, as \"reeve completion bash\" prints it.\n",
      WordTable(commands), CommandTable(commands), ValueTable(commands),
      kFunctions);
}

}  // namespace reeve
