#include "exporters/prometheus/agent_metrics.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_clock.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class AgentMetricsTest : public ::testing::Test {
 protected:
  std::string Page(const Snapshot* latest = nullptr) {
    std::string page;
    metrics_.AppendText(latest, &page);
    return page;
  }

  FakeClock clock_;
  AgentMetrics metrics_{{"1.2.3", "abc", "gcc 12"}, clock_};
};

TEST_F(AgentMetricsTest, EverySeriesIsThereFromTheStart) {
  const std::string page = Page();

  EXPECT_THAT(page, HasSubstr("\nreeve_build_info{compiler=\"gcc 12\","
                              "revision=\"abc\",version=\"1.2.3\"} 1\n"));
  for (const char* series : {
           R"(reeve_tasks{state="starting"} 0)",
           R"(reeve_tasks{state="running"} 0)",
           R"(reeve_tasks{state="paused"} 0)",
           R"(reeve_tasks{state="exited"} 0)",
           R"(reeve_task_launches_total{result="success"} 0)",
           R"(reeve_task_launches_total{result="error"} 0)",
           R"(reeve_task_exits_total{reason="oom"} 0)",
           R"(reeve_task_exits_total{reason="unknown"} 0)",
           R"(reeve_limit_updates_total{resource="pids",result="error"} 0)",
           R"(reeve_limit_updates_total{resource="process",result="error"} 0)",
           R"(reeve_collector_errors_total{collector="cpu",reason="io"} 0)",
           R"(reeve_http_requests_total{code="503",path="/-/ready"} 0)",
           "reeve_oom_kills_total 0",
           "reeve_cgroup_leaks_total 0",
           "reeve_sampling_rounds_missed_total 0",
           "reeve_sampling_round_duration_seconds_count 0",
           "reeve_task_launch_duration_seconds_count 0",
           R"(reeve_launch_phase_seconds_count{phase="root"} 0)",
           "reeve_limit_update_duration_seconds_count 0",
       }) {
    EXPECT_THAT(page, HasSubstr("\n" + std::string(series) + "\n"));
  }
}

TEST_F(AgentMetricsTest, OwnProcessIsMeasured) {
  const std::string page = Page();

  for (const char* name :
       {"process_cpu_seconds_total", "process_resident_memory_bytes",
        "process_virtual_memory_bytes", "process_open_fds", "process_max_fds",
        "process_start_time_seconds", "process_threads"}) {
    EXPECT_THAT(page, HasSubstr("\n" + std::string(name) + " ")) << name;
  }
}

TEST_F(AgentMetricsTest, RoundsAreCounted) {
  metrics_.OnRound(absl::Milliseconds(30), absl::ZeroDuration(), 5, 2);

  const std::string page = Page();
  EXPECT_THAT(page,
              HasSubstr("\nreeve_sampling_round_duration_seconds_sum 0.03"));
  EXPECT_THAT(page, HasSubstr("\nreeve_sampling_rounds_missed_total 2\n"));
}

TEST_F(AgentMetricsTest, AgeIsThatOfTheSnapshotOnThePage) {
  Snapshot snapshot;
  snapshot.taken_at_monotonic = clock_.MonotonicNow();
  clock_.Advance(absl::Milliseconds(250));

  EXPECT_THAT(Page(&snapshot), HasSubstr("\nreeve_samples_age_seconds 0.25\n"));
}

TEST_F(AgentMetricsTest, AgeIsAbsentBeforeTheFirstSnapshot) {
  EXPECT_THAT(Page(), Not(HasSubstr("reeve_samples_age_seconds")));
}

