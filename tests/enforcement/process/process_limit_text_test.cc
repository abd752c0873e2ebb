#include "enforcement/process/process_limit_text.h"

#include <sys/resource.h>

#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::Optional;

TEST(ProcessLimitTextTest, RlimitsHaveAFileEach) {
  EXPECT_EQ(RlimitFile(RLIMIT_NOFILE), "rlimit.nofile");
  EXPECT_THAT(ResourceOfFile("rlimit.nofile"), Optional(RLIMIT_NOFILE));
  for (const char* file : {"nofile", "rlimit.", "rlimit.x", "nice", ""}) {
    EXPECT_EQ(ResourceOfFile(file), std::nullopt) << file;
  }
}

TEST(ProcessLimitTextTest, AnRlimitIsSoftAndHard) {
  const Rlimit rlimits[] = {
      {RLIMIT_CORE, Bound::Of(0), Bound::Of(0)},
      {RLIMIT_CORE, Bound::Of(10), Bound::Unlimited()},
      {RLIMIT_CORE, Bound::Unlimited(), Bound::Unlimited()}};
  const char* const texts[] = {"0:0", "10:unlimited", "unlimited:unlimited"};
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(RlimitText(rlimits[i]), texts[i]);
    EXPECT_THAT(RlimitFromText(RLIMIT_CORE, texts[i]), Optional(rlimits[i]));
  }
  for (const char* text : {"", "1", "1:", ":1", "1:2:3", "1:2, 3:4", "-1:1"}) {
    EXPECT_EQ(RlimitFromText(RLIMIT_CORE, text), std::nullopt) << text;
  }
}

TEST(ProcessLimitTextTest, NiceValueAndPolicyAreOfThreads) {
  EXPECT_TRUE(IsKeptByThreads(kNiceFile));
  EXPECT_TRUE(IsKeptByThreads(kSchedFile));
  EXPECT_FALSE(IsKeptByThreads(kOomScoreAdjFile));
  EXPECT_FALSE(IsKeptByThreads("rlimit.nice"));
}

}  // namespace
}  // namespace reeve
