#include "agent/doctor/landlock_check.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(CheckLandlockTest, EveryRightMustBeKnownToTheKernel) {
  EXPECT_EQ(CheckLandlock(7).verdict, Verdict::kOk);
  EXPECT_EQ(CheckLandlock(3).verdict, Verdict::kOk);

  const Finding old = CheckLandlock(2);
  EXPECT_EQ(old.verdict, Verdict::kWarn);
  EXPECT_THAT(old.detail, HasSubstr("version 2"));
  EXPECT_THAT(old.remedy, HasSubstr("6.2"));
}

TEST(CheckLandlockTest, WithoutItTheBootLineIsNamed) {
  EXPECT_EQ(CheckLandlock(0).verdict, Verdict::kWarn);
  EXPECT_THAT(CheckLandlock(0).remedy, HasSubstr("lsm="));
}

}  // namespace
}  // namespace reeve
