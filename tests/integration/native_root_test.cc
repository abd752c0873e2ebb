// The root of a task: its mounts, devices and working directory.

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "enforcement/launch/landlock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/native_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class NativeRootTest : public NativeTest {
 protected:
  void TearDown() override {
    for (auto path = mounted_.rbegin(); path != mounted_.rend(); ++path) {
      EXPECT_EQ(umount2(path->c_str(), MNT_DETACH), 0);
    }
    NativeTest::TearDown();
  }

  // A new file system of the test, in a directory of the tree; its path.
  std::string MountTmpfs(const std::string& name) {
    tree_.MakeDir(name);
    std::string path = tree_.Path(name);
    EXPECT_EQ(mount("none", path.c_str(), "tmpfs", 0, "mode=755"), 0);
    mounted_.push_back(path);
    return path;
  }

  // "yes" or "no" for each command.
  static std::string Tries(const std::vector<std::string>& commands) {
    std::string script;
    for (const std::string& command : commands) {
      absl::StrAppend(&script, "(", command,
                      ") >/dev/null 2>&1 && echo yes || echo no; ");
    }
    return script;
  }

  static MountSpec Mount(const std::string& text) {
    return ParseMount(text).value();
  }

  TaskSpec With(const std::string& mount_text, const std::string& script) {
    TaskSpec spec = Script(script);
    spec.isolation.mounts = {Mount(mount_text)};
    return spec;
  }

  // Whether the kernel has overlayfs, and takes the test's directory for it.
  bool HasOverlay() {
    tree_.MakeDir("try/lower");
    tree_.MakeDir("try/upper");
    tree_.MakeDir("try/work");
    tree_.MakeDir("try/merged");
    const std::string merged = tree_.Path("try/merged");
    const std::string options =
        absl::StrCat("lowerdir=", tree_.Path("try/lower"),
                     ",upperdir=", tree_.Path("try/upper"),
                     ",workdir=", tree_.Path("try/work"));
    if (mount("none", merged.c_str(), "overlay", 0, options.c_str()) != 0) {
      return false;
    }
    umount2(merged.c_str(), MNT_DETACH);
    return true;
  }

  struct stat StatusOf(const std::string& path) const {
    struct stat info = {};
    EXPECT_EQ(lstat(InRoot(path).c_str(), &info), 0) << path;
    return info;
  }

 private:
  std::vector<std::string> mounted_;
};

TEST_F(NativeRootTest, NothingOfTheHostIsSeen) {
  EXPECT_EQ(Run(Script("ls /; ls -d /.. /../..")),
            "bin\ndev\nproc\nsys\n/..\n/../..\n");
}

TEST_F(NativeRootTest, ItsMountsAreThoseOfAContainer) {
  std::string expected;
  for (const char* path : {"/",
                           "/dev",
                           "/dev/mqueue",
                           "/dev/pts",
                           "/dev/shm",
                           "/proc",
                           "/proc/acpi",
                           "/proc/asound",
                           "/proc/bus",
                           "/proc/fs",
                           "/proc/irq",
                           "/proc/kcore",
                           "/proc/keys",
                           "/proc/latency_stats",
                           "/proc/sched_debug",
                           "/proc/scsi",
                           "/proc/sys",
                           "/proc/sysrq-trigger",
                           "/proc/timer_list",
                           "/proc/timer_stats",
                           "/sys",
                           "/sys/devices/virtual/powercap",
                           "/sys/firmware"}) {
    // Not every kernel has all of them; /dev is the task's own.
    if (absl::StartsWith(path, "/dev/") || access(path, F_OK) == 0)
      absl::StrAppend(&expected, path, "\n");
  }
  EXPECT_EQ(Run(Script("awk '{print $5}' /proc/self/mountinfo | sort")),
            expected);
}

TEST_F(NativeRootTest, WhatChangesTheHostCannotBeWritten) {
  EXPECT_EQ(Run(Script(Tries({
                "echo 1 > /proc/sys/vm/overcommit_memory",
                "echo x > /proc/sysrq-trigger",
                "mkdir /sys/fs/cgroup/x",
                "test -s /proc/kcore",
                "cat /proc/keys | grep .",
                "ls /sys/firmware | grep .",
            }))),
            "no\nno\nno\nno\nno\nno\n");
}

TEST_F(NativeRootTest, WithoutPivotRootItIsTheSame) {
  TaskSpec spec = Script(
      "ls /; ls -d /bin/../../bin/busybox; readlink /proc/1/cwd; "
      "readlink /proc/self/root");
  spec.isolation.root.no_pivot_root = true;
  EXPECT_THAT(Run(std::move(spec)),
              HasSubstr("bin\ndev\nproc\nsys\n/bin/../../bin/busybox\n"));
  EXPECT_EQ(exit_.code, 0);
}

