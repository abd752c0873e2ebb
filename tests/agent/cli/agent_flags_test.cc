#include "agent/cli/agent_flags.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "collectors/collector_set.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<AgentOptions> Parse(const std::vector<std::string>& args) {
  AgentOptions options;
  FlagSet flags("agent", "Test.");
  AddAgentFlags(&flags, &options);
  const absl::StatusOr<FlagSet::Outcome> outcome = flags.Parse(args);
  if (!outcome.ok()) return outcome.status();
  return options;
}

TEST(AgentFlagsTest, WithoutFlagsTheOptionsKeepTheirDefaults) {
  const AgentOptions options = *Parse({});

  EXPECT_EQ(options.state_dir, "");
  EXPECT_EQ(options.socket, "");
  EXPECT_EQ(options.listen_address, "127.0.0.1:19100");
  EXPECT_EQ(options.telemetry_path, "/metrics");
  EXPECT_EQ(options.cgroup_parent, "");
  EXPECT_EQ(options.cpu_weight_mapping, CpuWeightMapping::kLinear);
  EXPECT_EQ(options.sample_interval, absl::Seconds(1));
  EXPECT_EQ(options.start_timeout, absl::Seconds(15));
  EXPECT_EQ(options.shim_path, "");
  EXPECT_EQ(options.procfs, "/proc");
  EXPECT_EQ(options.log_level, "info");
}

