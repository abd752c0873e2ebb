#include "agent/task_of_cgroup.h"

#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(TaskIdOfCgroupTest, IsThatBelowTheParent) {
  EXPECT_EQ(TaskIdOfCgroup("/reeve", "/reeve/web"), "web");
  EXPECT_EQ(TaskIdOfCgroup("/a/reeve", "/a/reeve/web-1.x"), "web-1.x");
  EXPECT_EQ(TaskIdOfCgroup("/", "/web"), "web");
}

TEST(TaskIdOfCgroupTest, TaskMayHaveCgroupsOfItsOwn) {
  EXPECT_EQ(TaskIdOfCgroup("/reeve", "/reeve/web/worker/1"), "web");
}

TEST(TaskIdOfCgroupTest, TaskMayBeOfAGroup) {
  EXPECT_EQ(TaskIdOfCgroup("/reeve", "/reeve/@shop/web"), "web");
  EXPECT_EQ(TaskIdOfCgroup("/reeve", "/reeve/@shop"), "");
}

TEST(TaskIdOfCgroupTest, OthersHaveNone) {
  for (const char* path :
       {"", "/", "/reeve", "/reeve/", "/reeves/web", "/other/reeve/web", "web",
        "/reeve/a b", "/reeve//web"}) {
    EXPECT_EQ(TaskIdOfCgroup("/reeve", path), "") << path;
  }
}

}  // namespace
}  // namespace reeve
