#include "collectors/procfs/pid_cgroup.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;

constexpr char kHybrid[] =
    "9:name=systemd:/\n4:memory:/reeve/web\n2:cpu,cpuacct:/other\n0::/\n";

TEST(MainCgroupPathTest, IsThatOfTheUnifiedHierarchy) {
  const auto path =
      MainCgroupPath("3:memory:/a\n0::/system.slice/cron.service\n");

  ASSERT_THAT(path, IsOk());
  EXPECT_EQ(*path, "/system.slice/cron.service");
}

TEST(MainCgroupPathTest, IsThatOfV1WhereTheUnifiedHierarchySaysNothing) {
  const auto path = MainCgroupPath(kHybrid);

  ASSERT_THAT(path, IsOk());
  EXPECT_EQ(*path, "/reeve/web");
}

TEST(MainCgroupPathTest, IsTheRootIfNoHierarchySaysMore) {
  for (const char* contents : {"0::/\n", "2:cpu:/\n0::/\n", "2:cpu:/"}) {
    SCOPED_TRACE(contents);
    const auto path = MainCgroupPath(contents);

    ASSERT_THAT(path, IsOk());
    EXPECT_EQ(*path, "/");
  }
}

TEST(MainCgroupPathTest, MayHoldColonsAndSpaces) {
  const auto path = MainCgroupPath("0::/a:b c (deleted)\n");

  ASSERT_THAT(path, IsOk());
  EXPECT_EQ(*path, "/a:b c (deleted)");
}

TEST(MainCgroupPathTest, RefusesMalformedContents) {
  for (const char* contents : {"", "\n", "0:/\n", "memory\n", "4:memory:\n"}) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(MainCgroupPath(contents),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

TEST(VisitCgroupPathsTest, TellsOfEachHierarchy) {
  std::vector<std::string> paths;

  VisitCgroupPaths(kHybrid, [&paths](absl::string_view path) {
    paths.emplace_back(path);
    return true;
  });

  EXPECT_THAT(paths, ElementsAre("/", "/reeve/web", "/other", "/"));
}

TEST(VisitCgroupPathsTest, EndsWhenTheVisitorHasEnough) {
  int calls = 0;

  VisitCgroupPaths(kHybrid, [&calls](absl::string_view /*path*/) {
    ++calls;
    return false;
  });

  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace reeve
