#include "agent/cli/agent_flags.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
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

  EXPECT_EQ(options.state_dir, "/run/reeve");
  EXPECT_EQ(options.socket, "");
  EXPECT_EQ(options.listen_address, "127.0.0.1:19100");
  EXPECT_EQ(options.telemetry_path, "/metrics");
  EXPECT_EQ(options.cgroup_parent, "/reeve");
  EXPECT_EQ(options.cpu_weight_mapping, CpuWeightMapping::kLinear);
  EXPECT_EQ(options.sample_interval, absl::Seconds(1));
  EXPECT_EQ(options.start_timeout, absl::Seconds(15));
  EXPECT_EQ(options.shim_path, "");
  EXPECT_EQ(options.procfs, "/proc");
  EXPECT_EQ(options.log_level, "info");
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
      {{"--sample-interval", "99ms"},
       "--sample-interval 99ms: use 100ms or more"},
      {{"--sample-interval", "1"}, "a duration needs a unit"},
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
