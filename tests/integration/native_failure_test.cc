// A native task that cannot start says which step failed, on what and why, and
// leaves nothing: no process, cgroup, mount, descriptor or state.

#include <asm/unistd.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "enforcement/launch/landlock.h"
#include "enforcement/spec/scheduling_policy_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/native_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// The first bits of an argument's value.
struct Argument {
  uint32_t index;
  uint32_t value;
};

// Makes a system call fail with EIO for this thread and all that it starts, as
// a kernel would that is out of something. True if it does.
bool LetFail(uint32_t number, std::optional<Argument> argument) {
  constexpr uint32_t kNumber = offsetof(seccomp_data, nr);
  const size_t value =
      argument.has_value()
          ? offsetof(seccomp_data, args) + sizeof(uint64_t) * argument->index
          : kNumber;
  const uint32_t wanted = argument.has_value() ? argument->value : number;
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNumber),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(value)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, wanted, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EIO),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program = {static_cast<unsigned short>(std::size(filter)),
                              filter};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

class NativeFailureTest : public NativeTest {
 protected:
  // Launches what must fail, from a thread that was prepared.
  absl::Status FailIn(const std::function<bool()>& prepare, TaskSpec spec) {
    absl::Status status;
    std::thread thread([&] {
      ASSERT_TRUE(prepare());
      status = Fail(std::move(spec));
    });
    thread.join();
    return status;
  }

  // With a capability that the agent has and its children have not.
  absl::Status FailWithout(int capability, TaskSpec spec) {
    return FailIn(
        [capability] { return prctl(PR_CAPBSET_DROP, capability) == 0; },
        std::move(spec));
  }

  TaskSpec WithMount(const std::string& text) const {
    TaskSpec spec = Sleeper();
    spec.isolation.mounts = {ParseMount(text).value()};
    return spec;
  }

  std::string MessageOf(TaskSpec spec) {
    return std::string(Fail(std::move(spec)).message());
  }
};

struct Step {
  const char* text;
  uint32_t call;
  std::optional<Argument> argument = std::nullopt;
  std::function<void(TaskSpec*)> change = [](TaskSpec*) {};
};

void HaveNoNetwork(TaskSpec* spec) { spec->isolation.network = "none"; }

void JoinOwnNetwork(TaskSpec* spec) {
  spec->isolation.network = "/proc/self/ns/net";
}

// What the init does if there is one, or else the program's process.
std::vector<Step> StepsOfTheRoot() {
  constexpr uint32_t kClone = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
  constexpr uint32_t kOfPresent = kClone | 0x9000;  // AT_RECURSIVE, EMPTY_PATH.
  return {
      {"reeve-shim: become a subreaper", __NR_prctl,
       Argument{0, PR_SET_CHILD_SUBREAPER}},
      {"start a session", __NR_setsid},
      {"bring the loopback device up", __NR_ioctl, Argument{1, SIOCSIFFLAGS},
       HaveNoNetwork},
      {"join the network namespace", __NR_setns, Argument{1, CLONE_NEWNET},
       JoinOwnNetwork},
      {"set the host name box", __NR_sethostname, std::nullopt,
       [](TaskSpec* spec) { spec->isolation.hostname = "box"; }},
      {"separate the mounts from the host's", __NR_mount},
      {"mount the root", __NR_move_mount},
      {"mount a new proc on /proc of the root", __NR_fsopen},
      {"mount a new tmpfs,mode=755 on /dev of the root", __NR_fsconfig,
       Argument{1, FSCONFIG_SET_STRING},
       [](TaskSpec* spec) {
         spec->isolation.mounts = {
             ParseMount("type=bind,src=/proc,dst=/proc").value()};
       }},
      {"make the device /dev/null of the root", __NR_mknodat,
       Argument{2, S_IFCHR | 0666}},
      {"make the link /dev/fd of the root", __NR_symlinkat},
      {"mask /proc/", __NR_open_tree, Argument{2, kClone}},
      {"make /proc/bus of the root read-only", __NR_open_tree,
       Argument{2, kOfPresent}},
      {"pivot_root", __NR_pivot_root},
      {"chroot", __NR_chroot, std::nullopt,
       [](TaskSpec* spec) { spec->isolation.root.no_pivot_root = true; }},
      {"join a session keyring of its own", __NR_keyctl},
      {"set the capabilities", __NR_prctl, Argument{0, PR_CAPBSET_DROP}},
      {"set the capabilities", __NR_prctl, Argument{0, PR_SET_KEEPCAPS}},
      {"set the capabilities", __NR_capset},
      {"set the capabilities", __NR_prctl, Argument{0, PR_CAP_AMBIENT}},
      {"set no_new_privs", __NR_prctl, Argument{0, PR_SET_NO_NEW_PRIVS}},
  };
}

