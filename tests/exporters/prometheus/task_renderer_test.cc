#include "exporters/prometheus/task_renderer.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/exporters/prometheus/snapshots.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Render(const Snapshot& snapshot,
                   TextFormat format = TextFormat::kPrometheus) {
  TaskRenderer renderer(format);
  std::string page;
  renderer.Append(snapshot, &page);
  return page;
}

std::string Golden(const std::string& name) {
  const absl::StatusOr<std::string> text = ReadFile(
      RunfilePath("tests/exporters/prometheus/testdata/" + name + ".prom"));
  EXPECT_THAT(text, IsOk());
  return text.value_or("");
}

std::set<std::string> Families(const std::string& page) {
  std::set<std::string> names;
  for (const absl::string_view line : absl::StrSplit(page, '\n')) {
    if (!absl::StartsWith(line, "# TYPE ")) continue;
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    EXPECT_TRUE(names.insert(words[2]).second) << line;
  }
  return names;
}

TEST(TaskRendererTest, PageOfAV1HostIsTheRecordedOne) {
  EXPECT_EQ(Render(SnapshotOf(TaskOnV1())), Golden("v1"));
}

TEST(TaskRendererTest, PageOfAV2HostIsTheRecordedOne) {
  EXPECT_EQ(Render(SnapshotOf(TaskOnV2())), Golden("v2"));
}

TEST(TaskRendererTest, PageOfAHybridHostIsTheRecordedOne) {
  EXPECT_EQ(Render(SnapshotOf(TaskOnHybrid())), Golden("hybrid"));
}

TEST(TaskRendererTest, EveryKindOfHostHasTheSameFamiliesButOne) {
  const std::set<std::string> v1 = Families(Render(SnapshotOf(TaskOnV1())));
  std::set<std::string> v2 = Families(Render(SnapshotOf(TaskOnV2())));

  EXPECT_EQ(Families(Render(SnapshotOf(TaskOnHybrid()))), v1);
  // v2 keeps no peak of kernel memory.
  EXPECT_TRUE(v2.insert("reeve_task_memory_kernel_peak_bytes").second);
  EXPECT_EQ(v2, v1);
}

TEST(TaskRendererTest, CountersOfOpenMetricsTellSinceWhenTheyCount) {
  TaskTarget target;
  target.id = "web";
  target.started_at = absl::FromUnixMillis(1'700'000'000'250);
  TaskSnapshot task;
  task.target = std::make_shared<const TaskTarget>(target);
  task.cgroup.cpu_user_ns = 1'000'000'000;
  task.cgroup.cpu_system_ns = 500'000'000;
  task.cgroup.threads = 4;

  const std::string page =
      Render(SnapshotOf(std::move(task)), TextFormat::kOpenMetrics);

  EXPECT_THAT(
      page,
      HasSubstr("# TYPE reeve_task_cpu_seconds counter\n"
                "# UNIT reeve_task_cpu_seconds seconds\n"
                "reeve_task_cpu_seconds_total{task=\"web\",mode=\"user\"} 1\n"
                "reeve_task_cpu_seconds_created{task=\"web\",mode=\"user\"} "
                "1700000000.25\n"
                "reeve_task_cpu_seconds_total{task=\"web\",mode=\"system\"} "
                "0.5\n"
                "reeve_task_cpu_seconds_created{task=\"web\",mode=\"system\"} "
                "1700000000.25\n"));
  EXPECT_THAT(page, HasSubstr("reeve_task_threads{task=\"web\"} 4\n"));
  EXPECT_THAT(page, Not(HasSubstr("threads_created")));
  EXPECT_THAT(page, HasSubstr("# TYPE reeve_task info\nreeve_task_info{"));
}

TEST(TaskRendererTest, CountersWithoutAStartDoNotTellWhenThatWas) {
  TaskSnapshot task = TaskNamed("web");
  task.cgroup.oom_kills = 0;

  EXPECT_THAT(Render(SnapshotOf(std::move(task)), TextFormat::kOpenMetrics),
              Not(HasSubstr("_created")));
}

std::string RenderForCadvisor(const Snapshot& snapshot) {
  TaskRenderer renderer = TaskRenderer::ForCadvisor();
  std::string page;
  renderer.Append(snapshot, &page);
  return page;
}

