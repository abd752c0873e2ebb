#include "enforcement/launch/root_steps.h"

#include <linux/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

IsolationSpec WithRoot(const std::vector<std::string>& mounts = {}) {
  IsolationSpec isolation;
  isolation.root.directory = "/srv/root";
  for (const std::string& text : mounts) {
    isolation.mounts.push_back(ParseMount(text).value());
  }
  return isolation;
}

std::vector<RootStep> StepsOf(const IsolationSpec& isolation) {
  absl::StatusOr<std::vector<RootStep>> steps =
      RootStepsOf(isolation, DefaultTaskDevices());
  EXPECT_THAT(steps, IsOk());
  return steps.ok() ? *std::move(steps) : std::vector<RootStep>();
}

std::string KindName(RootStepKind kind) {
  switch (kind) {
    case RootStepKind::kMountTree:
      return "bind";
    case RootStepKind::kMountFilesystem:
      return "mount";
    case RootStepKind::kDevice:
      return "device";
    case RootStepKind::kSymlink:
      return "link";
    case RootStepKind::kDirectory:
      return "directory";
    case RootStepKind::kMask:
      return "mask";
    case RootStepKind::kReadOnly:
      return "read-only";
    case RootStepKind::kLandlockRule:
      return "landlock";
  }
  return "";
}

// "KIND TARGET" each.
std::vector<std::string> Names(const std::vector<RootStep>& steps) {
  std::vector<std::string> names;
  names.reserve(steps.size());
  for (const RootStep& step : steps) {
    names.push_back(absl::StrCat(KindName(step.kind), " ", step.target));
  }
  return names;
}

const RootStep& Of(const std::vector<RootStep>& steps,
                   const std::string& target) {
  for (const RootStep& step : steps) {
    if (step.target == target) return step;
  }
  ADD_FAILURE() << "nothing on " << target;
  return steps.front();
}

TEST(RootStepsOfTest, ARootHasWhatProgramsExpect) {
  EXPECT_THAT(
      Names(StepsOf(WithRoot())),
      ElementsAre("mount /proc", "mount /dev", "mount /dev/pts",
                  "mount /dev/shm", "mount /dev/mqueue", "mount /sys",
                  "device /dev/null", "device /dev/zero", "device /dev/full",
                  "device /dev/random", "device /dev/urandom",
                  "device /dev/tty", "link /dev/fd", "link /dev/stdin",
                  "link /dev/stdout", "link /dev/stderr", "link /dev/ptmx",
                  "link /dev/core", "mask /proc/acpi", "mask /proc/asound",
                  "mask /proc/kcore", "mask /proc/keys",
                  "mask /proc/timer_list", "mask /proc/timer_stats",
                  "mask /proc/latency_stats", "mask /proc/scsi",
                  "mask /proc/sched_debug", "mask /sys/firmware",
                  "mask /sys/devices/virtual/powercap", "read-only /proc/bus",
                  "read-only /proc/fs", "read-only /proc/irq",
                  "read-only /proc/sys", "read-only /proc/sysrq-trigger"));
}

TEST(RootStepsOfTest, ItsMountsLetNothingBeGained) {
  const std::vector<RootStep> steps = StepsOf(WithRoot());
  for (const char* target :
       {"/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys"}) {
    const RootStep& step = Of(steps, target);
    EXPECT_NE(step.attributes & MOUNT_ATTR_NOSUID, 0u) << target;
    EXPECT_NE(step.target_flags & kTargetWithoutSymlinks, 0u) << target;
  }
  EXPECT_NE(Of(steps, "/sys").attributes & MOUNT_ATTR_RDONLY, 0u);
  EXPECT_EQ(Of(steps, "/dev").attributes & MOUNT_ATTR_NODEV, 0u);
}

TEST(RootStepsOfTest, OnTheRootOfTheHostThereIsANewProcAlone) {
  const std::vector<std::string> names = Names(StepsOf(IsolationSpec()));
  EXPECT_THAT(names, Contains("mount /proc"));
  EXPECT_THAT(names, Contains("mask /proc/kcore"));
  EXPECT_THAT(names, Not(Contains("mount /dev")));
  EXPECT_THAT(names, Not(Contains("device /dev/null")));

  IsolationSpec isolation;
  isolation.pid = NamespaceMode::kHost;
  EXPECT_THAT(Names(StepsOf(isolation)), Not(Contains("mount /proc")));
}