// Of the program's process alone.
std::vector<Step> StepsOfTheProgram() {
  return {
      {"chdir /", __NR_getcwd},
      {"set the standard streams", __NR_dup3},
      {"set nice to", __NR_setpriority},
      {"set rlimit.core to 0", __NR_setrlimit, std::nullopt,
       [](TaskSpec* spec) {
         spec->limits.rlimits = {{RLIMIT_CORE, Bound::Of(0), Bound::Of(0)}};
       }},
      {"set sched to", __NR_sched_setscheduler, std::nullopt,
       [](TaskSpec* spec) {
         spec->limits.scheduling = ParseSchedulingPolicy("batch").value();
       }},
      {"set the groups as user 0", __NR_setgroups},
      {"set the group id as user 0", __NR_setresgid},
      {"set the user id as user 0", __NR_setresuid},
      {"close descriptors", __NR_close_range},
      {"install the filter of system calls", __NR_seccomp},
  };
}

TEST_F(NativeFailureTest, EachStepOfTheRootIsNamed) {
  for (const Step& step : StepsOfTheRoot()) {
    for (const bool no_init : {false, true}) {
      SCOPED_TRACE(absl::StrCat(step.text, no_init ? " without init" : ""));
      TaskSpec spec = Sleeper();
      step.change(&spec);
      spec.isolation.no_init = no_init;
      const absl::Status status =
          FailIn([&step] { return LetFail(step.call, step.argument); }, spec);
      EXPECT_THAT(std::string(status.message()),
                  AllOf(HasSubstr(step.text), HasSubstr("Input/output error")));
    }
  }
}

TEST_F(NativeFailureTest, EachStepOfTheProgramIsNamed) {
  for (const Step& step : StepsOfTheProgram()) {
    for (const bool no_init : {false, true}) {
      SCOPED_TRACE(absl::StrCat(step.text, no_init ? " without init" : ""));
      TaskSpec spec = Sleeper();
      step.change(&spec);
      spec.isolation.no_init = no_init;
      const absl::Status status =
          FailIn([&step] { return LetFail(step.call, step.argument); }, spec);
      EXPECT_THAT(std::string(status.message()),
                  AllOf(HasSubstr(step.text), HasSubstr("Input/output error")));
    }
  }
}

TEST_F(NativeFailureTest, ProcessOneThatCannotBeJoinedIsNamed) {
  EXPECT_THAT(
      std::string(
          FailIn([] { return LetFail(__NR_setns, std::nullopt); }, Sleeper())
              .message()),
      HasSubstr("join the namespaces of the task: Input/output error"));
  EXPECT_THAT(
      std::string(FailIn([] { return LetFail(__NR_pidfd_open, std::nullopt); },
                         Sleeper())
                      .message()),
      HasSubstr("start process 1 of the pid namespace: Input/output error"));
}

TEST_F(NativeFailureTest, ACgroupNamespaceThatIsRefusedIsNamed) {
  if (HasV1Cgroups()) GTEST_SKIP() << "none is made beside cgroup v1";
  EXPECT_THAT(
      std::string(
          FailIn(
              [] {
                return LetFail(__NR_unshare, Argument{0, CLONE_NEWCGROUP});
              },
              Sleeper())
              .message()),
      HasSubstr("make a cgroup namespace: Input/output error"));
}