TEST_F(NativeRootTest, AWritableRootIsTheDirectoryItself) {
  EXPECT_EQ(Run(Script("echo new > /file")), "");
  EXPECT_EQ(tree_.Read("root/file"), "new\n");
}

TEST_F(NativeRootTest, AReadOnlyRootCannotBeChanged) {
  TaskSpec spec = Script(
      Tries({"touch /file", "touch /bin/busybox", "rm /bin/sh", "mkdir /dir",
             "mount -o remount,rw /", "touch /dev/shm/x", "echo > /dev/null"}));
  spec.isolation.root.read_only = true;
  EXPECT_EQ(Run(spec), "no\nno\nno\nno\nno\nyes\nyes\n");
  spec.isolation.no_init = true;
  EXPECT_EQ(Run(spec), "no\nno\nno\nno\nno\nyes\nyes\n");
  EXPECT_FALSE(tree_.Exists("root/file"));
}

TEST_F(NativeRootTest, AReadOnlyRootHasWhatIsMountedBelowItReadOnly) {
  const std::string below = MountTmpfs("root/below");
  TaskSpec spec = Script(Tries({"touch /below/file", "ls /below"}));
  spec.isolation.root.read_only = true;
  EXPECT_EQ(Run(std::move(spec)), "no\nyes\n");
}

TEST_F(NativeRootTest, AnOverlayGoesWithTheTask) {
  if (!HasOverlay()) GTEST_SKIP() << "no overlayfs here";
  const std::string state = tree_.Path("state");
  TaskSpec spec = Script(
      "echo new > /file; rm /bin/wc; cat /file; "
      "until test -e /end; do sleep 0.05; done");
  spec.isolation.root.overlay = true;
  ASSERT_THAT(Start(spec), IsOk());
  ASSERT_TRUE(Soon(
      [&] { return tree_.Exists("out") && tree_.Read("out") == "new\n"; }));
  EXPECT_FALSE(tree_.Exists("root/file"));
  EXPECT_EQ(ExecScript("cat /file; ls /bin/wc"),
            "new\nls: /bin/wc: No such file or directory\n");
  EXPECT_THAT(Stop(), IsOk());
  EXPECT_THAT(supervisor().Remove("t"), IsOk());
  EXPECT_THAT(world_->state().TaskIds().value(), IsEmpty());
  EXPECT_TRUE(tree_.Exists("root/bin/wc"));

  spec.command.back() = "ls /file";
  EXPECT_EQ(Run(spec), "ls: /file: No such file or directory\n");
}

TEST_F(NativeRootTest, AnOverlayOfANamedDirectoryStays) {
  if (!HasOverlay()) GTEST_SKIP() << "no overlayfs here";
  tree_.MakeDir("layer,with:all");
  TaskSpec spec = Script("cat /file; echo more >> /file");
  spec.isolation.root.overlay = true;
  spec.isolation.root.overlay_directory = tree_.Path("layer,with:all");
  EXPECT_EQ(Run(spec), "cat: can't open '/file': No such file or directory\n");
  EXPECT_EQ(Run(spec), "more\n");
  EXPECT_EQ(tree_.Read("layer,with:all/upper/file"), "more\nmore\n");
  EXPECT_FALSE(tree_.Exists("root/file"));
}

TEST_F(NativeRootTest, AReadOnlyOverlayCannotBeChanged) {
  if (!HasOverlay()) GTEST_SKIP() << "no overlayfs here";
  TaskSpec spec = Script(Tries({"touch /file", "ls /bin"}));
  spec.isolation.root.overlay = true;
  spec.isolation.root.read_only = true;
  EXPECT_EQ(Run(std::move(spec)), "no\nyes\n");
  EXPECT_FALSE(tree_.Exists("root/proc"));
}

TEST_F(NativeRootTest, AnOverlayIsKeptBetweenAttempts) {
  if (!HasOverlay()) GTEST_SKIP() << "no overlayfs here";
  TaskSpec spec = Script("echo x >> /file; cat /file; exit 1");
  spec.isolation.root.overlay = true;
  spec.restart.when = RestartWhen::kOnFailure;
  spec.restart.max_restarts = 2;
  spec.restart.backoff = absl::Milliseconds(10);
  EXPECT_EQ(Run(std::move(spec)), "x\nx\nx\nx\nx\nx\n");
}