TEST(RootStepsOfTest, DevicesAreMadeAsTheyAre) {
  TaskDevice device = {"/dev/disk", "/dev/sda", S_IFBLK, 0x700, 0640, 1, 6};
  const absl::StatusOr<std::vector<RootStep>> steps =
      RootStepsOf(WithRoot(), {device});
  ASSERT_THAT(steps, IsOk());
  const RootStep& step = Of(*steps, "/dev/disk");
  EXPECT_EQ(step.kind, RootStepKind::kDevice);
  EXPECT_EQ(step.mode, S_IFBLK | 0640u);
  EXPECT_EQ(step.device, 0x700u);
  EXPECT_EQ(step.uid, 1u);
  EXPECT_EQ(step.gid, 6u);
}

TEST(RootStepsOfTest, ATmpfsHasItsOptions) {
  const std::vector<RootStep> steps = StepsOf(
      WithRoot({"type=tmpfs,dst=/a", "type=tmpfs,dst=/b,size=1M,mode=700,ro",
                "type=tmpfs,dst=/c,noexec"}));

  EXPECT_EQ(Of(steps, "/a").text, "tmpfs,mode=1777");
  EXPECT_EQ(Of(steps, "/a").attributes,
            uint32_t{MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV});
  EXPECT_EQ(Of(steps, "/b").text, "tmpfs,mode=700,size=1048576");
  EXPECT_NE(Of(steps, "/b").attributes & MOUNT_ATTR_RDONLY, 0u);
  EXPECT_NE(Of(steps, "/c").attributes & MOUNT_ATTR_NOEXEC, 0u);
  EXPECT_EQ(Of(steps, "/a").target_flags, 0u);
}

TEST(RootStepsOfTest, MountsOfTheTaskComeBetweenOursAndWhatIsTakenAway) {
  const std::vector<std::string> names =
      Names(StepsOf(WithRoot({"type=tmpfs,dst=/b", "type=tmpfs,dst=/a"})));
  const auto b = std::find(names.begin(), names.end(), "mount /b");
  ASSERT_NE(b, names.end());
  EXPECT_EQ(*(b - 1), "link /dev/core");
  EXPECT_EQ(*(b + 1), "mount /a");
  EXPECT_EQ(*(b + 2), "mask /proc/acpi");
}

TEST(RootStepsOfTest, AMountOfTheTaskTakesThePlaceOfOurs) {
  EXPECT_THAT(Names(StepsOf(WithRoot({"type=tmpfs,dst=/dev/shm"}))),
              AllOf(Contains("mount /dev/shm").Times(1),
                    Contains("mount /dev/pts").Times(1)));

  const std::vector<std::string> names =
      Names(StepsOf(WithRoot({"type=tmpfs,dst=/dev"})));
  EXPECT_THAT(names, Contains("mount /dev").Times(1));
  for (const std::string& name : names) {
    EXPECT_FALSE(absl::StrContains(name, "/dev/")) << name;
  }
  EXPECT_THAT(Names(StepsOf(WithRoot({"type=tmpfs,dst=/deva"}))),
              IsSupersetOf({"mount /deva", "mount /dev"}));
}

TEST(RootStepsOfTest, ABindThatIsNotThereIsNamed) {
  FakeTree tree;
  const std::string none = tree.Path("none");
  const absl::StatusOr<std::vector<RootStep>> steps = RootStepsOf(
      WithRoot({absl::StrCat("type=bind,src=", none, ",dst=/data")}),
      DefaultTaskDevices());
  // Who may not mount is told that first.
  if (geteuid() != 0) {
    EXPECT_FALSE(steps.ok());
    return;
  }
  EXPECT_THAT(steps, StatusIs(absl::StatusCode::kNotFound, HasSubstr(none)));
}

TEST(RootStepsOfTest, ABindKnowsWhetherItIsOfAFile) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can clone a mount";
  FakeTree tree;
  tree.Write("file", "");
  tree.MakeDir("folder");
  const std::vector<RootStep> steps = StepsOf(WithRoot(
      {absl::StrCat("type=bind,src=", tree.Path("file"), ",dst=/file"),
       absl::StrCat("type=bind,src=", tree.Path("folder"), ",dst=/folder")}));
  EXPECT_EQ(Of(steps, "/file").kind, RootStepKind::kMountTree);
  EXPECT_EQ(Of(steps, "/file").target_flags, kTargetIsFile);
  EXPECT_EQ(Of(steps, "/file").text, tree.Path("file"));
  EXPECT_TRUE(Of(steps, "/file").fd);
  EXPECT_EQ(Of(steps, "/folder").target_flags, 0u);
}

TEST(MakeDirectoryStepTest, IsOfTheUser) {
  const RootStep step = MakeDirectoryStep("/srv", 7, 8);
  EXPECT_EQ(step.kind, RootStepKind::kDirectory);
  EXPECT_EQ(step.target, "/srv");
  EXPECT_EQ(step.uid, 7u);
  EXPECT_EQ(step.gid, 8u);
}

}  // namespace
}  // namespace reeve
