#include "agent/doctor/realtime_check.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr char kRoot[] = "Uid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n";
constexpr char kUser[] = "Uid:\t1\t1\t1\t1\nCapEff:\t0000000000000000\n";

TEST(CheckRealtimeTest, NeedsACapabilityOrAResourceLimit) {
  EXPECT_EQ(CheckRealtime(kRoot, 0, RealtimeShare::kCommon).verdict,
            Verdict::kOk);
  EXPECT_EQ(CheckRealtime(kUser, 10, RealtimeShare::kCommon).verdict,
            Verdict::kOk);
  const Finding refused = CheckRealtime(kUser, 0, RealtimeShare::kCommon);
  EXPECT_EQ(refused.verdict, Verdict::kWarn);
  EXPECT_THAT(refused.detail, HasSubstr("CAP_SYS_NICE"));
}

TEST(CheckRealtimeTest, AGroupWithoutTimeOfItsOwnGetsNone) {
  EXPECT_THAT(CheckRealtime(kRoot, 0, RealtimeShare::kNoneOfItsOwn).detail,
              HasSubstr("cpu.rt_runtime_us"));
}

TEST(RealtimeGroupsTest, V1MayHaveThem) {
  FakeTree tree;
  const CgroupMounts mounts({{CgroupVersion::kV1, tree.Path(""), {"cpu"}}});
  EXPECT_EQ(RealtimeGroups(mounts), RealtimeShare::kCommon);

  tree.Write("cpu.rt_runtime_us", "950000\n");

  EXPECT_EQ(RealtimeGroups(mounts), RealtimeShare::kNoneOfItsOwn);
}

}  // namespace
}  // namespace reeve