TEST(TaskRendererTest, CadvisorsNamesAreThoseOfDashboards) {
  TaskTarget target;
  target.id = "web";
  target.group = "shop";
  target.info = {{"cgroup", "/reeve/web"}, {"command", "/bin/web"}};
  target.limits.cpu_cores = 0.5;
  target.limits.cpu_period_seconds = 0.1;
  TaskSnapshot task;
  task.cgroup.cpu_usage_ns = 1'500'000'000;
  task.cgroup.cpu_periods = 7;
  task.cgroup.oom_kills = 0;
  task.target = std::make_shared<const TaskTarget>(target);

  const std::string page = RenderForCadvisor(SnapshotOf(std::move(task)));

  const std::string identity = R"(id="/reeve/web",image="/bin/web",name="web")";
  for (const std::string& line :
       {"container_cpu_usage_seconds_total{" + identity + ",cpu=\"total\"} 1.5",
        "container_cpu_cfs_periods_total{" + identity + "} 7",
        "container_spec_cpu_quota{" + identity + "} 50000",
        "container_oom_events_total{" + identity + "} 0",
        "container_spec_memory_limit_bytes{" + identity + "} 0"}) {
    EXPECT_THAT(page, HasSubstr("\n" + line + "\n"));
  }
  EXPECT_THAT(page, Not(HasSubstr("reeve_")));
}

TEST(TaskRendererTest, CadvisorTellsOfThrottlingOnlyWhereThereIsAQuota) {
  TaskSnapshot task = TaskNamed("web");
  task.cgroup.cpu_periods = 7;
  task.cgroup.cpu_throttled_ns = 7;

  EXPECT_THAT(RenderForCadvisor(SnapshotOf(std::move(task))),
              Not(HasSubstr("_cfs_")));
}

TEST(TaskRendererTest, CadvisorHasWhatOptionalCollectorsFind) {
  const std::string page =
      RenderForCadvisor(SnapshotOf(WithExtra(TaskNamed("web"))));

  for (const char* line : {
           R"(container_memory_failures_total{id="",image="",name="web",)"
           R"(failure_type="pgfault",scope="hierarchy"} 100)",
           R"(container_memory_failures_total{id="",image="",name="web",)"
           R"(failure_type="pgmajfault",scope="hierarchy"} 7)",
           R"(container_fs_reads_total{id="",image="",name="web",)"
           R"(device="sda"} 1)",
           R"(container_fs_writes_bytes_total{id="",image="",name="web",)"
           R"(device="sda"} 8192)",
           R"(container_pressure_cpu_waiting_seconds_total{id="",image="",)"
           R"(name="web"} 1.5)",
           R"(container_pressure_io_stalled_seconds_total{id="",image="",)"
           R"(name="web"} 0)",
       }) {
    EXPECT_THAT(page, HasSubstr("\n" + std::string(line) + "\n"));
  }
  EXPECT_THAT(RenderForCadvisor(SnapshotOf(TaskNamed("web"))),
              Not(HasSubstr("container_fs_")));
}

TEST(TaskRendererTest, SnapshotWithoutTasksIsEmpty) {
  EXPECT_EQ(Render(Snapshot()), "");
}

TEST(TaskRendererTest, AbsentValuesAndTheirFamiliesAreLeftOut) {
  const std::string page = Render(SnapshotOf(TaskNamed("web")));

  EXPECT_EQ(Families(page), std::set<std::string>{"reeve_task_info"});
}

TEST(TaskRendererTest, ZeroIsAValue) {
  TaskSnapshot task = TaskNamed("web");
  task.cgroup.oom_kills = 0;
  task.cgroup.cpu_usage_ns = 0;

  const std::string page = Render(SnapshotOf(std::move(task)));

  EXPECT_THAT(
      page, HasSubstr("\nreeve_task_memory_oom_kills_total{task=\"web\"} 0\n"));
  EXPECT_THAT(
      page,
      HasSubstr("\nreeve_task_cpu_usage_seconds_total{task=\"web\"} 0\n"));
}

TEST(TaskRendererTest, FamilyOfAnotherTaskIsThereWithoutTheOneThatLacksIt) {
  Snapshot snapshot = SnapshotOf(TaskNamed("silent"));
  TaskSnapshot counted = TaskNamed("counted");
  counted.cgroup.threads = 4;
  snapshot.tasks.push_back(std::make_shared<const TaskSnapshot>(counted));

  const std::string page = Render(snapshot);

  EXPECT_THAT(page, HasSubstr("# TYPE reeve_task_threads gauge\n"
                              "reeve_task_threads{task=\"counted\"} 4\n"));
  EXPECT_THAT(page, Not(HasSubstr("reeve_task_threads{task=\"silent\"}")));
}

TEST(TaskRendererTest, GroupIsALabelOnlyIfThereIsOne) {
  EXPECT_THAT(Render(SnapshotOf(TaskNamed("web", "shop"))),
              HasSubstr("{task=\"web\",task_group=\"shop\"}"));
  EXPECT_THAT(Render(SnapshotOf(TaskNamed("web"))),
              Not(HasSubstr("task_group")));
}

