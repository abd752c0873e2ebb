#include "agent/tasks/agent_tether.h"

#include <optional>

#include "agent/tasks/hangup_watcher.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

TEST(AgentTetherTest, AllReadersHangUpWhenItEnds) {
  std::optional<AgentTether> tether;
  tether.emplace();
  UniqueFd first;
  UniqueFd second;
  ASSERT_THAT(tether->AddReader(&first), IsOk());
  ASSERT_THAT(tether->AddReader(&second), IsOk());
  EXPECT_FALSE(HangsUp(first, absl::ZeroDuration()));

  tether.reset();

  EXPECT_TRUE(HangsUp(first, absl::ZeroDuration()));
  EXPECT_TRUE(HangsUp(second, absl::ZeroDuration()));
}

}  // namespace
}  // namespace reeve
