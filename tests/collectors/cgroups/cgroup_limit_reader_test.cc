#include "collectors/cgroups/cgroup_limit_reader.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

TEST(ParseCpuMaxTest, IsQuotaByPeriod) {
  EXPECT_THAT(ParseCpuMax("20000 100000\n"), IsOkAndHolds(Optional(0.2)));
  EXPECT_THAT(ParseCpuMax("250000 100000\n"), IsOkAndHolds(Optional(2.5)));
  EXPECT_THAT(ParseCpuMax("max 100000\n"), IsOkAndHolds(std::nullopt));
  for (const char* text : {"", "max", "max 0", "x 100000", "1 2 3", "-1 1"}) {
    EXPECT_THAT(ParseCpuMax(text), StatusIs(absl::StatusCode::kDataLoss))
        << text;
  }
}

TEST(ParseCfsQuotaTest, MinusOneIsNone) {
  EXPECT_THAT(ParseCfsQuota("-1\n"), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(ParseCfsQuota("50000\n"), IsOkAndHolds(Optional(50000u)));
  EXPECT_THAT(ParseCfsQuota("-2\n"), StatusIs(absl::StatusCode::kDataLoss));
}

class ReadCgroupLimitsTest : public ::testing::Test {
 protected:
  LimitValues Read(CgroupVersion version) {
    const CgroupDir dir = {version, tree_.Path("a")};
    CgroupDirs dirs;
    dirs.cpu = dirs.memory = dirs.pids = dir;
    ReadBuffer buffer;
    return ReadCgroupLimits(
        dirs, buffer, [this](absl::string_view, const absl::Status& status) {
          errors_.emplace_back(status.message());
        });
  }

  FakeTree tree_;
  std::vector<std::string> errors_;
};

TEST_F(ReadCgroupLimitsTest, OnV2) {
  tree_.Write("a/memory.max", "1048576\n");
  tree_.Write("a/memory.high", "max\n");
  tree_.Write("a/memory.low", "4096\n");
  tree_.Write("a/cpu.max", "50000 100000\n");
  tree_.Write("a/pids.max", "64\n");

  const LimitValues limits = Read(CgroupVersion::kV2);

  EXPECT_THAT(limits.memory_bytes, Optional(1048576u));
  EXPECT_EQ(limits.memory_high_bytes, std::nullopt);
  EXPECT_THAT(limits.memory_low_bytes, Optional(4096u));
  EXPECT_THAT(limits.cpu_cores, Optional(0.5));
  EXPECT_THAT(limits.threads, Optional(64u));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ReadCgroupLimitsTest, OnV1) {
  tree_.Write("a/memory.limit_in_bytes", "1048576\n");
  tree_.Write("a/cpu.cfs_quota_us", "150000\n");
  tree_.Write("a/cpu.cfs_period_us", "100000\n");
  tree_.Write("a/pids.max", "max\n");

  const LimitValues limits = Read(CgroupVersion::kV1);

  EXPECT_THAT(limits.memory_bytes, Optional(1048576u));
  EXPECT_THAT(limits.cpu_cores, Optional(1.5));
  EXPECT_EQ(limits.threads, std::nullopt);
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ReadCgroupLimitsTest, NoLimitIsAbsent) {
  tree_.Write("a/memory.limit_in_bytes", "9223372036854771712\n");
  tree_.Write("a/cpu.cfs_quota_us", "-1\n");
  tree_.Write("a/memory.low", "0\n");

  for (const CgroupVersion version : {CgroupVersion::kV1, CgroupVersion::kV2}) {
    const LimitValues limits = Read(version);
    EXPECT_EQ(limits.memory_bytes, std::nullopt);
    EXPECT_EQ(limits.memory_low_bytes, std::nullopt);
    EXPECT_EQ(limits.cpu_cores, std::nullopt);
  }
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ReadCgroupLimitsTest, BadFileCostsItsOwnValue) {
  tree_.Write("a/memory.max", "lots\n");
  tree_.Write("a/pids.max", "3\n");

  const LimitValues limits = Read(CgroupVersion::kV2);

  EXPECT_EQ(limits.memory_bytes, std::nullopt);
  EXPECT_THAT(limits.threads, Optional(3u));
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("memory.max")));
}

}  // namespace
}  // namespace reeve
