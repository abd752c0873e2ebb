#include <unistd.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "agent/cli/agent_client.h"
#include "agent/cli/commands.h"
#include "agent/cli/common_flags.h"
#include "agent/cli/error_report.h"
#include "agent/cli/top/top_column.h"
#include "agent/cli/top/top_session.h"
#include "base/quantity.h"

namespace reeve {
namespace {

constexpr absl::Duration kMinInterval = absl::Milliseconds(100);

absl::Status SetInterval(const std::string& text, absl::Duration* interval) {
  const absl::StatusOr<absl::Duration> parsed = ParseDuration(text);
  if (!parsed.ok()) return parsed.status();
  if (*parsed < kMinInterval) {
    return absl::InvalidArgumentError(
        absl::StrCat(text, ": use 100ms or more"));
  }
  *interval = *parsed;
  return absl::OkStatus();
}

absl::Status SetIterations(const std::string& text,
                           std::optional<uint64_t>* iterations) {
  const absl::StatusOr<uint64_t> parsed = ParseCount(text);
  if (!parsed.ok()) return parsed.status();
  if (*parsed == 0) {
    return absl::InvalidArgumentError(absl::StrCat(text, ": use 1 or more"));
  }
  *iterations = *parsed;
  return absl::OkStatus();
}

absl::Status SetSort(const std::string& text, TopColumn* sort) {
  const absl::StatusOr<TopColumn> parsed = ColumnFromName(text);
  if (!parsed.ok()) return parsed.status();
  *sort = *parsed;
  return absl::OkStatus();
}

void AddTopFlags(FlagSet* flags, TopOptions* options, bool* batch) {
  flags->AddValue("--interval", "DURATION",
                  "Time between two looks, 100ms or more [1s]",
                  [options](const std::string& text) {
                    return SetInterval(text, &options->interval);
                  });
  flags->AddValue("--sort", "COLUMN",
                  "id, group, state, cpu, throttled, memory, limit, share, "
                  "working-set, threads, oom, uptime or command [cpu]",
                  [options](const std::string& text) {
                    return SetSort(text, &options->order.sort);
                  });
  flags->AddValue("--group", "GROUP", "Only tasks of this group",
                  [options](const std::string& text) {
                    options->order.group = text;
                    return absl::OkStatus();
                  });
  flags->AddSwitch("--tree", "Show tasks below their groups",
                   &options->order.tree);
  flags->AddSwitch(
      "--batch", "Print plain text, as where the output is no terminal", batch);
  flags->AddValue("--iterations", "N",
                  "Print so many, as plain text or JSON [no end]",
                  [options](const std::string& text) {
                    return SetIterations(text, &options->iterations);
                  });
}

std::string Variable(const CliEnvironment& env, const char* name) {
  return env.getenv(name).value_or("");
}

// As the C library finds the character set, without loading a locale.
bool IsUtf8(const CliEnvironment& env) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string locale = absl::AsciiStrToLower(Variable(env, name));
    if (locale.empty()) continue;
    return absl::StrContains(locale, "utf-8") ||
           absl::StrContains(locale, "utf8");
  }
  return false;
}

bool HasScreen(const CliEnvironment& env) {
  return isatty(env.stdin_fd) == 1 && isatty(env.stdout_fd) == 1 &&
         Variable(env, "TERM") != "dumb";
}

int ShowOnScreen(const TopOptions& options, const AgentAddress& agent,
                 const CliEnvironment& env) {
  Look look;
  look.colours = Variable(env, "NO_COLOR").empty();
  look.unicode = IsUtf8(env);
  // Before gRPC starts threads, which are to leave the signals alone.
  TopSignals signals;
  TopSource source(agent, "/proc");
  const absl::StatusOr<int> exit_code =
      RunTopSession(options, look, signals, source, env);
  if (!exit_code.ok()) return ReportError(exit_code.status(), *env.err);
  return *exit_code;
}

}  // namespace

int TopCommand(const CommandArgs& args, const CliEnvironment& env) {
  std::string socket;
  TopOptions options;
  bool batch = false;
  FlagSet flags("top",
                "Shows what tasks use, again and again, those that use most "
                "first. Throttling is that since the look before, and at first "
                "that since the start of a task. \"h\" shows the keys.");
  AddTopFlags(&flags, &options, &batch);
  AddJsonFlag(&flags, &options.json);
  AddSocketFlag(&flags, &socket);
  flags.AddExample(
      "reeve top --sort memory\n"
      "  reeve top --group shop --json --iterations 1");
  if (const auto exit_code = ParseFlags(&flags, args, env)) return *exit_code;

  const AgentAddress agent = FindAgentAddress(socket, env);
  const bool plain = batch || options.json || options.iterations.has_value();
  if (!plain && HasScreen(env)) return ShowOnScreen(options, agent, env);
  TopSource source(agent, "/proc");
  const absl::Status status = RunTopBatch(options, source, env);
  return status.ok() ? kExitSuccess : ReportError(status, *env.err);
}

}  // namespace reeve