TEST_F(AgentMetricsTest, ErrorsAreCountedByCollectorAndReason) {
  metrics_.OnError("memory", absl::PermissionDeniedError("open memory.stat"));
  metrics_.OnError("memory", absl::DataLossError("memory.stat"));
  metrics_.OnError("something new", absl::UnknownError("read"));

  const std::string page = Page();
  EXPECT_THAT(page, HasSubstr("{collector=\"memory\",reason=\"permission_"
                              "denied\"} 1\n"));
  EXPECT_THAT(page,
              HasSubstr("{collector=\"memory\",reason=\"malformed\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("{collector=\"other\",reason=\"io\"} 1\n"));
}

TEST_F(AgentMetricsTest, LaunchesAndExitsAreCounted) {
  metrics_.OnLaunch(true, absl::Milliseconds(2));
  metrics_.OnLaunch(false, absl::Seconds(15));
  metrics_.OnExit(TaskExitReason::kOom);
  metrics_.OnOomKills(3);
  metrics_.OnCgroupLeaked();

  const std::string page = Page();
  EXPECT_THAT(page, HasSubstr("launches_total{result=\"success\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("launches_total{result=\"error\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("launch_duration_seconds_count 2\n"));
  EXPECT_THAT(page, HasSubstr("exits_total{reason=\"oom\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("\nreeve_oom_kills_total 3\n"));
  EXPECT_THAT(page, HasSubstr("\nreeve_cgroup_leaks_total 1\n"));
}

TEST_F(AgentMetricsTest, PhasesOfLaunchesAreTimed) {
  metrics_.OnLaunchPhase("cgroup", absl::Microseconds(40));
  metrics_.OnLaunchPhase("cgroup", absl::Milliseconds(2));
  metrics_.OnLaunchPhase("of a later version", absl::Milliseconds(2));

  const std::string page = Page();
  EXPECT_THAT(page, HasSubstr("\nreeve_launch_phase_seconds_count{"
                              "phase=\"cgroup\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("\nreeve_launch_phase_seconds_bucket{"
                              "phase=\"cgroup\",le=\"5e-05\"} 1\n"));
  EXPECT_THAT(page, Not(HasSubstr("later version")));
}

TEST_F(AgentMetricsTest, TheExecutorOfAutoIsShownOnceItIsKnown) {
  EXPECT_THAT(Page(), Not(HasSubstr("reeve_isolation_info")));

  metrics_.SetAutoIsolation("native");

  EXPECT_THAT(Page(), HasSubstr("\nreeve_isolation_info{auto=\"native\"} 1\n"));
}

TEST_F(AgentMetricsTest, TaskFilesAreCountedAndThoseThatFailedNamed) {
  EXPECT_THAT(Page(), Not(HasSubstr("reeve_task_file")));

  metrics_.SetTaskFiles({true, {{"a.yaml", "", "a"}, {"b.yaml", "", "b"}}, {}});

  EXPECT_THAT(Page(), HasSubstr("\nreeve_task_files{state=\"applied\"} 2\n"));
  EXPECT_THAT(Page(), HasSubstr("\nreeve_task_files{state=\"failed\"} 0\n"));
  EXPECT_THAT(Page(), HasSubstr("\nreeve_task_files_readable 1\n"));
  EXPECT_THAT(Page(), Not(HasSubstr("reeve_task_file_failed")));

  metrics_.SetTaskFiles(
      {false, {{"a.yaml", "invalid", "a"}, {"b.yaml", "", "b"}}, {}});

  EXPECT_THAT(Page(), HasSubstr("\nreeve_task_files{state=\"applied\"} 1\n"));
  EXPECT_THAT(Page(), HasSubstr("\nreeve_task_files{state=\"failed\"} 1\n"));
  EXPECT_THAT(Page(), HasSubstr("\nreeve_task_files_readable 0\n"));
  EXPECT_THAT(Page(), HasSubstr("\nreeve_task_file_failed{file=\"a.yaml\","
                                "reason=\"invalid\"} 1\n"));
}

TEST_F(AgentMetricsTest, TasksOfFilesAreNamedWhileTheyHaveFailed) {
  std::string failed = "db";
  metrics_.SetTaskFiles(
      {true,
       {{"a.yaml", "", "web"},
        {"b.yaml", "", "db"},
        {"c.yaml", "invalid", "db"}},
       [&failed](const std::string& task) { return task == failed; }});

  const std::string page = Page();
  EXPECT_THAT(page, HasSubstr("\nreeve_task_file_task_failed{file=\"b.yaml\","
                              "task=\"db\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("\nreeve_task_files{state=\"applied\"} 2\n"));
  EXPECT_THAT(page, Not(HasSubstr("file=\"a.yaml\"")));
  EXPECT_THAT(page, Not(HasSubstr("file=\"c.yaml\",task=")));

  failed = "";

  EXPECT_THAT(Page(), Not(HasSubstr("reeve_task_file_task_failed")));
}

TEST_F(AgentMetricsTest, UpdateIsCountedForEachResourceAndTimedOnce) {
  metrics_.OnLimitUpdate({LimitResource::kMemory, LimitResource::kCpu}, true,
                         absl::Milliseconds(1));

  const std::string page = Page();
  EXPECT_THAT(page, HasSubstr("{resource=\"memory\",result=\"success\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("{resource=\"cpu\",result=\"success\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("{resource=\"pids\",result=\"success\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("update_duration_seconds_count 1\n"));
}

TEST_F(AgentMetricsTest, TaskCountsAreAskedForAtEachPage) {
  uint64_t running = 1;
  metrics_.SetTaskCounts([&running] {
    TaskCounts counts;
    counts.running = running;
    return counts;
  });
  EXPECT_THAT(Page(), HasSubstr("reeve_tasks{state=\"running\"} 1\n"));

  running = 2;

  EXPECT_THAT(Page(), HasSubstr("reeve_tasks{state=\"running\"} 2\n"));
}

TEST_F(AgentMetricsTest, WhatCannotBeEnforcedIsShownAsLongAsThatIsSo) {
  EXPECT_THAT(Page(), Not(HasSubstr("reeve_enforcement_degraded")));

  metrics_.SetDegraded({{"cpu", "not_delegated"}, {"io", "not_mounted"}});
  EXPECT_THAT(Page(), AllOf(HasSubstr("\nreeve_enforcement_degraded{controller="
                                      "\"cpu\",reason=\"not_delegated\"} 1\n"),
                            HasSubstr("{controller=\"io\",reason=\"not_mounted"
                                      "\"} 1\n")));

  metrics_.SetDegraded({});
  EXPECT_THAT(Page(), Not(HasSubstr("reeve_enforcement_degraded")));
}

TEST_F(AgentMetricsTest, StatusThatARouteCannotHaveIsNotCounted) {
  metrics_.OnHttpResponse(HttpRoute::kHealthy, 200);
  metrics_.OnHttpResponse(HttpRoute::kHealthy, 418);

  const std::string page = Page();
  EXPECT_THAT(page, HasSubstr("{code=\"200\",path=\"/-/healthy\"} 1\n"));
  EXPECT_THAT(page, Not(HasSubstr("418")));
}

TEST_F(AgentMetricsTest, MayBeUsedByManyThreads) {
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int n = 0; n < 100; ++n) {
        metrics_.OnLaunch(true, absl::Milliseconds(1));
        metrics_.OnError("cpu", absl::UnknownError(""));
        Page();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_THAT(Page(), HasSubstr("launches_total{result=\"success\"} 400\n"));
}

TEST_F(AgentMetricsTest, HelpHasNoLineBreaks) {
  for (const FamilyDescription& family : metrics_.Describe()) {
    EXPECT_FALSE(family.help.empty()) << family.name;
    EXPECT_FALSE(absl::StrContains(family.help, "\n")) << family.name;
  }
}

}  // namespace
}  // namespace reeve
