#include "agent/spec/yaml_spec.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<v1::TaskSpec> Parse(const std::string& text) {
  const absl::StatusOr<YamlNode> root = ParseYaml(text);
  if (!root.ok()) return root.status();
  return SpecFromYaml(*root);
}

std::string Parsed(const std::string& text) {
  const absl::StatusOr<v1::TaskSpec> spec = Parse(text);
  return spec.ok() ? spec->ShortDebugString()
                   : std::string(spec.status().message());
}

TEST(SpecFromYamlTest, FieldsAreThoseOfTheApi) {
  EXPECT_EQ(Parsed("id: web\n"
                   "command: [sleep, '60']\n"
                   "env:\n- A=b\n"
                   "cwd: /srv\n"
                   "stdout: {path: /var/log/web}\n"
                   "tty: true\n"
                   "log: {max_size_bytes: 1M, max_files: 3}\n"
                   "after: [db]\n"),
            "id: \"web\" command: \"sleep\" command: \"60\" env: \"A=b\" "
            "cwd: \"/srv\" stdout { path: \"/var/log/web\" } tty: true "
            "log { max_size_bytes: 1048576 max_files: 3 } after: \"db\"");
}

TEST(SpecFromYamlTest, LimitsAreWrittenAsOnTheCommandLine) {
  EXPECT_EQ(
      Parsed("limits:\n"
             "  memory_bytes: 256M\n"
             "  cpus: 0.5\n"
             "  cpu_period_usec: 50ms\n"
             "  cpu_burst_usec: 1000\n"
             "  pids: 64\n"
             "  cpu_idle: false\n"
             "  oom_score_adj: -5\n"
             "  io_max: [{device: /dev/sda, read_bps: 10M, "
             "write_iops: max}]\n"
             "  hugetlb: [{page_size: 2MB, bytes: max}]\n"
             "  rlimits: [{name: nofile, soft: 1024, hard: unlimited}]\n"),
      "limits { memory_bytes: 268435456 cpus: 0.5 cpu_period_usec: 50000 "
      "pids: 64 cpu_burst_usec: 1000 cpu_idle: false io_max { device: "
      "\"/dev/sda\" read_bps: 10485760 write_iops: 0 } hugetlb { "
      "page_size: \"2MB\" unlimited: true } oom_score_adj: -5 rlimits { "
      "name: \"nofile\" soft: 1024 } }");
}

TEST(SpecFromYamlTest, MaxIsNoLimit) {
  EXPECT_EQ(Parsed("limits: {memory_bytes: max, memory_swap_bytes: unlimited, "
                   "memory_high_bytes: max, cpus: max, pids: max}"),
            "limits { memory_unlimited: true cpus_unlimited: true "
            "pids_unlimited: true memory_high_unlimited: true "
            "memory_swap_unlimited: true }");
}

TEST(SpecFromYamlTest, DurationsAndEnumsAreWrittenShort) {
  EXPECT_EQ(Parsed("stop_signal: SIGTERM\nstop_grace_usec: 30s\n"),
            "stop_signal: \"SIGTERM\" stop_grace_usec: 30000000");
  EXPECT_EQ(Parsed("start_timeout: 1m30s\n"
                   "exit_type: cgroup\n"
                   "restart: {when: on-failure, max_restarts: 3, backoff: "
                   "500ms}\n"),
            "exit_type: EXIT_TYPE_CGROUP restart { when: "
            "RESTART_WHEN_ON_FAILURE max_restarts: 3 backoff { nanos: "
            "500000000 } } start_timeout { seconds: 90 }");
  EXPECT_EQ(Parsed("native: {pid: PRIVATE, ipc: NAMESPACE_MODE_HOST}"),
            "native { pid: NAMESPACE_MODE_PRIVATE ipc: NAMESPACE_MODE_HOST }");
}

TEST(SpecFromYamlTest, ModesAreOctal) {
  EXPECT_EQ(Parsed("umask: 027"), "umask: 23");
  EXPECT_EQ(Parsed("umask: 22"), "umask: 18");
  EXPECT_EQ(Parsed("native: {mounts: [{mode: 01777, size_bytes: 1M}]}"),
            "native { mounts { size_bytes: 1048576 mode: 1023 } }");
}

