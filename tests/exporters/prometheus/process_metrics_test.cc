#include "exporters/prometheus/process_metrics.h"

#include <unistd.h>

#include <map>
#include <string>

#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::Contains;
using ::testing::DoubleNear;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

std::map<std::string, double> Values(const std::string& procfs) {
  std::map<std::string, double> values;
  for (const auto& family : ProcessMetrics(procfs).Collect()) {
    values[family.name] = family.type == prometheus::MetricType::Counter
                              ? family.metric[0].counter.value
                              : family.metric[0].gauge.value;
  }
  return values;
}

TEST(ProcessMetricsTest, StatIsReadByFieldAndInBaseUnits) {
  FakeTree proc;
  proc.Write("stat", "cpu  1 2 3\nbtime 1700000000\nprocesses 5\n");
  proc.Write("self/stat",
             "42 (a ) b) S 1 42 42 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 9 0 "
             "2000 104857600 256 18446744073709551615 1 1 0\n");
  proc.MakeDir("self/fd");
  for (const char* fd : {"0", "1", "2", "3"}) {
    proc.Write(std::string("self/fd/") + fd, "");
  }

  const auto values = Values(proc.Path(""));

  EXPECT_THAT(values, Contains(Pair("process_cpu_seconds_total",
                                    DoubleNear(2.0, 1e-9))));
  EXPECT_THAT(values, Contains(Pair("process_threads", 9)));
  EXPECT_THAT(values, Contains(Pair("process_start_time_seconds",
                                    DoubleNear(1'700'000'020, 1e-6))));
  EXPECT_THAT(values,
              Contains(Pair("process_virtual_memory_bytes", 104'857'600)));
  EXPECT_THAT(values, Contains(Pair(
                          "process_resident_memory_bytes",
                          256.0 * static_cast<double>(sysconf(_SC_PAGESIZE)))));
  // One of the four is the directory itself, open to be listed.
  EXPECT_THAT(values, Contains(Pair("process_open_fds", 3)));
  EXPECT_THAT(values, Contains(Key("process_max_fds")));
}

TEST(ProcessMetricsTest, OpenDescriptorsOfThisProcessAreCountedExactly) {
  const double before = Values("/proc").at("process_open_fds");
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const UniqueFd read_end(ends[0]);
  const UniqueFd write_end(ends[1]);

  EXPECT_EQ(Values("/proc").at("process_open_fds"), before + 2);
}

TEST(ProcessMetricsTest, WhatCannotBeReadIsLeftOut) {
  const FakeTree proc;

  const auto values = Values(proc.Path(""));

  EXPECT_THAT(values, Not(Contains(Key("process_cpu_seconds_total"))));
  EXPECT_THAT(values, Not(Contains(Key("process_open_fds"))));
}

TEST(ProcessMetricsTest, CutOffStatGivesWhatItHolds) {
  FakeTree proc;
  proc.Write("self/stat",
             "42 (x) S 1 42 42 0 -1 0 100 0 0 0 150 50 0 0 20 0 9");

  const auto values = Values(proc.Path(""));

  EXPECT_THAT(values, Contains(Key("process_threads")));
  EXPECT_THAT(values, Not(Contains(Key("process_virtual_memory_bytes"))));
}

}  // namespace
}  // namespace reeve
