#include "enforcement/cgroup/cgroup_places.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

const CgroupHierarchy kCpuAndCpuacct = {
    CgroupVersion::kV1, "/cg/cpu,cpuacct", {"cpu", "cpuacct"}};
const CgroupHierarchy kMemory = {CgroupVersion::kV1, "/cg/memory", {"memory"}};
const CgroupHierarchy kEmptyUnified = {CgroupVersion::kV2, "/cg/unified", {}};
const CgroupHierarchy kFullUnified = {
    CgroupVersion::kV2, "/cg", {"cpu", "memory", "pids"}};

std::vector<std::string> Directories(const CgroupPlaces& places) {
  std::vector<std::string> directories;
  for (const CgroupHierarchy* hierarchy : places.All()) {
    directories.push_back(CgroupDirectory(*hierarchy, "/reeve/web"));
  }
  return directories;
}

TEST(FindCgroupPlacesTest, ControllersMountedTogetherAreOnePlace) {
  const CgroupMounts mounts({kCpuAndCpuacct, kMemory});

  const auto places = FindCgroupPlaces(mounts, {"cpu", "memory", "cpuacct"});

  ASSERT_THAT(places, IsOk());
  EXPECT_THAT(Directories(*places),
              ElementsAre("/cg/cpu,cpuacct/reeve/web", "/cg/memory/reeve/web"));
  EXPECT_THAT(places->v2_controllers, IsEmpty());
}

TEST(FindCgroupPlacesTest, AHybridHostHasAPlaceWithoutControllersToo) {
  const CgroupMounts mounts({kMemory, kEmptyUnified});

  const auto places = FindCgroupPlaces(mounts, {"memory"});

  ASSERT_THAT(places, IsOk());
  EXPECT_THAT(Directories(*places),
              ElementsAre("/cg/memory/reeve/web", "/cg/unified/reeve/web"));
}

TEST(FindCgroupPlacesTest, OnV2AllControllersAreInOnePlace) {
  const CgroupMounts mounts({kFullUnified});

  const auto places = FindCgroupPlaces(mounts, {"cpu", "pids"});

  ASSERT_THAT(places, IsOk());
  EXPECT_THAT(places->by_controller,
              ElementsAre(Pair(mounts.Unified(), "cpu")));
  EXPECT_THAT(places->v2_controllers, ElementsAre("cpu", "pids"));
  EXPECT_THAT(Directories(*places), ElementsAre("/cg/reeve/web"));
}

TEST(FindCgroupPlacesTest, NamesAControllerThatIsInNoHierarchy) {
  EXPECT_THAT(FindCgroupPlaces(CgroupMounts({kMemory}), {"memory", "io"}),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("cgroup controller io")));
}

TEST(CheckCgroupPathTest, TakesAbsolutePathsBelowTheRoot) {
  EXPECT_THAT(CheckCgroupPath("/reeve"), IsOk());
  EXPECT_THAT(CheckCgroupPath("/machine.slice/reeve/a..b"), IsOk());
}

TEST(CheckCgroupPathTest, RefusesAllOthers) {
  for (const char* path :
       {"", "/", "reeve", "/a/", "//a", "/a//b", "/a/./b", "/..", "/a/../b"}) {
    EXPECT_THAT(CheckCgroupPath(path),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("absolute path")))
        << path;
  }
}

}  // namespace
}  // namespace reeve
