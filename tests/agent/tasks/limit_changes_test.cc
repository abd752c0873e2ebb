#include "agent/tasks/limit_changes.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(LimitChangesTest, TellsOfEachFileWhatItHeldAndHolds) {
  const std::vector<LimitSetting> before = {
      {"memory", "memory.max", "1000", "1000", "4096"},
      {"io", "io.max", "", "", "rbps=1", "8:16"}};
  const std::vector<LimitSetting> written = {
      {"memory", "memory.max", "8000", "8000", "8192"},
      {"pids", "pids.max", "5", "5", "5"},
      {"io", "io.max", "", "", "rbps=2", "8:0"},
      {"io", "io.max", "", "", "rbps=3", "8:16"}};

  EXPECT_THAT(LimitChanges(before, written),
              ElementsAre(Pair("memory.max", "4096 -> 8192"),
                          Pair("pids.max", "unset -> 5"),
                          Pair("io.max 8:0", "unset -> rbps=2"),
                          Pair("io.max 8:16", "rbps=1 -> rbps=3")));
}

}  // namespace
}  // namespace reeve
