#include "collectors/cgroup/v1/cpuacct_stat.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(ParseCpuacctStatV1Test, TakesTicks) {
  const auto stat = ParseCpuacctStatV1("user 12\nsystem 34\n");

  ASSERT_THAT(stat, IsOk());
  EXPECT_EQ(stat->user, 12u);
  EXPECT_EQ(stat->system, 34u);
}

TEST(ParseCpuacctStatV1Test, RefusesMalformedContents) {
  for (const char* contents :
       {"", "user 1\n", "system 1\n", "user\nsystem 1\n", "user x\nsystem 1\n",
        "user 1.5\nsystem 1\n", "user 1\nsystem 99999999999999999999\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseCpuacctStatV1(contents),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