TEST_F(NativeFailureTest, AnOverlayThatCannotBeMadeReadOnlyIsNamed) {
  TaskSpec spec = Sleeper();
  spec.isolation.root.overlay = true;
  const auto probe = Start(spec);
  if (!probe.ok()) GTEST_SKIP() << "no overlayfs here: " << probe.status();
  EXPECT_THAT(Stop(), IsOk());
  EXPECT_THAT(supervisor().Remove("t"), IsOk());

  spec.isolation.root.read_only = true;
  EXPECT_THAT(
      std::string(FailIn(
                      [] {
                        return LetFail(__NR_mount_setattr, Argument{2, 0x1000});
                      },
                      std::move(spec))
                      .message()),
      HasSubstr("make the root read-only: Input/output error"));
}

TEST_F(NativeFailureTest, ATerminalThatCannotBeTakenIsNamed) {
  TaskSpec spec = Sleeper();
  spec.stdout_path.clear();
  spec.stderr_path.clear();
  spec.tty = true;
  EXPECT_THAT(
      std::string(FailIn(
                      [] {
                        return LetFail(__NR_ioctl, Argument{1, TIOCSCTTY});
                      },
                      std::move(spec))
                      .message()),
      HasSubstr("make standard input the controlling terminal: "
                "Input/output error"));
}

TEST_F(NativeFailureTest, ALandlockThatIsRefusedIsNamed) {
  if (!CheckLandlockAbi(LandlockAbi()).ok()) GTEST_SKIP() << "no Landlock here";
  TaskSpec spec = Sleeper();
  spec.landlock = {ParsePathRule("rx:/").value()};
  EXPECT_THAT(
      std::string(
          FailIn(
              [] { return LetFail(__NR_landlock_restrict_self, std::nullopt); },
              std::move(spec))
              .message()),
      HasSubstr("landlock rules: Input/output error"));
}

TEST_F(NativeFailureTest, WhatTheAgentLacksIsNamed) {
  TaskSpec spec = Sleeper();
  EXPECT_THAT(std::string(FailWithout(CAP_SYS_ADMIN, spec).message()),
              HasSubstr("create a process"));
  EXPECT_THAT(std::string(FailWithout(CAP_MKNOD, spec).message()),
              HasSubstr("make the device /dev/null of the root: Operation not "
                        "permitted"));
  EXPECT_THAT(std::string(FailWithout(CAP_SETPCAP, spec).message()),
              HasSubstr("set the capabilities: Operation not permitted"));
  EXPECT_THAT(std::string(FailWithout(CAP_SETGID, spec).message()),
              HasSubstr("set the groups as user 0: Operation not permitted"));
  spec.user = "7:7";
  EXPECT_THAT(std::string(FailWithout(CAP_SETUID, spec).message()),
              HasSubstr("set the user id as user 7: Operation not permitted"));
}

TEST_F(NativeFailureTest, ACapabilityThatTheAgentHasNotIsRefused) {
  TaskSpec spec = Sleeper();
  spec.isolation.add_capabilities = {"SYS_TIME"};
  const absl::Status status = FailIn(
      [] {
        __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
        __user_cap_data_struct data[2] = {};
        if (syscall(SYS_capget, &header, data) != 0) return false;
        data[0].effective &= ~(1u << CAP_SYS_TIME);
        data[0].permitted &= ~(1u << CAP_SYS_TIME);
        return syscall(SYS_capset, &header, data) == 0;
      },
      std::move(spec));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kPermissionDenied,
                               HasSubstr("CAP_SYS_TIME")));
}

TEST_F(NativeFailureTest, ARootThatIsNoneIsNamed) {
  tree_.Write("file", "");
  TaskSpec spec = Sleeper();
  spec.isolation.root.directory = tree_.Path("file");
  EXPECT_THAT(MessageOf(spec),
              HasSubstr(absl::StrCat("rootfs open ", tree_.Path("file"),
                                     ": Not a directory")));
  spec.isolation.root.directory = tree_.Path("none");
  EXPECT_THAT(Fail(spec), StatusIs(absl::StatusCode::kNotFound,
                                   HasSubstr(absl::StrCat("rootfs open ",
                                                          tree_.Path("none"),
                                                          ": No such file"))));
}

