#include "enforcement/spec/cgroup_path.h"

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

TEST(IsCgroupPathTest, OneWayToWriteACgroup) {
  for (const char* path :
       {"/", "/reeve", "/reeve/@shop/web", "/user.slice/a b", "/..a"}) {
    EXPECT_TRUE(IsCgroupPath(path)) << path;
  }
}

TEST(IsCgroupPathTest, NothingThatLeavesTheHierarchyOrLeavesOutAName) {
  for (const char* path : {"", "reeve", "//", "/reeve/", "/reeve//web", "/.",
                           "/..", "/reeve/../..", "/./reeve", "../reeve"}) {
    EXPECT_FALSE(IsCgroupPath(path)) << path;
  }
  EXPECT_FALSE(IsCgroupPath(absl::string_view("/reeve\0/web", 11)));
}

}  // namespace
}  // namespace reeve
