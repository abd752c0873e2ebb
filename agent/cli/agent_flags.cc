#include "agent/cli/agent_flags.h"

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/quantity.h"

namespace reeve {
namespace {

constexpr absl::Duration kShortestInterval = absl::Milliseconds(100);

absl::Status Refuse(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(text.empty() ? "\"\"" : text, ": ", why));
}

absl::Status CheckAbsolute(const std::string& path) {
  if (absl::StartsWith(path, "/")) return absl::OkStatus();
  return Refuse(path, "use an absolute path");
}

absl::Status CheckCgroupParent(const std::string& path) {
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '/');
  if (!absl::StartsWith(path, "/") || absl::c_linear_search(parts, "..")) {
    return Refuse(path, "use an absolute path without \"..\", such as /reeve");
  }
  return absl::OkStatus();
}

// HOST:PORT, [IPV6]:PORT or :PORT; empty for none.
absl::Status CheckListenAddress(const std::string& address) {
  if (address.empty()) return absl::OkStatus();
  const size_t colon = address.rfind(':');
  uint32_t port;
  if (colon == std::string::npos ||
      !absl::SimpleAtoi(address.substr(colon + 1), &port) || port > 65535) {
    return Refuse(address, "use HOST:PORT, such as 127.0.0.1:19100, or \"\"");
  }
  return absl::OkStatus();
}

absl::Status CheckLogLevel(const std::string& level) {
  for (const char* known : {"debug", "info", "warn", "error"}) {
    if (level == known) return absl::OkStatus();
  }
  return Refuse(level, "use debug, info, warn or error");
}

// Takes the text over if `check` allows it.
FlagSet::Setter Checked(absl::Status (*check)(const std::string&),
                        std::string* target) {
  return [check, target](const std::string& text) {
    absl::Status status = check(text);
    if (status.ok()) *target = text;
    return status;
  };
}

FlagSet::Setter DurationOfAtLeast(absl::Duration shortest,
                                  absl::Duration* target) {
  return [shortest, target](const std::string& text) {
    const absl::StatusOr<absl::Duration> duration = ParseDuration(text);
    if (!duration.ok()) return duration.status();
    if (*duration < shortest) {
      return Refuse(text, absl::StrCat("use ", absl::FormatDuration(shortest),
                                       " or more"));
    }
    *target = *duration;
    return absl::OkStatus();
  };
}

}  // namespace

void AddAgentFlags(FlagSet* flags, AgentOptions* options) {
  flags->AddValue("--socket", "PATH",
                  "Where commands connect [STATE_DIR/reeve.sock]",
                  Checked(CheckAbsolute, &options->socket));
  flags->AddValue("--log.level", "LEVEL", "debug, info, warn or error [info]",
                  Checked(CheckLogLevel, &options->log_level));
  flags->BeginGroup("Tasks");
  AddLocalAgentFlags(flags, options);
  flags->AddValue(
      "--start-timeout", "DURATION", "How long a task may take to start [15s]",
      DurationOfAtLeast(absl::Milliseconds(1), &options->start_timeout));

  flags->BeginGroup("Measuring");
  flags->AddValue(
      "--sample-interval", "DURATION",
      "Time between samples, 100ms or more [1s]",
      DurationOfAtLeast(kShortestInterval, &options->sample_interval));
  flags->AddValue("--path.procfs", "DIR", "Where procfs is mounted [/proc]",
                  Checked(CheckAbsolute, &options->procfs));
  flags->AddValue("--web.listen-address", "HOST:PORT",
                  "Where metrics are served; empty for nowhere "
                  "[127.0.0.1:19100]",
                  Checked(CheckListenAddress, &options->listen_address));
  flags->AddValue("--web.telemetry-path", "PATH", "Under which path [/metrics]",
                  Checked(CheckAbsolute, &options->telemetry_path));
}

void AddLocalAgentFlags(FlagSet* flags, AgentOptions* options) {
  flags->AddValue("--state-dir", "DIR",
                  "Where the state of tasks is kept [/run/reeve]",
                  Checked(CheckAbsolute, &options->state_dir));
  flags->AddValue("--cgroup-parent", "PATH",
                  "Cgroup that holds those of the tasks [/reeve]",
                  Checked(CheckCgroupParent, &options->cgroup_parent));
  flags->AddValue("--cpu-weight-mapping", "linear|classic|quadratic",
                  "How --cpu-shares become a cpu.weight on cgroup v2: ratios "
                  "kept, or as OCI runtimes did until 2025, or since [linear]",
                  [options](const std::string& text) {
                    const auto mapping = ParseCpuWeightMapping(text);
                    if (mapping.ok()) options->cpu_weight_mapping = *mapping;
                    return mapping.status();
                  });
  flags->AddText("--shim", "PATH", "reeve-shim [beside this program]",
                 &options->shim_path);
}

}  // namespace reeve
