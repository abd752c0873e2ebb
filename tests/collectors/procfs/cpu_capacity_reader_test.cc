#include "collectors/procfs/cpu_capacity_reader.h"

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::DoubleEq;
using ::testing::HasSubstr;
using ::testing::Optional;

constexpr char kCpuinfo[] =
    "processor\t: 0\n"
    "vendor_id\t: GenuineIntel\n"
    "model name\t: CPU @ 2.60GHz\n"
    "cpu MHz\t\t: 2599.998\n"
    "\n"
    "processor\t: 1\n"
    "cpu MHz\t\t: 1200.000\n"
    "\n";

class ReadCpuCapacityTest : public ::testing::Test {
 protected:
  ReadCpuCapacityTest() { tree_.Write("proc/cpuinfo", kCpuinfo); }

  void WriteFrequency(const std::string& file, const std::string& khz) {
    tree_.Write("sys/devices/system/cpu/cpu0/cpufreq/" + file, khz);
  }

  absl::StatusOr<CpuCapacity> Read() const {
    return ReadCpuCapacity(tree_.Path("proc"), tree_.Path("sys"));
  }

  FakeTree tree_;
};

TEST_F(ReadCpuCapacityTest, PrefersTheHighestFrequency) {
  WriteFrequency("cpuinfo_max_freq", "3600000\n");
  WriteFrequency("base_frequency", "2100000\n");

  ASSERT_THAT(Read(), IsOk());
  EXPECT_EQ(Read()->mhz_per_core, 3600);
  EXPECT_EQ(Read()->cores, 2u);
}

TEST_F(ReadCpuCapacityTest, TakesTheBaseFrequencyNext) {
  WriteFrequency("cpuinfo_max_freq", "0\n");
  WriteFrequency("base_frequency", "2100500\n");

  ASSERT_THAT(Read(), IsOk());
  EXPECT_EQ(Read()->mhz_per_core, 2100.5);
}

TEST_F(ReadCpuCapacityTest, TakesTheFirstCpuOfCpuinfoLast) {
  ASSERT_THAT(Read(), IsOk());
  EXPECT_EQ(Read()->mhz_per_core, 2599.998);
  EXPECT_EQ(Read()->cores, 2u);
}

TEST_F(ReadCpuCapacityTest, MachineThatTellsNoSpeedIsNotFound) {
  tree_.Write("proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 50.00\n");

  EXPECT_THAT(Read(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("cpuinfo")));
}

TEST(ParseCpuInfoTest, PassesOverWhatItDoesNotUnderstand) {
  for (const char* contents :
       {"", "\n", ":", "cpu MHz", "cpu MHz\t: \n", "cpu MHz\t: fast\n",
        "cpu MHz\t: -5\n", "cpu MHz\t: 0\n", "processors: 5\n",
        "cpu MHz\t: nan\n"}) {
    SCOPED_TRACE(contents);
    const CpuInfo info = ParseCpuInfo(contents);
    EXPECT_EQ(info.processors, 0u);
    EXPECT_EQ(info.mhz, std::nullopt);
  }
}

TEST(ParseCpuInfoTest, CountsLogicalCpus) {
  const CpuInfo info = ParseCpuInfo(kCpuinfo);

  EXPECT_EQ(info.processors, 2u);
  EXPECT_THAT(info.mhz, Optional(DoubleEq(2599.998)));
}

}  // namespace
}  // namespace reeve
