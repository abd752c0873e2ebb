// The texts of `ps`, `stats`, `inspect` and `update`.
#include <string>

#include "absl/time/time.h"
#include "agent/cli/limit_settings_text.h"
#include "agent/cli/task_detail_text.h"
#include "agent/cli/task_list_text.h"
#include "agent/cli/usage_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const absl::Time kNow = absl::FromUnixSeconds(1'000);

v1::TaskSummary RunningTask() {
  v1::TaskSummary task;
  task.set_id("web");
  task.set_group("front");
  task.set_state(v1::TASK_STATE_RUNNING);
  task.set_pid(4711);
  task.add_command("sleep");
  task.add_command("100");
  task.mutable_started_at()->set_seconds(910);
  task.mutable_usage()->set_cpu_percent(49.96);
  task.mutable_usage()->set_cpu_periods(10);
  task.mutable_usage()->set_cpu_throttled_periods(5);
  task.mutable_usage()->set_memory_usage_bytes(1536 << 10);
  task.mutable_usage()->set_threads(3);
  task.mutable_limits()->set_memory_bytes(64 << 20);
  return task;
}

TEST(TaskListTextTest, ShowsTasksByIdWithWhatTheyUse) {
  v1::ListResponse list;
  *list.add_tasks() = RunningTask();
  v1::TaskSummary* exited = list.add_tasks();
  exited->set_id("job");
  exited->set_state(v1::TASK_STATE_EXITED);
  exited->set_pid(4712);
  exited->add_command("make");
  exited->mutable_started_at()->set_seconds(0);
  exited->mutable_exit()->set_code(137);
  exited->mutable_exit()->set_oom_killed(true);
  exited->mutable_exit()->mutable_exited_at()->set_seconds(20);
  exited->mutable_usage()->set_memory_usage_bytes(5);

  EXPECT_EQ(
      TaskListText(list, kNow, std::nullopt),
      "ID   GROUP  STATE                        PID   CPU%  THROTTLED   MEM  "
      "MEM-LIMIT  PIDS  UPTIME  COMMAND\n"
      "job  -      exited 137 (out of memory)     -      -          -     -  "
      "        -     -     20s  make\n"
      "web  front  running                     4711  50.0%        50%  1.5M  "
      "      64M     3   1m30s  sleep 100\n");
}

TEST(TaskListTextTest, CutsTheCommandInANarrowTerminal) {
  v1::ListResponse list;
  *list.add_tasks() = RunningTask();

  const std::string text = TaskListText(list, kNow, 81);

  EXPECT_THAT(text, HasSubstr("1m30s  sleep\n"));
}

TEST(TaskListTextTest, WithoutTasksShowsTheHeading) {
  EXPECT_THAT(TaskListText(v1::ListResponse(), kNow, std::nullopt),
              HasSubstr("ID  GROUP  STATE"));
}

TEST(UsageTextTest, ShowsADashForWhatWasNotMeasured) {
  EXPECT_EQ(UsageText(v1::StatsResponse()),
            "cpu           now -, user -, system -, ticks -\n"
            "cpu time      total -, user -, system -\n"
            "cpu limit     periods -, throttled -, for -\n"
            "memory        usage -, working set -, peak -, swap -\n"
            "memory kinds  anon -, file -, mapped -, kernel -\n"
            "memory events low -, high -, limit -, oom -\n"
            "oom kills     -\n"
            "pids          threads -, refused forks -\n");
}

