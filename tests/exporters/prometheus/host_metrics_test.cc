#include "exporters/prometheus/host_metrics.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/exporters/prometheus/host_samples.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string PageOf(const HostSample& sample,
                   TextFormat format = TextFormat::kPrometheus) {
  std::string page;
  AppendHostMetrics(HostMetrics(), sample, format, &page);
  return page;
}

size_t CountSeries(const std::string& page) {
  const std::vector<absl::string_view> lines =
      absl::StrSplit(page, '\n', absl::SkipEmpty());
  return static_cast<size_t>(std::count_if(
      lines.begin(), lines.end(),
      [](absl::string_view line) { return !absl::StartsWith(line, "#"); }));
}

TEST(HostMetricsTest, EveryFamilyIsOnThePageOfAWholeHost) {
  const std::string page = PageOf(WholeHost());

  for (const auto& metric : HostMetrics()) {
    EXPECT_THAT(page, HasSubstr("# TYPE " + std::string(metric.family.name) +
                                " " + std::string(metric.family.type) + "\n"));
  }
}

TEST(HostMetricsTest, HostWithOneDiskAndOneInterfaceHasFewSeries) {
  EXPECT_LE(CountSeries(PageOf(WholeHost())), 63u);
}

TEST(HostMetricsTest, WhatTheKernelDoesNotTellIsAbsent) {
  EXPECT_EQ(PageOf(HostSample()), "");
}

TEST(HostMetricsTest, SeriesHaveTheirUnitsAndLabels) {
  const std::string page = PageOf(WholeHost());

  for (const char* series : {
           "\nreeve_host_cpu_seconds_total{mode=\"user\"} 1.5\n",
           "\nreeve_host_cpu_seconds_total{mode=\"steal\"} 12\n",
           "\nreeve_host_cpus 2\n",
           "\nreeve_host_boot_time_seconds 1700000000\n",
           "\nreeve_host_load1 0.25\n",
           "\nreeve_host_threads 149\n",
           "\nreeve_host_threads_limit 32768\n",
           "\nreeve_host_open_files 725\n",
           "\nreeve_host_memory_hugepages_bytes 16777216\n",
           "\nreeve_host_memory_hugepages_free_bytes 6291456\n",
           "\nreeve_host_swap_out_bytes_total 8192\n",
           "\nreeve_host_pressure_io_waiting_seconds_total 0.000007\n",
           "\nreeve_host_pressure_io_stalled_seconds_total 0.000005\n",
           "\nreeve_host_disk_bytes_total{device=\"vda\",op=\"write\"} 1024\n",
           "\nreeve_host_disk_busy_seconds_total{device=\"vda\"} 0.005\n",
           "\nreeve_host_network_receive_bytes_total{device=\"eth0\"} 1\n",
           "\nreeve_host_network_transmit_drop_total{device=\"eth0\"} 8\n",
       }) {
    EXPECT_THAT(page, HasSubstr(series));
  }
  EXPECT_THAT(page, HasSubstr("\nreeve_host_disk_operation_seconds_total{"
                              "device=\"vda\",op=\"read\"} 0.002\n"));
  EXPECT_THAT(page, Not(HasSubstr("pressure_cpu_stalled")))
      << "it means nothing for a whole machine";
}

TEST(HostMetricsTest, HugePagesNeedTheirSize) {
  HostSample sample = WholeHost();
  sample.memory.huge_page_bytes = std::nullopt;

  EXPECT_THAT(PageOf(sample), Not(HasSubstr("hugepages")));
}

TEST(HostMetricsTest, OpenMetricsTellsUnits) {
  const std::string page = PageOf(WholeHost(), TextFormat::kOpenMetrics);

  EXPECT_THAT(page, HasSubstr("# TYPE reeve_host_cpu_seconds counter\n"
                              "# UNIT reeve_host_cpu_seconds seconds\n"
                              "reeve_host_cpu_seconds_total{mode=\"user\"} "));
  EXPECT_THAT(page, HasSubstr("# UNIT reeve_host_memory_total_bytes bytes\n"));
}

TEST(HostMetricsTest, EachNameIsThereOnce) {
  std::vector<std::string> names;
  for (const auto& metric : HostMetrics()) {
    EXPECT_TRUE(absl::StartsWith(metric.family.name, "reeve_host_"));
    EXPECT_FALSE(metric.family.source.empty()) << metric.family.name;
    names.emplace_back(metric.family.name);
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace reeve
