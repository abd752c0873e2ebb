#include "exporters/prometheus/collector_names.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

// They are in people's scrape configurations: none may go.
TEST(CollectorNamesTest, AreThese) {
  EXPECT_THAT(
      CollectorNames(),
      ::testing::UnorderedElementsAre(
          "task", "cpu", "memory", "pids", "limits", "pressure", "io",
          "memory-stat", "hugetlb", "network", "peaks", "process-states",
          "descriptors", "schedstat", "group", "cgroups", "host", "filesystems",
          "processes", "agent", "process"));
}

}  // namespace
}  // namespace reeve
