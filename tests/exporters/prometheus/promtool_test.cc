// What Prometheus' own checker says of a whole page.
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "collectors/snapshot_store.h"
#include "exporters/prometheus/agent_metrics.h"
#include "exporters/prometheus/filesystem_metrics.h"
#include "exporters/prometheus/host_metrics.h"
#include "exporters/prometheus/task_renderer.h"
#include "gtest/gtest.h"
#include "tests/exporters/prometheus/host_samples.h"
#include "tests/exporters/prometheus/snapshots.h"
#include "tests/testing/fake_clock.h"

namespace reeve {
namespace {

struct Outcome {
  int status;
  std::string output;
};

Outcome CheckMetrics(const std::string& page) {
  const std::string file = absl::StrCat(::testing::TempDir(), "/page.prom");
  std::ofstream(file) << page;
  const std::string command =
      absl::StrCat("promtool check metrics <", file, " 2>&1");
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {-1, "popen failed"};
  std::string output;
  char chunk[1024];
  while (fgets(chunk, sizeof(chunk), pipe) != nullptr) output += chunk;
  return {pclose(pipe), output};
}

class PromtoolTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("promtool --version >/dev/null 2>&1") != 0) {  // NOLINT
      GTEST_SKIP() << "promtool is not installed";
    }
  }

  std::string Page() {
    const std::shared_ptr<const Snapshot> snapshot = store_.Latest();
    std::string page;
    renderer_.Append(*snapshot, &page);
    metrics_.AppendText(snapshot.get(), &page);
    return page;
  }

  FakeClock clock_;
  SnapshotStore store_;
  AgentMetrics metrics_{{"1.2.3", "abc", "gcc"}, clock_};
  TaskRenderer renderer_;
};

TEST_F(PromtoolTest, PageWithTasksIsClean) {
  store_.Publish(ManyTasks(3, 1));

  const Outcome outcome = CheckMetrics(Page());

  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_EQ(outcome.output, "");
}

TEST_F(PromtoolTest, PageForCadvisorIsReadable) {
  TaskRenderer renderer = TaskRenderer::ForCadvisor();
  std::string page;
  renderer.Append(SnapshotOf(TaskOnV2()), &page);

  // What remains are complaints about cAdvisor's names.
  EXPECT_EQ(CheckMetrics(page).output,
            "container_memory_failcnt counter metrics should have \"_total\" "
            "suffix\n");
}

TEST_F(PromtoolTest, PageOfEveryKindOfHostIsClean) {
  for (const TaskSnapshot& task : {TaskOnV1(), TaskOnV2(), TaskOnHybrid(),
                                   TaskNamed("new"), WithExtra(TaskOnV2())}) {
    Snapshot snapshot = SnapshotOf(task);
    static uint64_t generation = 0;
    snapshot.generation = ++generation;
    store_.Publish(std::make_shared<const Snapshot>(snapshot));

    const Outcome outcome = CheckMetrics(Page());

    EXPECT_EQ(outcome.status, 0) << outcome.output;
  }
}

TEST_F(PromtoolTest, PageWithGroupsIsClean) {
  for (const TaskSnapshot& task : {TaskOnV1(), TaskOnV2(), TaskNamed("new")}) {
    Snapshot snapshot = SnapshotOfGroup(GroupLike(task, "shop"));
    static uint64_t generation = 0;
    snapshot.generation = ++generation;
    store_.Publish(std::make_shared<const Snapshot>(snapshot));

    const Outcome outcome = CheckMetrics(Page());

    EXPECT_EQ(outcome.status, 0) << outcome.output;
  }
}

TEST_F(PromtoolTest, PageOfTheHostIsClean) {
  FilesystemSample filesystems = SomeFilesystems();
  filesystems[0].mount_point = "/a \"b\"\n\xFF";
  std::string page;
  AppendHostMetrics(HostMetrics(), WholeHost(), TextFormat::kPrometheus, &page);
  AppendHostMetrics(FilesystemMetrics(), filesystems, TextFormat::kPrometheus,
                    &page);

  const Outcome outcome = CheckMetrics(page);

  EXPECT_EQ(outcome.status, 0) << outcome.output;
  EXPECT_EQ(outcome.output, "");
}

TEST_F(PromtoolTest, HostileNamesDoNotBreakThePage) {
  TaskTarget target;
  target.id = "a\"}\n# TYPE x counter\nx 1\n\\";
  target.info = {{"bad name", "\xFF\xFE\""}};
  TaskSnapshot task;
  task.target = std::make_shared<const TaskTarget>(target);
  store_.Publish(std::make_shared<const Snapshot>(SnapshotOf(task)));

  const Outcome outcome = CheckMetrics(Page());

  EXPECT_EQ(outcome.status, 0) << outcome.output;
}

}  // namespace
}  // namespace reeve