TEST_F(NativeFailureTest, AMountPointThatCannotBeMadeIsNamed) {
  tree_.MakeDir("ro");
  const std::string root = tree_.Path("ro");
  ASSERT_EQ(mount("none", root.c_str(), "tmpfs", MS_RDONLY, nullptr), 0);
  for (const bool no_init : {false, true}) {
    TaskSpec spec = Sleeper();
    spec.isolation.root.directory = root;
    spec.isolation.no_init = no_init;
    EXPECT_THAT(MessageOf(spec),
                HasSubstr("mount a new proc on /proc of the root: Read-only "
                          "file system: it is missing and the root cannot be "
                          "written: make it first"));
  }
  EXPECT_EQ(umount2(root.c_str(), MNT_DETACH), 0);
}

TEST_F(NativeFailureTest, ATargetBehindALinkToNowhereIsNamed) {
  tree_.MakeLink("root/link", "/nowhere/at/all");
  tree_.MakeLink("root/loop", "loop");
  tree_.MakeLink("root/dev", "bin");
  TaskSpec spec = WithMount("type=tmpfs,dst=/link/tmp");
  EXPECT_THAT(MessageOf(spec), HasSubstr("/dev of the root: "));
  tree_.Remove("root/dev");
  EXPECT_THAT(
      MessageOf(spec),
      HasSubstr("mount a new tmpfs,mode=1777 on /link/tmp of the root: File "
                "exists: it is or is reached by a symbolic link of the root"));
  EXPECT_THAT(MessageOf(WithMount("type=tmpfs,dst=/loop")),
              HasSubstr("on /loop of the root: Too many levels of symbolic "
                        "links: it is or is reached by a symbolic link"));
  EXPECT_FALSE(tree_.Exists("root/nowhere"));
}

TEST_F(NativeFailureTest, AProcThatIsALinkIsRefused) {
  tree_.MakeLink("root/proc", "bin");
  EXPECT_THAT(
      MessageOf(Sleeper()),
      HasSubstr("mount a new proc on /proc of the root: Too many levels "
                "of symbolic links"));
}

TEST_F(NativeFailureTest, ABindThatCannotBeMadeIsNamed) {
  tree_.Write("file", "");
  tree_.MakeDir("folder");
  const std::string none = tree_.Path("none");
  EXPECT_THAT(
      Fail(WithMount(absl::StrCat("type=bind,src=", none, ",dst=/data"))),
      StatusIs(absl::StatusCode::kNotFound,
               HasSubstr(absl::StrCat("mount ", none, ": No such file"))));
  EXPECT_THAT(MessageOf(WithMount(absl::StrCat(
                  "type=bind,src=", tree_.Path("file"), ",dst=/bin"))),
              HasSubstr(absl::StrCat("mount ", tree_.Path("file"),
                                     " on /bin of the root: Is a directory")));
  EXPECT_THAT(
      MessageOf(WithMount(absl::StrCat("type=bind,src=", tree_.Path("folder"),
                                       ",dst=/bin/busybox"))),
      HasSubstr(absl::StrCat("mount ", tree_.Path("folder"),
                             " on /bin/busybox of the root: Not a "
                             "directory")));
  EXPECT_THAT(
      MessageOf(WithMount(absl::StrCat("type=bind,src=", tree_.Path("folder"),
                                       ",dst=/bin/busybox/data"))),
      HasSubstr("on /bin/busybox/data of the root: Not a directory"));
}

TEST_F(NativeFailureTest, AMountPointWhoseNameIsTooLongIsNamed) {
  const std::string target = absl::StrCat("/", std::string(256, 'x'));
  EXPECT_THAT(MessageOf(WithMount(absl::StrCat("type=tmpfs,dst=", target))),
              HasSubstr(absl::StrCat("mount a new tmpfs,mode=1777 on ", target,
                                     " of the root: File name too long")));
}