TEST(UsageTextTest, ShowsWhatWasMeasuredAndTheProcesses) {
  v1::StatsResponse stats;
  v1::Usage* usage = stats.mutable_usage();
  usage->set_cpu_percent(150);
  usage->set_cpu_ticks_mhz(2999.9);
  usage->set_cpu_usage_nsec(90'000'000'000);
  usage->set_cpu_throttled_nsec(0);
  usage->set_memory_peak_bytes(1 << 30);
  usage->set_memory_max_events(12);
  usage->set_oom_kills(0);
  usage->set_threads(2);
  v1::ProcessUsage& process = (*stats.mutable_pids())[12];
  process.set_cpu_percent(1.5);
  process.set_cpu_user_nsec(1'000'000'000);
  process.set_cpu_system_nsec(500'000'000);
  process.set_rss_bytes(4096);
  process.set_threads(2);
  process.set_comm("sleep");
  v1::ProcessTotals* totals = stats.mutable_process_totals();
  totals->set_processes(1);
  totals->set_cpu_percent(1.5);
  totals->set_cpu_user_nsec(1'000'000'000);
  totals->set_cpu_system_nsec(500'000'000);
  totals->set_rss_bytes(4096);
  totals->set_threads(2);

  EXPECT_EQ(UsageText(stats),
            "cpu           now 150.0%, user -, system -, ticks 3000 MHz\n"
            "cpu time      total 1m30s, user -, system -\n"
            "cpu limit     periods -, throttled -, for 0\n"
            "memory        usage -, working set -, peak 1G, swap -\n"
            "memory kinds  anon -, file -, mapped -, kernel -\n"
            "memory events low -, high -, limit 12, oom -\n"
            "oom kills     0\n"
            "pids          threads 2, refused forks -\n"
            "\n"
            "PID  CPU%  CPU-TIME  RSS  SWAP  THREADS  NAME\n"
            " 12  1.5%      1.5s   4K     0        2  sleep\n"
            "sum  1.5%      1.5s   4K     0        2  (1 process)\n");
}

TEST(UsageTextTest, NamesWhatTheCgroupDidNotTell) {
  v1::StatsResponse stats;
  stats.mutable_usage()->add_measured_by_processes("cpu_percent");
  stats.mutable_usage()->add_measured_by_processes("memory_usage_bytes");

  EXPECT_THAT(UsageText(stats),
              HasSubstr("by processes  cpu_percent, memory_usage_bytes\n"));
}

TEST(UsageLineTest, StandsBelowItsHeading) {
  v1::StatsResponse stats;
  stats.mutable_usage()->set_cpu_percent(20);
  stats.mutable_usage()->set_memory_usage_bytes(64 << 20);

  EXPECT_EQ(UsageLineHeading() + UsageLine(stats),
            "    TIME    CPU%   USER% SYSTEM% THROTTLED      MEM  WORKING     "
            "PEAK     PIDS\n"
            "       -    20.0       -       -         -      64M        -     "
            "   -        -\n");
}

TEST(LimitSettingsTextTest, ShowsRequestedAppliedAndReadBackSideBySide) {
  v1::UpdateResponse update;
  v1::LimitSetting* setting = update.add_changed();
  setting->set_controller("memory");
  setting->set_file("memory.max");
  setting->set_requested("64M");
  setting->set_applied("67108864");
  setting->set_read_back("67108864");

  EXPECT_EQ(LimitSettingsText(update.changed()),
            "CONTROLLER  FILE        REQUESTED  APPLIED   READ BACK\n"
            "memory      memory.max  64M        67108864  67108864\n");
}

TEST(TaskDetailTextTest, ShowsProgramLimitsAndCgroups) {
  v1::InspectResponse detail;
  *detail.mutable_task() = RunningTask();
  detail.mutable_spec()->set_cwd("/srv");
  detail.mutable_spec()->add_env("A=1");
  detail.mutable_spec()->mutable_stdout()->set_path("/out");
  detail.set_shim_pid(4710);
  detail.set_isolation("universal");
  (*detail.mutable_cgroups())["memory"] = "/sys/fs/cgroup/memory/reeve/web";
  (*detail.mutable_cgroup_versions())["memory"] = 1;
  detail.add_settings()->set_file("memory.limit_in_bytes");

  const std::string text = TaskDetailText(detail, kNow);

  EXPECT_THAT(text, HasSubstr("task          web\n"));
  EXPECT_THAT(text, HasSubstr("shim pid      4710\n"));
  EXPECT_THAT(text, HasSubstr("uptime        1m30s\n"));
  EXPECT_THAT(text, HasSubstr("command       sleep 100\n"));
  EXPECT_THAT(text, HasSubstr("streams       in -, out /out, err -\n"));
  EXPECT_THAT(text, HasSubstr("env           A=1\n"));
  EXPECT_THAT(text, HasSubstr("memory        64M\n"));
  EXPECT_THAT(text, HasSubstr("memory.limit_in_bytes"));
  EXPECT_THAT(
      text, HasSubstr("memory      v1       /sys/fs/cgroup/memory/reeve/web"));
  EXPECT_THAT(text, HasSubstr("\nUsage\ncpu           now 50.0%"));
}

TEST(TaskDetailTextTest, ShowsHowItIsStoppedWhereItIsSet) {
  v1::InspectResponse detail;
  EXPECT_THAT(TaskDetailText(detail, kNow), Not(HasSubstr("stop")));
  detail.mutable_spec()->set_stop_signal("SIGTERM");
  detail.mutable_spec()->set_stop_grace_usec(90'000'000);

  const std::string text = TaskDetailText(detail, kNow);

  EXPECT_THAT(text, HasSubstr("\nstop signal   SIGTERM\n"));
  EXPECT_THAT(text, HasSubstr("\nstop grace    1m30s\n"));
}

TEST(TaskDetailTextTest, ShowsWhatProcessesKeepWhereItIsSet) {
  v1::InspectResponse detail;
  v1::Limits& limits = *detail.mutable_task()->mutable_limits();
  EXPECT_THAT(TaskDetailText(detail, kNow), Not(HasSubstr("nice")));

  limits.set_oom_score_adj(-5);
  limits.set_nice(0);
  limits.set_scheduling_policy("fifo:3");
  limits.add_rlimits()->set_name("core");
  limits.mutable_rlimits(0)->set_soft(0);
  const std::string text = TaskDetailText(detail, kNow);

  EXPECT_THAT(text, HasSubstr("oom score adj -5\n"
                              "nice          0\n"
                              "sched         fifo:3\n"
                              "rlimit        core 0:unlimited\n"));
}

TEST(TaskDetailTextTest, ATaskThatIsRestartedShowsItsAttempts) {
  v1::InspectResponse detail;
  v1::TaskSummary* task = detail.mutable_task();
  *task = RunningTask();
  task->set_state(v1::TASK_STATE_RESTARTING);
  task->set_attempt(3);
  task->mutable_last_exit()->set_code(-1);
  task->mutable_last_exit()->set_reason("its shim was killed");
  task->mutable_restart_at()->set_seconds(1'010);
  detail.mutable_spec()->mutable_restart()->set_when(v1::RESTART_WHEN_ALWAYS);
  detail.mutable_spec()->mutable_restart()->set_max_restarts(5);

  const std::string text = TaskDetailText(detail, kNow);

  EXPECT_THAT(text, HasSubstr("state         restarting after unknown"));
  EXPECT_THAT(text, HasSubstr("attempt       3\n"));
  EXPECT_THAT(text, HasSubstr(": its shim was killed\n"));
  EXPECT_THAT(text, HasSubstr("next at       "));
  EXPECT_THAT(text, HasSubstr("restart       always, 5 in a row\n"));
}

TEST(TaskDetailTextTest, AnExitedTaskHasNoPids) {
  v1::InspectResponse detail;
  detail.mutable_task()->set_id("job");
  detail.mutable_task()->set_state(v1::TASK_STATE_EXITED);
  detail.set_shim_pid(4710);

  const std::string text = TaskDetailText(detail, kNow);

  EXPECT_THAT(text, HasSubstr("state         exited 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("4710")));
}

}  // namespace
}  // namespace reeve
