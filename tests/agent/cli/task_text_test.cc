#include "agent/cli/task_text.h"

#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

v1::ExitStatus Exit(int code, int signal, bool oom_killed) {
  v1::ExitStatus exit;
  exit.set_code(code);
  exit.set_signal(signal);
  exit.set_oom_killed(oom_killed);
  return exit;
}

TEST(ExitTextTest, TellsSignalsMemoryAndTheUnknownApart) {
  EXPECT_EQ(ExitText(Exit(0, 0, false)), "0");
  EXPECT_EQ(ExitText(Exit(3, 0, false)), "3");
  EXPECT_EQ(ExitText(Exit(143, 15, false)), "143 (SIGTERM)");
  EXPECT_EQ(ExitText(Exit(137, 9, false)), "137 (SIGKILL)");
  EXPECT_EQ(ExitText(Exit(137, 9, true)), "137 (out of memory)");

  v1::ExitStatus unknown = Exit(-1, 0, false);
  unknown.set_reason("the shim was killed");
  EXPECT_EQ(ExitText(unknown), "unknown (the shim was killed)");
}

TEST(StateTextTest, ShowsTheCodeOfAnExitedTask) {
  v1::TaskSummary task;
  EXPECT_EQ(StateText(task), "unknown");
  task.set_state(v1::TASK_STATE_RUNNING);
  EXPECT_EQ(StateText(task), "running");
  task.set_state(v1::TASK_STATE_PAUSED);
  EXPECT_EQ(StateText(task), "paused");
  task.set_state(v1::TASK_STATE_STARTING);
  EXPECT_EQ(StateText(task), "starting");
  task.set_state(v1::TASK_STATE_EXITED);
  *task.mutable_exit() = Exit(1, 0, false);
  EXPECT_EQ(StateText(task), "exited 1");
}

TEST(UptimeTextTest, EndsWithTheTask) {
  v1::TaskSummary task;
  const absl::Time now = absl::FromUnixSeconds(1000);
  EXPECT_EQ(UptimeText(task, now), "");
  task.mutable_started_at()->set_seconds(910);
  EXPECT_EQ(UptimeText(task, now), "1m30s");
  task.mutable_exit()->mutable_exited_at()->set_seconds(910);
  task.mutable_exit()->mutable_exited_at()->set_nanos(5'000'000);
  EXPECT_EQ(UptimeText(task, now), "5ms");
}

TEST(CommandTextTest, QuotesWhatAShellWouldSplit) {
  v1::TaskSpec spec;
  for (const char* word : {"sh", "-c", "echo \"hi\"\n", "", "[x]"}) {
    spec.add_command(word);
  }

  EXPECT_EQ(CommandText(spec.command()),
            "sh -c \"echo \\\"hi\\\"\\n\" \"\" \"[x]\"");
}

TEST(ThrottledTextTest, IsTheShareOfThrottledPeriods) {
  v1::Usage usage;
  EXPECT_EQ(ThrottledText(usage), "");
  usage.set_cpu_periods(0);
  usage.set_cpu_throttled_periods(0);
  EXPECT_EQ(ThrottledText(usage), "0%");
  usage.set_cpu_periods(200);
  usage.set_cpu_throttled_periods(25);
  EXPECT_EQ(ThrottledText(usage), "12%");
}

TEST(LimitTextTest, TellsNoLimitFromOneThatIsNotSet) {
  v1::Limits limits;
  EXPECT_EQ(MemoryLimitText(limits), "");
  EXPECT_EQ(CpuLimitText(limits), "");
  EXPECT_EQ(PidsLimitText(limits), "");
  limits.set_memory_unlimited(true);
  limits.set_cpus_unlimited(true);
  limits.set_pids_unlimited(true);
  EXPECT_EQ(MemoryLimitText(limits), "max");
  EXPECT_EQ(CpuLimitText(limits), "max");
  EXPECT_EQ(PidsLimitText(limits), "max");
  limits.set_memory_bytes(64 << 20);
  limits.set_cpus(0.5);
  limits.set_pids(64);
  EXPECT_EQ(MemoryLimitText(limits), "64M");
  EXPECT_EQ(CpuLimitText(limits), "0.5");
  EXPECT_EQ(PidsLimitText(limits), "64");
}

}  // namespace
}  // namespace reeve