TEST_F(NativeFailureTest, ADeviceThatCannotBeMadeIsNamed) {
  TaskSpec spec = Sleeper();
  spec.isolation.devices = {ParseDevice("/dev/null:/dev/fd/null").value()};
  // /dev/fd is made a directory for it, and is no link then.
  ASSERT_THAT(Start(spec), IsOk());
  EXPECT_THAT(Stop(), IsOk());
  EXPECT_THAT(supervisor().Remove("t"), IsOk());

  spec.isolation.devices = {ParseDevice("/dev/null:/dev/null/below").value()};
  EXPECT_THAT(MessageOf(spec),
              HasSubstr("make the device /dev/null/below of the root: Not a "
                        "directory"));

  spec.isolation.devices = {ParseDevice("/dev/no-such").value()};
  EXPECT_THAT(Fail(spec), StatusIs(absl::StatusCode::kNotFound,
                                   HasSubstr("device /dev/no-such: No such")));
}

TEST_F(NativeFailureTest, AWorkingDirectoryThatCannotBeMadeIsNamed) {
  TaskSpec spec = Sleeper();
  spec.cwd = "/bin/busybox/below";
  EXPECT_THAT(MessageOf(spec),
              HasSubstr("make the directory /bin/busybox/below of the root: "
                        "Not a directory"));
  spec.cwd = "/bin/busybox";
  EXPECT_THAT(MessageOf(spec),
              HasSubstr("chdir /bin/busybox: Not a directory"));
}

TEST_F(NativeFailureTest, AFilterThatForbidsTheProgramIsToldAsItsError) {
  TaskSpec spec = Sleeper();
  spec.isolation.seccomp = R"({
    "defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [{"names": ["execve"], "action": "SCMP_ACT_ERRNO",
                  "errnoRet": 5}]
  })";
  EXPECT_THAT(MessageOf(spec),
              HasSubstr("exec /bin/sleep as user 0: Input/output error"));
}

TEST_F(NativeFailureTest, AnOverlayThatCannotBeMountedIsNamed) {
  tree_.Write("file", "");
  tree_.Write("layers/upper", "");
  TaskSpec spec = Sleeper();
  spec.isolation.root.overlay = true;
  for (const auto& [directory, why] :
       std::vector<std::pair<const char*, const char*>>{
           {"none/below", "No such file"},
           {"file", "Not a directory"},
           {"layers", "upper: Not a directory"}}) {
    spec.isolation.root.overlay_directory = tree_.Path(directory);
    EXPECT_THAT(MessageOf(spec), HasSubstr(why)) << directory;
  }
  spec.isolation.root.overlay_directory = "/proc/sys";
  EXPECT_THAT(MessageOf(spec), HasSubstr("overlay"));
}

TEST_F(NativeFailureTest, ANetworkThatIsNoneIsNamed) {
  tree_.Write("file", "");
  TaskSpec spec = Sleeper();
  spec.isolation.network = tree_.Path("gone");
  EXPECT_THAT(Fail(spec), StatusIs(absl::StatusCode::kNotFound,
                                   HasSubstr(absl::StrCat("network open ",
                                                          tree_.Path("gone"),
                                                          ": No such file"))));
  for (const std::string& path :
       {tree_.Path("file"), std::string("/proc/self/ns/uts"),
        std::string("/dev/null"), tree_.Path("")}) {
    spec.isolation.network = path;
    if (!IsPlainPath(path)) continue;
    EXPECT_THAT(Fail(spec), StatusIs(absl::StatusCode::kInvalidArgument,
                                     HasSubstr("is no network namespace")))
        << path;
  }
}

TEST_F(NativeFailureTest, ALabelThatTheHostHasNotIsRefused) {
  TaskSpec spec = Sleeper();
  spec.isolation.apparmor_profile = "reeve-no-such";
  EXPECT_THAT(Fail(spec),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("apparmor profile reeve-no-such")));
  if (access("/sys/fs/selinux/enforce", F_OK) == 0) return;
  spec = Sleeper();
  spec.isolation.selinux_label = "a:b:c:s0";
  EXPECT_THAT(Fail(spec), StatusIs(absl::StatusCode::kFailedPrecondition,
                                   HasSubstr("no SELinux")));
}

}  // namespace
}  // namespace reeve
