#include "agent/cli/agent_flags.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/cli/cgroups_flags.h"
#include "agent/cli/host_flags.h"
#include "agent/cli/processes_flags.h"
#include "base/quantity.h"
#include "collectors/collector_set.h"
#include "enforcement/spec/cgroup_path.h"

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

absl::Status CheckTasksDir(const std::string& path) {
  if (path.find_first_not_of('/') != std::string::npos) {
    return CheckAbsolute(path);
  }
  return Refuse(path, "use an absolute path below /");
}

absl::Status CheckTextfile(const std::string& path) {
  if (absl::EndsWith(path, "/")) {
    return Refuse(path, "this is a directory, use a file in it");
  }
  // node_exporter reads no others.
  if (!absl::EndsWith(path, ".prom")) {
    return Refuse(path, "use a name that ends in .prom");
  }
  return CheckAbsolute(path);
}

absl::Status CheckCgroupParent(const std::string& path) {
  if (IsCgroupPath(path)) return absl::OkStatus();
  return Refuse(path, "use an absolute path without \"..\", such as /reeve");
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

// Comma-separated, and none of them empty.
FlagSet::Setter ListOf(std::vector<std::string>* target) {
  return [target](const std::string& text) {
    std::vector<std::string> names = absl::StrSplit(text, ',');
    for (const std::string& name : names) {
      if (name.empty()) {
        return Refuse(text, "use names or numbers, such as alice,1000");
      }
    }
    *target = std::move(names);
    return absl::OkStatus();
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

// What `parse` makes of the text.
template <typename Value>
FlagSet::Setter Parsed(absl::StatusOr<Value> (*parse)(absl::string_view),
                       Value* target) {
  return [parse, target](const std::string& text) {
    absl::StatusOr<Value> value = parse(text);
    if (!value.ok()) return value.status();
    *target = *std::move(value);
    return absl::OkStatus();
  };
}

absl::Status SetAllowedCapabilities(const std::string& text,
                                    LaunchPolicy* policy) {
  const absl::StatusOr<CapabilitySet> allowed =
      ParseCapabilities(absl::StrSplit(text, ','), CapabilitySet(~uint64_t{0}));
  if (!allowed.ok()) return allowed.status();
  policy->allowed_capabilities = *allowed;
  return absl::OkStatus();
}

void AddPolicyFlags(FlagSet* flags, LaunchPolicy* policy) {
  flags->AddValue("--allow-caps", "NAME,...",
                  "Capabilities that native tasks may have [the agent's]",
                  [policy](const std::string& text) {
                    return SetAllowedCapabilities(text, policy);
                  });
  flags->AddValue("--deny-uids", "FIRST-LAST,...",
                  "Users that no task may run as [none]",
                  Parsed(&IdRanges::Parse, &policy->denied_uids));
  flags->AddValue("--deny-gids", "FIRST-LAST,...",
                  "Groups that no task may be in [none]",
                  Parsed(&IdRanges::Parse, &policy->denied_gids));
  flags->AddValue("--deny-env", "NAME|PREFIX*,...",
                  "Variables that tasks do not get, such as LD_* [none]",
                  Parsed(&EnvDenial::Parse, &policy->denied_env));
}

void AddCollectorFlags(FlagSet* flags, CollectorSet* collectors) {
  flags->BeginGroup(
      "More of each task (none by default; --no-collector.NAME "
      "turns one off)");
  for (const OptionalCollector& one : OptionalCollectors()) {
    flags->AddToggle(absl::StrCat("collector.", one.name),
                     std::string(one.measures), &(collectors->*one.enabled));
  }
}

}  // namespace

void AddAgentFlags(FlagSet* flags, AgentOptions* options) {
  flags->AddValue("--socket", "PATH",
                  "Where commands connect [STATE_DIR/reeve.sock]",
                  Checked(CheckAbsolute, &options->socket));
  flags->AddValue("--allow-users", "USER,...",
                  "Who may use the socket, beside root and the agent's user "
                  "[whoever has the agent's group]",
                  ListOf(&options->allow_users));
  flags->AddValue("--allow-groups", "GROUP,...",
                  "Whose members may use the socket, also supplementary ones",
                  ListOf(&options->allow_groups));
  AddPolicyFlags(flags, &options->launch);
  flags->AddSwitch("--take-over",
                   "End the agent that has the state directory, and go on with "
                   "its tasks",
                   &options->take_over);
  flags->AddValue("--log.level", "LEVEL", "debug, info, warn or error [info]",
                  Checked(CheckLogLevel, &options->log_level));
  flags->BeginGroup("Tasks");
  AddLocalAgentFlags(flags, options);
  flags->AddValue(
      "--start-timeout", "DURATION", "How long a task may take to start [15s]",
      DurationOfAtLeast(absl::Milliseconds(1), &options->start_timeout));
  flags->AddText("--policy", "FILE",
                 "Rules by which the agent changes limits and stops tasks: see "
                 "\"reeve policy --help\" [none]",
                 &options->policy_file);

  flags->AddValue("--tasks-dir", "DIR",
                  "Directory whose files are tasks, NAME.yaml or NAME.json: "
                  "started with the agent, and kept as the files say [none]",
                  Checked(CheckTasksDir, &options->task_files.directory));
  flags->AddValue("--tasks-env-file", "FILE",
                  "Lines NAME=value, for ${NAME} in those files [none]",
                  Checked(CheckAbsolute, &options->task_files.env_file));
  flags->AddValue("--tasks-rescan-interval", "DURATION",
                  "Time between looks at the directory where nobody tells of "
                  "changes, 100ms or more [10s]",
                  DurationOfAtLeast(kShortestInterval,
                                    &options->task_files.rescan_interval));

  flags->BeginGroup("Measuring");
  flags->AddValue(
      "--sample-interval", "DURATION",
      "Time between samples, 100ms or more [1s]",
      DurationOfAtLeast(kShortestInterval, &options->sample_interval));
  flags->AddValue(
      "--detail-interval", "DURATION",
      "Time between readings of what costs more: the kinds of memory, events, "
      "optional collectors [that of samples, 1s or more]",
      [options](const std::string& text) {
        absl::Duration interval;
        absl::Status status =
            DurationOfAtLeast(kShortestInterval, &interval)(text);
        if (status.ok()) options->detail_interval = interval;
        return status;
      });
  flags->AddValue(
      "--process-interval", "DURATION",
      "Time between looks at the processes of a task [5s]",
      DurationOfAtLeast(kShortestInterval, &options->process_interval));
  flags->AddValue("--path.procfs", "DIR", "Where procfs is mounted [/proc]",
                  Checked(CheckAbsolute, &options->procfs));
  flags->AddValue("--web.listen-address", "HOST:PORT",
                  "Where metrics are served; empty for nowhere "
                  "[127.0.0.1:19100]",
                  Checked(CheckListenAddress, &options->listen_address));
  flags->AddValue("--web.telemetry-path", "PATH", "Under which path [/metrics]",
                  Checked(CheckAbsolute, &options->telemetry_path));
  flags->AddValue("--web.compat", "cadvisor",
                  "Serve tasks under cAdvisor's names too, at PATH/cadvisor "
                  "[none]",
                  [options](const std::string& text) {
                    if (text != "cadvisor") return Refuse(text, "use cadvisor");
                    options->web_compat_cadvisor = true;
                    return absl::OkStatus();
                  });
  flags->AddText("--web.config.file", "FILE",
                 "TLS and passwords, as Prometheus' exporters have them [none]",
                 &options->web_config_file);
  flags->AddValue("--textfile.path", "FILE",
                  "Keep the metrics in a file, too, for node_exporter's "
                  "textfile collector [none]",
                  Checked(CheckTextfile, &options->textfile_path));
  flags->AddValue(
      "--textfile.interval", "DURATION",
      "Time between two of its contents [that of samples]",
      DurationOfAtLeast(absl::ZeroDuration(), &options->textfile_interval));
  AddCollectorFlags(flags, &options->collectors);
  AddCgroupsFlags(flags, &options->cgroups);
  AddHostFlags(flags, &options->host);
  AddProcessesFlags(flags, &options->processes);
}

void AddLocalAgentFlags(FlagSet* flags, AgentOptions* options) {
  flags->AddValue("--state-dir", "DIR",
                  "Where the state of tasks is kept [/run/reeve, or "
                  "$XDG_RUNTIME_DIR/reeve for others than root]",
                  Checked(CheckAbsolute, &options->state_dir));
  flags->AddValue(
      "--cgroup-parent", "PATH",
      "Cgroup that holds those of the tasks [/reeve, or tasks below "
      "the own one if that was delegated]",
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

absl::Status CheckAgentFlags(const AgentOptions& options) {
  if (options.task_files.directory.empty() &&
      !options.task_files.env_file.empty()) {
    return absl::InvalidArgumentError("--tasks-env-file needs --tasks-dir");
  }
  return CheckProcessesFlags(options.processes);
}

}  // namespace reeve
