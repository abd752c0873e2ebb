#include "exporters/prometheus/task_renderer.h"

#include <set>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
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

std::string Render(const Snapshot& snapshot) {
  TaskRenderer renderer;
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

}  // namespace
}  // namespace reeve