TEST_F(NativeRootTest, AMissingWorkingDirectoryIsMadeForTheUser) {
  TaskSpec spec = Script("pwd; touch file && echo writable");
  spec.cwd = "/srv/new";
  spec.user = "1234:567";
  EXPECT_EQ(Run(std::move(spec)), "/srv/new\nwritable\n");

  for (const char* path : {"/srv", "/srv/new"}) {
    const struct stat info = StatusOf(path);
    EXPECT_EQ(info.st_mode, S_IFDIR | 0755u) << path;
    EXPECT_EQ(info.st_uid, 1234u) << path;
    EXPECT_EQ(info.st_gid, 567u) << path;
  }
}

TEST_F(NativeRootTest, AWorkingDirectoryThatIsThereStaysAsItIs) {
  tree_.MakeDir("root/srv");
  ASSERT_EQ(chmod(InRoot("/srv").c_str(), 0711), 0);
  tree_.MakeLink("root/link", "srv");
  TaskSpec spec = Script("pwd -P");
  spec.user = "1234:567";
  for (const char* cwd : {"/srv", "/link"}) {
    spec.cwd = cwd;
    EXPECT_EQ(Run(spec), "/srv\n");
  }
  const struct stat info = StatusOf("/srv");
  EXPECT_EQ(info.st_mode, S_IFDIR | 0711u);
  EXPECT_EQ(info.st_uid, 0u);
}

TEST_F(NativeRootTest, TmpfsHasSizeModeAndOptions) {
  EXPECT_EQ(Run(With("type=tmpfs,dst=/tmp,size=1M,mode=1770,noexec",
                     "stat -c %a /tmp; "
                     "grep -c ' /tmp rw,nosuid,nodev,noexec,relatime .* "
                     "tmpfs .*size=1024k,mode=1770' /proc/self/mountinfo; "
                     "dd if=/dev/zero of=/tmp/x bs=1M count=2 2>&1 | "
                     "grep -o 'No space left'")),
            "1770\n1\nNo space left\n");
  EXPECT_EQ(StatusOf("/tmp").st_mode, S_IFDIR | 0755u);

  EXPECT_EQ(Run(With("type=tmpfs,dst=/tmp,ro", Tries({"touch /tmp/x"}))),
            "no\n");
  EXPECT_EQ(Run(With("type=tmpfs,dst=/tmp", "stat -c %a /tmp")), "1777\n");
}

TEST_F(NativeRootTest, ABindIsWhatTheHostHas) {
  tree_.Write("source/file", "old\n");
  EXPECT_EQ(Run(With(absl::StrCat("type=bind,src=", tree_.Path("source"),
                                  ",dst=/deep/in/data"),
                     "cat /deep/in/data/file; echo new > /deep/in/data/file")),
            "old\n");
  EXPECT_EQ(tree_.Read("source/file"), "new\n");
  EXPECT_EQ(StatusOf("/deep/in/data").st_mode, S_IFDIR | 0755u);
  EXPECT_EQ(StatusOf("/deep").st_uid, 0u);
}

TEST_F(NativeRootTest, AFileIsBoundOnAFile) {
  tree_.Write("source", "host\n");
  tree_.Write("root/etc/there", "root\n");
  const std::string bind = absl::StrCat("type=bind,src=", tree_.Path("source"));
  EXPECT_EQ(Run(With(absl::StrCat(bind, ",dst=/etc/there,ro"),
                     "cat /etc/there; " + Tries({"echo x > /etc/there"}))),
            "host\nno\n");
  EXPECT_EQ(Run(With(absl::StrCat(bind, ",dst=/new/file"), "cat /new/file")),
            "host\n");
  EXPECT_EQ(tree_.Read("root/etc/there"), "root\n");
  EXPECT_EQ(tree_.Read("root/new/file"), "");
}

TEST_F(NativeRootTest, AReadOnlyBindIsSoInAllThatIsMountedBelow) {
  MountTmpfs("source");
  MountTmpfs("source/sub");
  const std::string bind = absl::StrCat("type=bind,src=", tree_.Path("source"));
  EXPECT_EQ(Run(With(absl::StrCat(bind, ",dst=/data,ro"),
                     Tries({"touch /data/x", "touch /data/sub/x",
                            "mount -o remount,rw /data"}))),
            "no\nno\nno\n");
  EXPECT_EQ(Run(With(absl::StrCat(bind, ",dst=/data"),
                     Tries({"touch /data/x", "touch /data/sub/x"}))),
            "yes\nyes\n");
  EXPECT_EQ(access(tree_.Path("source/sub/x").c_str(), F_OK), 0);
}