TEST(SpecFromYamlTest, TheEnvironmentMayBeAMapping) {
  EXPECT_EQ(Parsed("env: {A: b, EMPTY: ''}"), "env: \"A=b\" env: \"EMPTY=\"");
}

TEST(SpecFromYamlTest, AnEmptyFileAndOneThatIsNoMappingAreRefused) {
  EXPECT_EQ(Parsed(""), "the file is empty");
  EXPECT_EQ(Parsed("# nothing\n"), "the file is empty");
  EXPECT_EQ(Parsed("\n- sleep\n"),
            "line 2: give the fields of a task spec, such as \"command: "
            "[sleep, 60]\"");
  EXPECT_THAT(Parsed("sleep 60"), HasSubstr("line 1: give the fields"));
}

struct Wrong {
  const char* text;
  const char* message;
};

class WrongSpecTest : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongSpecTest, IsRefusedWithLineAndField) {
  EXPECT_THAT(Parse(GetParam().text),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongSpecTest,
    ::testing::Values(
        Wrong{"command: [a]\nmemroy: 1", "line 2: memroy: there is no such"},
        Wrong{"limits:\n  memory: 1M",
              "line 2: limits.memory: there is no such field: use "
              "memory_bytes"},
        Wrong{"limits: {cpu_period: 1ms}", "use cpu_period_usec"},
        Wrong{"limits: {cpu: 1}",
              "limits.cpu: there is no such field: use "
              "cpus"},
        Wrong{"command: sleep 60",
              "line 1: command: give a list, not a plain value"},
        Wrong{"command: {a: b}", "command: give a list, not a mapping"},
        Wrong{"command:", "command: give a list, not nothing"},
        Wrong{"command: [a, [b]]",
              "command[1]: give a plain value, not a list"},
        Wrong{"command: [a, ~]", "command[1]: give a plain value, not nothing"},
        Wrong{"env: {'A=B': x}", "env.A=B: no variable has such a name"},
        Wrong{"env: {'': x}", "env.: no variable has such a name"},
        Wrong{"env: {\"A\\0B\": x}", "no variable has such a name"},
        Wrong{"env: {A: [b]}", "env.A: give a plain value, not a list"},
        Wrong{"cwd: [a]", "cwd: give a plain value, not a list"},
        Wrong{"cwd:", "cwd: has no value"},
        Wrong{"limits: 5", "limits: give a mapping, not a plain value"},
        Wrong{"limits: {rlimits: [a]}",
              "limits.rlimits[0]: give a mapping, not a plain value"},
        Wrong{"limits: {memory_bytes: 12Q}", "line 1: limits.memory_bytes: "},
        Wrong{"limits: {memory_low_bytes: max}", "limits.memory_low_bytes: "},
        Wrong{"limits: {memory_bytes: -1}", "limits.memory_bytes: "},
        Wrong{"limits: {cpus: much}", "limits.cpus: "},
        Wrong{"limits: {cpus: -1}", "limits.cpus: "},
        Wrong{"limits: {pids: 1M}", "limits.pids: "},
        Wrong{"limits: {reserved_cpus: 5000000000}", "too large"},
        Wrong{"limits: {nice: high}", "limits.nice: "},
        Wrong{"limits: {cpu_idle: yes}",
              "limits.cpu_idle: \"yes\": give true or false"},
        Wrong{"limits: {cpu_burst_usec: soon}", "limits.cpu_burst_usec: "},
        Wrong{"start_timeout: 10", "start_timeout: "},
        Wrong{"start_timeout: [1s]",
              "start_timeout: give a duration such as 10s, not a list"},
        Wrong{"exit_type: last",
              "exit_type: \"last\": use one of main, cgroup"},
        Wrong{"restart: {when: often}",
              "restart.when: \"often\": use one of never, on-failure, always"},
        Wrong{"umask: 99", "umask: \"99\": give an octal number"},
        Wrong{"umask: ''", "umask: \"\": give an octal number"},
        Wrong{"umask: 777777777777", "octal number"},
        Wrong{"? \"a\\nb\"\n: 1", "a?b: there is no such field"}));

}  // namespace
}  // namespace reeve
