#include "exporters/prometheus/processes_page.h"

#include <memory>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "exporters/prometheus/processes_metrics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ProcessRow Row(pid_t pid, const std::string& comm) {
  ProcessRow row;
  row.pid = pid;
  row.comm = comm;
  row.started_at = absl::FromUnixMillis(1'700'000'010'500);
  row.usage.counters[kCpuUserNs] = 1'510'000'000;
  row.usage.counters[kCpuSystemNs] = 0;
  row.usage.gauges[kResidentBytes] = 409'600;
  return row;
}

class ProcessesPageTest : public ::testing::Test {
 protected:
  std::string Page(TextFormat format = TextFormat::kPrometheus) const {
    const ProcessesPage source([this] { return snapshot_; });
    std::string page;
    source.Append(format, &page);
    return page;
  }

  const std::shared_ptr<ProcessesSnapshot> snapshot_ =
      std::make_shared<ProcessesSnapshot>();
};

TEST_F(ProcessesPageTest, ProcessHasItsPidAndName) {
  snapshot_->processes = {Row(12, "nginx"), Row(13, "bash")};
  snapshot_->processes[0].task = "web";

  const std::string page = Page();

  EXPECT_THAT(
      page,
      HasSubstr("# TYPE reeve_process_cpu_seconds_total counter\n"
                "reeve_process_cpu_seconds_total"
                "{pid=\"12\",comm=\"nginx\",task=\"web\",mode=\"user\"} 1.51\n"
                "reeve_process_cpu_seconds_total"
                "{pid=\"12\",comm=\"nginx\",task=\"web\",mode=\"system\"} 0\n"
                "reeve_process_cpu_seconds_total"
                "{pid=\"13\",comm=\"bash\",mode=\"user\"} 1.51\n"));
  EXPECT_THAT(page, HasSubstr("reeve_process_start_time_seconds"
                              "{pid=\"13\",comm=\"bash\"} 1700000010.5\n"));
  EXPECT_THAT(page, HasSubstr("reeve_process_resident_memory_bytes"
                              "{pid=\"13\",comm=\"bash\"} 409600\n"));
}

TEST_F(ProcessesPageTest, NamesAreEscaped) {
  snapshot_->processes = {Row(12, "a\"b\\c\nd\xff")};

  EXPECT_THAT(Page(), HasSubstr("{pid=\"12\",comm=\"a\\\"b\\\\c\\nd\xEF\xBF\xBD"
                                "\",mode=\"user\"} 1.51\n"));
}

TEST_F(ProcessesPageTest, GroupHasItsName) {
  ProcessGroupRow group;
  group.name = "x;\"y\"";
  group.processes = 3;
  group.states[kZombie] = 1;
  group.counters[kMajorFaults] = 7;
  group.worst_fds_ratio = 0.5;
  snapshot_->groups = {group};

  const std::string page = Page();

  EXPECT_THAT(page, HasSubstr("reeve_process_group_processes"
                              "{group=\"x;\\\"y\\\"\"} 3\n"));
  EXPECT_THAT(page, HasSubstr("reeve_process_group_states"
                              "{group=\"x;\\\"y\\\"\",state=\"zombie\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("reeve_process_group_page_faults_total"
                              "{group=\"x;\\\"y\\\"\",type=\"major\"} 7\n"));
  EXPECT_THAT(page, HasSubstr("reeve_process_group_worst_fds_ratio"
                              "{group=\"x;\\\"y\\\"\"} 0.5\n"));
}

TEST_F(ProcessesPageTest, WhatIsAbsentHasNoSeriesAndNoHeader) {
  snapshot_->processes = {Row(12, "nginx")};
  snapshot_->groups = {ProcessGroupRow()};

  const std::string page = Page();

  for (const char* name :
       {"reeve_process_threads", "reeve_process_io_bytes",
        "reeve_process_swap_bytes", "reeve_process_group_open_fds",
        "reeve_process_group_worst_fds_ratio",
        "reeve_process_group_oldest_start_time_seconds"}) {
    EXPECT_THAT(page, Not(HasSubstr(name)));
  }
}

TEST_F(ProcessesPageTest, WhatIsLeftOutIsCounted) {
  snapshot_->omitted.top = 5;
  snapshot_->omitted.process_series = 6;
  snapshot_->omitted.group_series = 7;

  const std::string page = Page();

  EXPECT_THAT(page, HasSubstr("reeve_processes_omitted{reason=\"top\"} 5\n"
                              "reeve_processes_omitted"
                              "{reason=\"process_series\"} 6\n"
                              "reeve_processes_omitted"
                              "{reason=\"group_series\"} 7\n"));
}

TEST_F(ProcessesPageTest, OpenMetricsHasUnits) {
  snapshot_->processes = {Row(12, "nginx")};

  const std::string page = Page(TextFormat::kOpenMetrics);

  EXPECT_THAT(page, HasSubstr("# TYPE reeve_process_cpu_seconds counter\n"
                              "# UNIT reeve_process_cpu_seconds seconds\n"
                              "reeve_process_cpu_seconds_total{"));
}

TEST(ProcessesPage, IsEmptyBeforeTheFirstRound) {
  const ProcessesPage source([] { return nullptr; });
  std::string page;

  source.Append(TextFormat::kPrometheus, &page);

  EXPECT_THAT(page, IsEmpty());
  EXPECT_EQ(source.collector(), "processes");
}

TEST(ProcessesMetricsTest, NamesHaveTheirUnitsAndAreThereOnce) {
  std::set<absl::string_view> names;
  for (const HostFamily& family : ProcessesChapter().families) {
    SCOPED_TRACE(family.name);
    EXPECT_TRUE(names.insert(family.name).second);
    EXPECT_EQ(absl::EndsWith(family.name, "_total"), family.type == "counter");
    if (!family.unit.empty()) {
      EXPECT_TRUE(absl::StrContains(family.name, family.unit));
    }
    EXPECT_TRUE(absl::EndsWith(family.help, "."));
  }
}

TEST(ProcessesMetricsTest, SeriesAreCountedByWhatIsAskedFor) {
  ProcessesOptions options;
  const size_t per_process = SeriesPerProcess(options);
  const size_t per_group = SeriesPerGroup(options);
  EXPECT_EQ(per_process, 8u);
  EXPECT_EQ(per_group, 15u);

  options.io = true;
  EXPECT_EQ(SeriesPerProcess(options), per_process + 2);
  EXPECT_EQ(SeriesPerGroup(options), per_group + 2);
  options.fds = options.status = true;
  EXPECT_EQ(SeriesPerProcess(options), per_process + 7);
  EXPECT_EQ(SeriesPerGroup(options), per_group + 7);
}

}  // namespace
}  // namespace reeve