TEST(TaskRendererTest, SeriesOfAGroupAreTheTasksUnderOtherNames) {
  const std::string expected =
      absl::StrReplaceAll(Golden("v2"), {{"task=\"web\",", ""},
                                         {"/reeve/web", "/reeve/@shop"},
                                         {"reeve_task_", "reeve_group_"}});
  TaskSnapshot group = GroupLike(TaskOnV2(), "shop");
  TaskTarget target = *group.target;
  target.info = {{"cgroup", "/reeve/@shop"}, {"cgroup_layout", "v2"}};
  group.target = std::make_shared<const TaskTarget>(target);

  const std::string page = Render(SnapshotOfGroup(group));

  const std::vector<std::string> lines = absl::StrSplit(page, '\n');
  const std::vector<std::string> expected_lines =
      absl::StrSplit(expected, '\n');
  ASSERT_EQ(lines.size(), expected_lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    if (absl::StartsWith(lines[i], "# HELP")) continue;
    EXPECT_EQ(lines[i], expected_lines[i]);
  }
}

TEST(TaskRendererTest, GroupsDoNotShowAmongTasks) {
  Snapshot snapshot = SnapshotOf(TaskNamed("web", "shop"));
  snapshot.groups.push_back(std::make_shared<const TaskSnapshot>(
      GroupLike(TaskNamed("any"), "shop")));

  const std::string page = Render(snapshot);

  EXPECT_THAT(
      page,
      HasSubstr("\nreeve_task_info{task=\"web\",task_group=\"shop\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("\nreeve_group_info{task_group=\"shop\"} 1\n"));
  EXPECT_THAT(page, Not(HasSubstr("@")));
}

TEST(TaskRendererTest, InfoLabelsAreEscaped) {
  TaskTarget target;
  target.id = "web";
  target.info = {{"command", "echo \"a\\b\"\n\xFF"}, {"user", "root"}};
  TaskSnapshot task;
  task.target = std::make_shared<const TaskTarget>(target);

  EXPECT_THAT(Render(SnapshotOf(task)),
              HasSubstr("reeve_task_info{task=\"web\",command=\"echo "
                        "\\\"a\\\\b\\\"\\n\xEF\xBF\xBD\",user=\"root\"} 1\n"));
}

TEST(TaskRendererTest, FinalValuesAreShownLikeAnyOther) {
  TaskSnapshot task = TaskOnV1();
  task.is_final = true;
  task.cgroup.oom_kills = 1;

  EXPECT_THAT(
      Render(SnapshotOf(std::move(task))),
      HasSubstr("reeve_task_memory_oom_kills_total{task=\"web\",task_group="
                "\"shop\"} 1\n"));
}

TEST(TaskRendererTest, SeriesOfAFamilyStandTogether) {
  const std::string page = Render(*ManyTasks(3, 1));

  std::set<std::string> seen;
  std::string current;
  for (const absl::string_view line : absl::StrSplit(page, '\n')) {
    if (line.empty() || line[0] == '#') continue;
    const std::string name(line.substr(0, line.find('{')));
    if (name == current) continue;
    EXPECT_TRUE(seen.insert(name).second) << name;
    current = name;
  }
}

TEST(TaskRendererTest, WhatIsOnThePageStays) {
  TaskRenderer renderer;
  std::string page = "# before\n";

  renderer.Append(SnapshotOf(TaskNamed("web")), &page);

  EXPECT_THAT(page, ::testing::StartsWith("# before\n# HELP reeve_task_info"));
}

TEST(TaskRendererTest, OptionalCollectorsAddTheirFamilies) {
  const std::string page = Render(SnapshotOf(WithExtra(TaskNamed("web"))));

  for (const char* line : {
           R"(reeve_task_pressure_cpu_waiting_seconds_total{task="web"} 1.5)",
           R"(reeve_task_pressure_cpu_stalled_seconds_total{task="web"} 0.25)",
           R"(reeve_task_pressure_memory_waiting_seconds_total{task="web"} )"
           "0.002",
           R"(reeve_task_pressure_memory_stalled_seconds_total{task="web"} )"
           "0.001",
           R"(reeve_task_pressure_io_waiting_seconds_total{task="web"} 0)",
           R"(reeve_task_pressure_io_stalled_seconds_total{task="web"} 0)",
           R"(reeve_task_io_bytes_total{task="web",device="sda",op="write"} )"
           "8192",
           R"(reeve_task_io_bytes_total{task="web",device="sda",op="discard"})"
           " 0",
           R"(reeve_task_io_operations_total{task="web",device="sda",)"
           R"(op="read"} 1)",
           R"(reeve_task_memory_stat_bytes{task="web",type="kernel_stack"} )"
           "4096",
           R"(reeve_task_memory_stat_bytes{task="web",type="shmem"} 24576)",
           R"(reeve_task_memory_stat_bytes{task="web",)"
           R"(type="slab_unreclaimable"} 69632)",
           R"(reeve_task_memory_page_faults_total{task="web",type="minor"} 93)",
           R"(reeve_task_memory_page_faults_total{task="web",type="major"} 7)",
           R"(reeve_task_memory_refaults_total{task="web",type="anon"} 3)",
           R"(reeve_task_memory_refaults_total{task="web",type="file"} 4)",
           R"(reeve_task_hugetlb_usage_bytes{task="web",page_size="2MB"} )"
           "4194304",
           R"(reeve_task_network_receive_bytes_total{task="web",)"
           R"(device="eth0"} 1)",
           R"(reeve_task_network_receive_drop_total{task="web",)"
           R"(device="eth0"} 4)",
           R"(reeve_task_network_transmit_packets_total{task="web",)"
           R"(device="eth0"} 6)",
           R"(reeve_task_network_transmit_errors_total{task="web",)"
           R"(device="eth0"} 7)",
       }) {
    EXPECT_THAT(page, HasSubstr(std::string(line) + "\n"));
  }
}

TEST(TaskRendererTest, PeaksNeedNoOtherCollector) {
  TaskSnapshot task = TaskNamed("web");
  task.recent_peaks = {150.0, 4096};
  Snapshot snapshot = SnapshotOf(task);
  snapshot.tasks.push_back(
      std::make_shared<const TaskSnapshot>(TaskNamed("plain")));

  const std::string page = Render(snapshot);

  EXPECT_THAT(
      page,
      HasSubstr("reeve_task_cpu_usage_recent_peak_ratio{task=\"web\"} 1.5\n"));
  EXPECT_THAT(
      page,
      HasSubstr(
          "reeve_task_memory_usage_recent_peak_bytes{task=\"web\"} 4096\n"));
  EXPECT_THAT(page, Not(HasSubstr("peak_ratio{task=\"plain\"}")));
}

TEST(TaskRendererTest, TaskWithoutExtraValuesMayStandBesideOneWithThem) {
  Snapshot snapshot = SnapshotOf(TaskNamed("plain"));
  snapshot.tasks.push_back(
      std::make_shared<const TaskSnapshot>(WithExtra(TaskNamed("web"))));

  const std::string page = Render(snapshot);

  EXPECT_THAT(page,
              HasSubstr("pressure_io_waiting_seconds_total{task=\"web\"}"));
  EXPECT_THAT(page, Not(HasSubstr("seconds_total{task=\"plain\"}")));
}

TEST(TaskRendererTest, EachDeviceAndPageSizeHasItsSeries) {
  TaskTarget target = *TaskOnV2().target;
  target.limits.cpuset_cpu_count = 2;
  target.limits.io_weight = 200;
  target.limits.io = {{"8:0", 1048576, std::nullopt, std::nullopt, 100},
                      {"8:16", std::nullopt, 2048, std::nullopt, std::nullopt}};
  target.limits.hugetlb = {{"2MB", 4194304}, {"1GB", 0}};
  TaskSnapshot task;
  task.target = std::make_shared<const TaskTarget>(std::move(target));

  const std::string page = Render(SnapshotOf(std::move(task)));

  for (const char* line : {
           R"(reeve_task_cpuset_cpus{task="web",task_group="shop"} 2)",
           R"(reeve_task_io_weight{task="web",task_group="shop"} 200)",
           R"(reeve_task_io_limit_bytes_per_second{task="web",)"
           R"(task_group="shop",device="8:0",op="read"} 1048576)",
           R"(reeve_task_io_limit_bytes_per_second{task="web",)"
           R"(task_group="shop",device="8:16",op="write"} 2048)",
           R"(reeve_task_io_limit_operations_per_second{task="web",)"
           R"(task_group="shop",device="8:0",op="write"} 100)",
           R"(reeve_task_hugetlb_limit_bytes{task="web",task_group="shop",)"
           R"(page_size="2MB"} 4194304)",
           R"(reeve_task_hugetlb_limit_bytes{task="web",task_group="shop",)"
           R"(page_size="1GB"} 0)",
       }) {
    EXPECT_THAT(page, HasSubstr(std::string(line) + "\n"));
  }
  EXPECT_THAT(page, Not(HasSubstr(R"(device="8:0",op="write"} 2048)")));
}

}  // namespace
}  // namespace reeve
