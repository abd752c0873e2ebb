#include "agent/doctor/native_check.h"

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(CheckIsolationTest, SaysWhatAutoIs) {
  const Finding native = CheckIsolation(absl::OkStatus());
  EXPECT_EQ(native.verdict, Verdict::kOk);
  EXPECT_THAT(native.detail, HasSubstr("auto is native"));
}

TEST(CheckIsolationTest, SaysWhyItIsNotNative) {
  const Finding universal =
      CheckIsolation(absl::PermissionDeniedError("run it as root"));
  EXPECT_EQ(universal.verdict, Verdict::kWarn);
  EXPECT_THAT(universal.detail, HasSubstr("auto is universal"));
  EXPECT_EQ(universal.remedy, "run it as root");
}

}  // namespace
}  // namespace reeve