TEST(AgentFlagsTest, SayWhichFilesAreTasks) {
  EXPECT_EQ(Parse({})->task_files.directory, "");
  const TaskFilesOptions files =
      Parse({"--tasks-dir", "/etc/tasks.d", "--tasks-env-file", "/etc/env",
             "--tasks-rescan-interval", "1m"})
          ->task_files;
  EXPECT_EQ(files.directory, "/etc/tasks.d");
  EXPECT_EQ(files.env_file, "/etc/env");
  EXPECT_EQ(files.rescan_interval, absl::Minutes(1));
  for (const char* directory : {"tasks.d", "/", "//", ""}) {
    EXPECT_THAT(Parse({"--tasks-dir", directory}),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << directory;
  }
  EXPECT_THAT(Parse({"--tasks-rescan-interval", "10ms"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(AgentFlagsTest, HaveToGoTogether) {
  const auto check = [](const std::vector<std::string>& args) {
    return CheckAgentFlags(*Parse(args));
  };
  EXPECT_TRUE(check({}).ok());
  EXPECT_TRUE(
      check({"--tasks-dir", "/etc/tasks.d", "--tasks-env-file", "/etc/env"})
          .ok());
  EXPECT_THAT(check({"--tasks-env-file", "/etc/env"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "--tasks-env-file needs --tasks-dir"));
  EXPECT_THAT(check({"--collector.processes.io"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("needs --collector.processes")));
}

TEST(AgentFlagsTest, SayHowMetricsAreServed) {
  const AgentOptions options =
      *Parse({"--web.config.file", "web.yml", "--textfile.path",
              "/var/lib/node/reeve.prom", "--textfile.interval", "15s",
              "--web.compat", "cadvisor"});
  EXPECT_TRUE(options.web_compat_cadvisor);
  EXPECT_THAT(Parse({"--web.compat", "collectd"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(options.web_config_file, "web.yml");
  EXPECT_EQ(options.textfile_path, "/var/lib/node/reeve.prom");
  EXPECT_EQ(options.textfile_interval, absl::Seconds(15));
  for (const char* path :
       {"reeve.prom", "/var/lib/node/", "/var/lib/node/x.txt", ""}) {
    EXPECT_THAT(Parse({"--textfile.path", path}),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

TEST(AgentFlagsTest, SharesBecomeAWeightByTheFormulaOfChoice) {
  EXPECT_EQ(Parse({"--cpu-weight-mapping", "quadratic"})->cpu_weight_mapping,
            CpuWeightMapping::kQuadratic);
  EXPECT_EQ(Parse({"--cpu-weight-mapping", "classic"})->cpu_weight_mapping,
            CpuWeightMapping::kClassic);
  EXPECT_THAT(Parse({"--cpu-weight-mapping", "cubic"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("linear, classic or quadratic")));
}

TEST(AgentFlagsTest, SayWhatNoTaskGets) {
  const LaunchPolicy policy =
      Parse({"--allow-caps", "kill,CAP_CHOWN", "--deny-uids", "0-99",
             "--deny-gids", "0,27", "--deny-env", "LD_*"})
          ->launch;
  EXPECT_EQ(policy.allowed_capabilities, (CapabilitySet{CAP_KILL, CAP_CHOWN}));
  EXPECT_TRUE(policy.denied_uids.Contains(99));
  EXPECT_TRUE(policy.denied_gids.Contains(27));
  EXPECT_TRUE(policy.denied_env.Denies("LD_PRELOAD"));
  for (const auto& [flag, value] :
       std::vector<std::pair<const char*, const char*>>{
           {"--allow-caps", "moon"},
           {"--deny-uids", "9-1"},
           {"--deny-gids", "x"},
           {"--deny-env", "*X"}}) {
    EXPECT_THAT(Parse({flag, value}),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(flag)));
  }
}

TEST(AgentFlagsTest, EachFlagSetsItsOption) {
  const AgentOptions options = *Parse({"--state-dir",
                                       "/s",
                                       "--socket",
                                       "/s/a.sock",
                                       "--web.listen-address",
                                       "[::1]:0",
                                       "--web.telemetry-path",
                                       "/m",
                                       "--cgroup-parent",
                                       "/a/b",
                                       "--sample-interval",
                                       "100ms",
                                       "--start-timeout",
                                       "1m",
                                       "--shim",
                                       "shim",
                                       "--path.procfs",
                                       "/host/proc",
                                       "--log.level",
                                       "debug"});

  EXPECT_EQ(options.state_dir, "/s");
  EXPECT_EQ(options.socket, "/s/a.sock");
  EXPECT_EQ(options.listen_address, "[::1]:0");
  EXPECT_EQ(options.telemetry_path, "/m");
  EXPECT_EQ(options.cgroup_parent, "/a/b");
  EXPECT_EQ(options.sample_interval, absl::Milliseconds(100));
  EXPECT_EQ(options.start_timeout, absl::Minutes(1));
  EXPECT_EQ(options.shim_path, "shim");
  EXPECT_EQ(options.procfs, "/host/proc");
  EXPECT_EQ(options.log_level, "debug");
}

TEST(AgentFlagsTest, WhoMayUseTheSocketIsAListOfNames) {
  const auto options =
      Parse({"--allow-users", "alice,1000", "--allow-groups=ops"});

  ASSERT_THAT(options, IsOk());
  EXPECT_THAT(options->allow_users, ::testing::ElementsAre("alice", "1000"));
  EXPECT_THAT(options->allow_groups, ::testing::ElementsAre("ops"));
  EXPECT_THAT(Parse({"--allow-users", "alice,"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("use names or numbers")));
}

TEST(AgentFlagsTest, CollectorsAreOffUnlessAskedFor) {
  for (const OptionalCollector& one : OptionalCollectors()) {
    const std::string on = absl::StrCat("--collector.", one.name);
    const std::string off = absl::StrCat("--no-collector.", one.name);
    EXPECT_TRUE(Parse({on})->collectors.*one.enabled) << on;
    EXPECT_FALSE(Parse({})->collectors.*one.enabled) << on;
    EXPECT_FALSE(Parse({off})->collectors.*one.enabled) << off;
    EXPECT_FALSE(Parse({on, off})->collectors.*one.enabled) << on;
    EXPECT_TRUE(Parse({off, on})->collectors.*one.enabled) << on;
    EXPECT_THAT(Parse({on + "=no"}),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr(on + ": takes no value")));
  }
}

TEST(AgentFlagsTest,
     DetailsMayComeAsOftenAsSamplesAndProcessesAsTheyAreWanted) {
  const auto options = Parse({"--sample-interval=100ms", "--detail-interval=2s",
                              "--process-interval", "500ms"});

  ASSERT_THAT(options, IsOk());
  EXPECT_EQ(options->detail_interval, absl::Seconds(2));
  EXPECT_EQ(options->process_interval, absl::Milliseconds(500));
  EXPECT_EQ(Parse({})->detail_interval, std::nullopt);
  EXPECT_THAT(Parse({"--detail-interval=1ms"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("use 100ms or more")));
}

TEST(AgentFlagsTest, UnknownCollectorsAreRefused) {
  for (const std::string flag :
       {"--collector.moon", "--no-collector.moon", "--collector."}) {
    EXPECT_THAT(Parse({flag}), StatusIs(absl::StatusCode::kInvalidArgument,
                                        HasSubstr("unknown flag " + flag)));
  }
}

TEST(AgentFlagsTest, TheMachineIsMeasuredOnlyIfAskedFor) {
  const auto none = Parse({});
  const auto all = Parse({"--collector.host", "--collector.filesystems",
                          "--collector.filesystems.interval=5s",
                          "--collector.host.disk-exclude", "sd.*",
                          "--collector.host.network-exclude=",
                          "--collector.filesystems.type-exclude=nfs.*",
                          "--collector.filesystems.mount-exclude=/boot|/srv"});

  ASSERT_THAT(none, IsOk());
  EXPECT_FALSE(none->host.has_host);
  EXPECT_FALSE(none->host.has_filesystems);
  EXPECT_FALSE(none->host.disk_exclude.has_value());
  ASSERT_THAT(all, IsOk());
  EXPECT_TRUE(all->host.has_host);
  EXPECT_TRUE(all->host.has_filesystems);
  EXPECT_EQ(all->host.filesystem_interval, absl::Seconds(5));
  EXPECT_TRUE(all->host.disk_exclude->Matches("sda"));
  EXPECT_FALSE(all->host.network_exclude->Matches("lo"));
  EXPECT_TRUE(all->host.filesystem_type_exclude->Matches("nfs4"));
  EXPECT_TRUE(all->host.mount_exclude.Matches("/srv"));
}

TEST(AgentFlagsTest, PatternsThatAreNoneAreRefusedInOneLine) {
  for (const std::string flag :
       {"--collector.host.disk-exclude", "--collector.host.network-exclude",
        "--collector.filesystems.type-exclude",
        "--collector.filesystems.mount-exclude"}) {
    const auto options = Parse({flag, "a(b"});
    EXPECT_THAT(options, StatusIs(absl::StatusCode::kInvalidArgument,
                                  HasSubstr(flag + " a(b: not a regular "
                                                   "expression: missing )")));
  }
}

TEST(AgentFlagsTest, TheHelpListsTheCollectors) {
  AgentOptions options;
  FlagSet flags("agent", "Test.");
  AddAgentFlags(&flags, &options);

  const std::string help = flags.Help();

  EXPECT_THAT(help, HasSubstr("--no-collector.NAME turns one off):\n"));
  for (const OptionalCollector& one : OptionalCollectors()) {
    EXPECT_THAT(help, HasSubstr(absl::StrCat("  --collector.", one.name)));
  }
}

TEST(AgentFlagsTest, AnEmptyListenAddressServesNoHttp) {
  EXPECT_EQ(Parse({"--web.listen-address="})->listen_address, "");
}

TEST(AgentFlagsTest, RefusesWhatCannotWorkAndSaysWhatDoes) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--web.telemetry-path", "metrics"},
       "--web.telemetry-path metrics: use an absolute path"},
      {{"--cgroup-parent", "reeve"},
       "--cgroup-parent reeve: use an absolute path without \"..\", such as "
       "/reeve"},
      {{"--cgroup-parent", "/a/../b"}, "use an absolute path without \"..\""},
      {{"--cgroup-parent", "/a/./b"}, "such as /reeve"},
      {{"--cgroup-parent", "/a//b"}, "such as /reeve"},
      {{"--cgroup-parent", "/a/"}, "such as /reeve"},
      {{"--sample-interval", "99ms"},
       "--sample-interval 99ms: use 100ms or more"},
      {{"--sample-interval", "1"}, "a duration needs a unit"},
      {{"--collector.filesystems.interval", "900ms"},
       "--collector.filesystems.interval 900ms: use 1s or more"},
      {{"--start-timeout", "0"}, "--start-timeout 0: use 1ms or more"},
      {{"--web.listen-address", "localhost"},
       "--web.listen-address localhost: use HOST:PORT"},
      {{"--web.listen-address", "localhost:65536"}, "use HOST:PORT"},
      {{"--web.listen-address", "localhost:x"}, "use HOST:PORT"},
      {{"--log.level", "loud"},
       "--log.level loud: use debug, info, warn or error"},
      {{"--state-dir", "state"}, "--state-dir state: use an absolute path"},
      {{"--state-dir="}, "--state-dir \"\": use an absolute path"},
  };
  for (const auto& [args, message] : cases) {
    EXPECT_THAT(Parse(args), StatusIs(absl::StatusCode::kInvalidArgument,
                                      HasSubstr(message)));
  }
}

}  // namespace
}  // namespace reeve
