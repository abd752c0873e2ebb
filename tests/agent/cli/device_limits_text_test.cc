#include "agent/cli/device_limits_text.h"

#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(DeviceLimitsTextTest, WhatIsNotSetIsLeftOut) {
  EXPECT_THAT(DeviceLimitsText(v1::Limits()), IsEmpty());
}

TEST(DeviceLimitsTextTest, EachDeviceAndPageSizeHasALine) {
  v1::Limits limits;
  limits.set_cpuset_cpus("0-1");
  limits.set_reserved_cpus(2);
  limits.set_cpuset_mems("0");
  limits.set_io_weight(200);
  v1::IoMax* io = limits.add_io_max();
  io->set_device("8:0");
  io->set_read_bps(10 << 20);
  io->set_write_iops(100);
  io = limits.add_io_max();
  io->set_device("8:16");
  io->set_write_bps(1024);
  io->set_read_iops(7);
  limits.add_hugetlb()->set_page_size("2MB");

  EXPECT_THAT(DeviceLimitsText(limits),
              ElementsAre(Pair("cpuset", "0-1"), Pair("reserved CPUs", "2"),
                          Pair("memory nodes", "0"), Pair("io weight", "200"),
                          Pair("io max", "8:0 rbps=10M wiops=100"),
                          Pair("io max", "8:16 wbps=1K riops=7"),
                          Pair("huge pages", "2MB 0")));
}

}  // namespace
}  // namespace reeve
