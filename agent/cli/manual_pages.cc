#include "agent/cli/manual_pages.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "agent/cli/command_names.h"

namespace reeve {
namespace {

// Of what reeve as a whole is: not in any table.
constexpr char kOverview[] = R"(.SH DESCRIPTION
reeve launches programs as tasks under limits, changes those limits while they
run, measures everything they use, and serves it to Prometheus.
.PP
An agent, the service
.BR reeve.service ,
keeps the tasks; the other commands ask it. Without an agent
.B reeve run
does for one task what the agent does for all.
)";

constexpr char kRest[] = R"(.SH EXIT STATUS
.B reeve run
and
.B reeve wait
end as the task does, with 128 + signal if one ended it.
.TP
.B 125
reeve or the agent failed, or what was asked for was refused
.TP
.B 126
the program cannot be executed
.TP
.B 127
the program was not found
.SH ENVIRONMENT
.TP
.B REEVE_SOCKET
the agent's socket
.TP
.B XDG_RUNTIME_DIR
where state and socket are for others than root
.SH FILES
.TP
.I /run/reeve
state of the tasks, and the agent's socket
.TP
.I /etc/default/reeve
flags of the agent that is a service
.TP
.I /usr/share/reeve
rules and dashboards
)";

// Text that means nothing to troff.
std::string Escaped(const std::string& text) {
  std::string escaped =
      absl::StrReplaceAll(text, {{"\\", "\\e"}, {"-", "\\-"}});
  // A line that begins with one of these would be a request.
  if (!escaped.empty() && (escaped[0] == '.' || escaped[0] == '\'')) {
    escaped.insert(0, "\\&");
  }
  return absl::StrReplaceAll(escaped, {{"\n.", "\n\\&."}, {"\n'", "\n\\&'"}});
}

std::string Bold(const std::string& text) {
  return absl::StrCat("\\fB", Escaped(text), "\\fR");
}

std::string Italic(const std::string& text) {
  return absl::StrCat("\\fI", Escaped(text), "\\fR");
}

std::string PageName(const std::string& command) {
  return absl::StrCat("reeve-", absl::StrReplaceAll(command, {{" ", "-"}}));
}

std::string Heading(const std::string& name, const std::string& version,
                    const std::string& title) {
  return absl::StrCat(".TH ", Escaped(absl::AsciiStrToUpper(name)),
                      " 1 \"\" \"reeve ", Escaped(version),
                      "\" \"User Commands\"\n.SH NAME\n", Escaped(name),
                      " \\- ", Escaped(title), "\n");
}

std::string Synopsis(const CommandDescription& command) {
  std::string text =
      absl::StrCat(".SH SYNOPSIS\n", Bold(absl::StrCat("reeve ", command.name)),
                   " [", Italic("FLAGS"), "]");
  for (const ArgumentDescription& argument : command.arguments) {
    absl::StrAppend(&text, " ", Italic(argument.name));
  }
  if (command.takes_program) {
    absl::StrAppend(&text, " [", Bold("--"), "] ", Italic("PROGRAM"), " [",
                    Italic("ARGS"), "...]");
  }
  return absl::StrCat(text, "\n");
}

std::string FlagEntry(const FlagDescription& flag) {
  std::vector<std::string> names;
  names.reserve(flag.names.size() + 1);
  for (const std::string& name : flag.names) names.push_back(Bold(name));
  if (!flag.negation.empty()) names.push_back(Bold(flag.negation));
  std::string text = absl::StrCat(".TP\n", absl::StrJoin(names, ", "));
  if (!flag.value.empty()) absl::StrAppend(&text, " ", Italic(flag.value));
  return absl::StrCat(text, "\n", Escaped(flag.help),
                      flag.is_list ? " (may be repeated)" : "", "\n");
}

std::string FlagSections(const CommandDescription& command) {
  std::string text;
  std::string heading;
  for (const FlagDescription& flag : command.flags) {
    if (flag.heading != heading) {
      heading = flag.heading;
      absl::StrAppend(&text, ".SH \"",
                      Escaped(absl::StrReplaceAll(
                          absl::AsciiStrToUpper(heading), {{"\"", "'"}})),
                      "\"\n");
    }
    absl::StrAppend(&text, FlagEntry(flag));
  }
  return text;
}

std::string Example(const std::string& example) {
  if (example.empty()) return "";
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(example, '\n')) {
    lines.push_back(Escaped(std::string(absl::StripAsciiWhitespace(line))));
  }
  return absl::StrCat(".SH EXAMPLE\n.nf\n.RS\n", absl::StrJoin(lines, "\n"),
                      "\n.RE\n.fi\n");
}

ManualPage PageOf(const CommandDescription& command,
                  const std::string& version) {
  const std::string name = PageName(command.name);
  std::string text =
      absl::StrCat(Heading(name, version, TitleOf(command)), Synopsis(command),
                   ".SH DESCRIPTION\n", Escaped(command.summary), "\n");
  if (!command.arguments.empty()) {
    absl::StrAppend(&text, ".SH ARGUMENTS\n");
    for (const ArgumentDescription& argument : command.arguments) {
      absl::StrAppend(&text, ".TP\n", Italic(argument.name), "\n",
                      Escaped(argument.help), "\n");
    }
  }
  absl::StrAppend(&text, FlagSections(command), Example(command.example),
                  ".SH SEE ALSO\n.BR reeve (1)\n");
  return {absl::StrCat(name, ".1"), text};
}

ManualPage PageOfAll(const std::vector<CommandDescription>& commands,
                     const std::string& version) {
  std::string text = absl::StrCat(
      Heading("reeve", version, "run programs under limits and measure them"),
      ".SH SYNOPSIS\n", Bold("reeve"), " ", Italic("COMMAND"), " [",
      Italic("FLAGS"), "] [", Italic("ID"), "] [", Bold("--"), " ",
      Italic("PROGRAM"), " ", Italic("ARGS"), "...]\n", kOverview,
      ".SH COMMANDS\n");
  for (const CommandDescription& command : commands) {
    absl::StrAppend(&text, ".TP\n.BR ", Escaped(PageName(command.name)),
                    " (1)\n", Escaped(TitleOf(command)), "\n");
  }
  return {"reeve.1", absl::StrCat(text, kRest)};
}

}  // namespace

std::vector<ManualPage> ManualPages(
    const std::vector<CommandDescription>& commands,
    const std::string& version) {
  std::vector<ManualPage> pages = {PageOfAll(commands, version)};
  pages.reserve(commands.size() + 1);
  for (const CommandDescription& command : commands) {
    pages.push_back(PageOf(command, version));
  }
  return pages;
}

}  // namespace reeve