TEST_F(NativeRootTest, ABindMayForbidProgramsAndDevices) {
  tree_.Write("source/program", "#!/bin/sh\n");
  ASSERT_EQ(chmod(tree_.Path("source/program").c_str(), 0755), 0);
  ASSERT_EQ(
      mknod(tree_.Path("source/null").c_str(), S_IFCHR | 0666, makedev(1, 3)),
      0);
  const std::string script = Tries({"/data/program", "echo > /data/null"}) +
                             "grep -o ' /data [a-z,]*' /proc/self/mountinfo";
  const std::string bind =
      absl::StrCat("type=bind,src=", tree_.Path("source"), ",dst=/data");
  EXPECT_THAT(Run(With(bind, script)), HasSubstr("yes\nyes\n"));
  EXPECT_EQ(Run(With(bind + ",noexec,nodev,nosuid", script)),
            "no\nno\n /data rw,nosuid,nodev,noexec,relatime\n");
}

TEST_F(NativeRootTest, AMountTakesThePlaceOfADefaultOne) {
  EXPECT_EQ(Run(With("type=tmpfs,dst=/dev/shm,size=2M",
                     "grep -c ' /dev/shm ' /proc/self/mountinfo; "
                     "grep -c ' /dev/shm .*size=2048k' /proc/self/mountinfo")),
            "1\n1\n");
}

// What the test mounts in the source while the task runs.
TEST_F(NativeRootTest, WhichLaterMountsAreSeenIsAskedFor) {
  for (const char* propagation : {"private", "host-to-task", "bidirectional"}) {
    const std::string source = MountTmpfs("source");
    ASSERT_EQ(mount("none", source.c_str(), nullptr, MS_SHARED, nullptr), 0);
    for (const char* name : {"source/host", "source/task"}) {
      tree_.MakeDir(name);
    }
    TaskSpec spec = With(absl::StrCat("type=bind,src=", source,
                                      ",dst=/data,propagation=", propagation),
                         "exec sleep 1000");
    spec.isolation.add_capabilities = {"SYS_ADMIN"};
    spec.isolation.seccomp = "unconfined";
    ASSERT_THAT(Start(std::move(spec)), IsOk());
    MountTmpfs("source/host");
    tree_.Write("source/host/file", "");

    const bool from_host =
        absl::StartsWith(ExecScript("ls /data/host"), "file\n");
    EXPECT_EQ(ExecScript("mount -t tmpfs none /data/task && "
                         "touch /data/task/file"),
              "");
    const bool to_host = tree_.Exists("source/task/file");

    EXPECT_EQ(from_host, propagation != std::string("private")) << propagation;
    EXPECT_EQ(to_host, propagation == std::string("bidirectional"))
        << propagation;
    EXPECT_THAT(Stop(), IsOk());
    EXPECT_THAT(supervisor().Remove("t"), IsOk());
    if (to_host) umount2(tree_.Path("source/task").c_str(), MNT_DETACH);
  }
}

TEST_F(NativeRootTest, BidirectionalNeedsASourceThatIsShared) {
  const std::string source = MountTmpfs("source");
  EXPECT_THAT(Fail(With(absl::StrCat("type=bind,src=", source,
                                     ",dst=/data,propagation=bidirectional"),
                        "true")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr(absl::StrCat("mount ", source))));
}

TEST_F(NativeRootTest, NoMountOfATaskReachesTheHost) {
  const std::string root = MountTmpfs("shared");
  ASSERT_EQ(mount("none", root.c_str(), nullptr, MS_SHARED, nullptr), 0);
  ASSERT_EQ(mount(tree_.Path("root").c_str(), root.c_str(), nullptr,
                  MS_BIND | MS_REC, nullptr),
            0);
  ASSERT_EQ(mount("none", root.c_str(), nullptr, MS_SHARED, nullptr), 0);
  const size_t mounts = Footprint().mounts;
  for (const bool no_init : {false, true}) {
    TaskSpec spec = Sleeper();
    spec.isolation.root.directory = root;
    spec.isolation.no_init = no_init;
    ASSERT_THAT(Start(std::move(spec)), IsOk());
    EXPECT_EQ(Footprint().mounts, mounts);
    EXPECT_THAT(Stop(), IsOk());
    EXPECT_THAT(supervisor().Remove("t"), IsOk());
  }
  umount2(root.c_str(), MNT_DETACH);
}

TEST_F(NativeRootTest, LinksOfTheRootDoNotLeadOut) {
  tree_.MakeDir("outside");
  tree_.MakeLink("root/up", "../../../../../../../../bin");
  tree_.MakeLink("root/away", tree_.Path("outside"));
  TaskSpec spec = With("type=tmpfs,dst=/up/mine", "ls -d /bin/mine; pwd -P");
  spec.cwd = "/up/here";
  EXPECT_EQ(Run(spec), "/bin/mine\n/bin/here\n");
  EXPECT_TRUE(tree_.Exists("root/bin/here"));

  for (const char* target : {"/away", "/away/mine"}) {
    EXPECT_THAT(
        Fail(With(absl::StrCat("type=tmpfs,dst=", target), "true")).message(),
        HasSubstr("symbolic link of the root"));
  }
  spec = Script("true");
  spec.cwd = "/away/here";
  EXPECT_THAT(Fail(std::move(spec)).message(),
              HasSubstr("symbolic link of the root"));
  EXPECT_FALSE(tree_.Exists("outside/mine"));
  EXPECT_FALSE(tree_.Exists("outside/here"));
}

TEST_F(NativeRootTest, LandlockRulesAreOfPathsInTheRoot) {
  if (!CheckLandlockAbi(LandlockAbi()).ok()) GTEST_SKIP() << "no Landlock here";
  tree_.MakeDir("root/srv");
  tree_.MakeDir("root/other");
  const std::string script =
      Tries({"touch /srv/file", "touch /other/file", "touch /tmp/file",
             "cat /proc/self/stat", "dd if=/dev/zero count=1", "ls /dev"});
  TaskSpec spec = With("type=tmpfs,dst=/tmp", script);
  spec.landlock = {
      ParsePathRule("rx:/bin").value(), ParsePathRule("rw:/srv").value(),
      ParsePathRule("rw:/tmp").value(), ParsePathRule("rw:/dev/null").value(),
      ParsePathRule("ro:/proc").value()};
  for (const bool no_init : {false, true}) {
    spec.isolation.no_init = no_init;
    EXPECT_EQ(Run(spec), "yes\nno\nyes\nyes\nno\nno\n");
  }

  spec.command.back() = "exec sleep 1000";
  ASSERT_THAT(Start(spec), IsOk());
  EXPECT_EQ(ExecScript(script), "yes\nno\nyes\nyes\nno\nno\n");
  EXPECT_THAT(Stop(), IsOk());
  EXPECT_THAT(supervisor().Remove("t"), IsOk());

  spec.landlock = {ParsePathRule("c:/bin/busybox").value()};
  EXPECT_THAT(Fail(spec).message(),
              HasSubstr("landlock rule c:/bin/busybox: Not a directory"));
  spec.landlock = {ParsePathRule("rx:/usr").value()};
  EXPECT_THAT(Fail(std::move(spec)),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/usr")));
}

TEST_F(NativeRootTest, DefaultDevicesCanBeUsedAndOthersNot) {
  EXPECT_EQ(Run(Script("ls /dev; " +
                       Tries({"echo > /dev/null", "dd if=/dev/zero count=1",
                              "dd if=/dev/urandom count=1", "echo > /dev/full",
                              "mknod /dev/mine c 1 3 && echo > /dev/mine",
                              "mknod /dev/kmsg c 1 11 && cat /dev/kmsg",
                              "mknod /dev/disk b 7 0 && cat /dev/disk"}))),
            "core\nfd\nfull\nmqueue\nnull\nptmx\npts\nrandom\nshm\nstderr\n"
            "stdin\nstdout\ntty\nurandom\nzero\n"
            "yes\nyes\nyes\nno\nyes\nno\nno\n");
}

TEST_F(NativeRootTest, AnExtraDeviceIsMadeAndCanBeUsed) {
  struct stat host;
  if (stat("/dev/kmsg", &host) != 0) GTEST_SKIP() << "no /dev/kmsg here";
  TaskSpec spec =
      Script("stat -c '%F %t:%T %a %u' /dev/log/kernel; " +
             Tries({"dd if=/dev/log/kernel of=/dev/null count=1 bs=8192",
                    "echo > /dev/log/kernel"}));
  spec.isolation.add_capabilities = {"SYSLOG"};
  spec.isolation.devices = {ParseDevice("/dev/kmsg:/dev/log/kernel:r").value()};

  EXPECT_EQ(Run(std::move(spec)),
            absl::StrFormat("character special file 1:b %o %d\nyes\nno\n",
                            host.st_mode & 0777, host.st_uid));
}

TEST_F(NativeRootTest, ACommandHasTheDevicesOfTheTask) {
  ASSERT_THAT(Start(Sleeper()), IsOk());
  EXPECT_EQ(ExecScript(Tries({"echo > /dev/null",
                              "mknod /dev/kmsg c 1 11 && cat /dev/kmsg"})),
            "yes\nno\n");
}

}  // namespace
}  // namespace reeve
