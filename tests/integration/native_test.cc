// Tasks with namespaces and a root of their own, from their launch to their
// end.

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/native_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class NativeTaskTest : public NativeTest {
 protected:
  // How long every condition here is waited for.
  template <typename Condition>
  static bool Eventually(const Condition& is_true) {
    const absl::Time until = absl::Now() + kNativePatience;
    while (!is_true()) {
      if (absl::Now() > until) return false;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return true;
  }

  std::optional<ExitStatus> AwaitExit() {
    return supervisor().Find("t").value()->WaitForExit(kNativePatience);
  }

  // Each line that the task has written so far.
  std::vector<std::string> Lines() const {
    if (!tree_.Exists("out")) return {};
    return absl::StrSplit(tree_.Read("out"), '\n', absl::SkipEmpty());
  }

  static bool IsPrivate(pid_t pid, const std::string& kind) {
    const std::string name = NamespaceOf(pid, kind);
    EXPECT_NE(name, "");
    return name != NamespaceOf(getpid(), kind);
  }
};

// A process that holds a network namespace with nothing in it.
class NetworkHolder {
 public:
  NetworkHolder() {
    int ready[2];
    EXPECT_EQ(pipe2(ready, O_CLOEXEC), 0);
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      const char is_made = unshare(CLONE_NEWNET) == 0 ? 'y' : 'n';
      (void)!write(ready[1], &is_made, 1);
      while (true) pause();
    }
    close(ready[1]);
    char is_made = 'n';
    EXPECT_EQ(read(ready[0], &is_made, 1), 1);
    EXPECT_EQ(is_made, 'y');
    close(ready[0]);
  }
  ~NetworkHolder() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  NetworkHolder(const NetworkHolder&) = delete;
  NetworkHolder& operator=(const NetworkHolder&) = delete;

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

// Of FUSE: whoever looks below its root waits for ever, as for a server that
// has gone away.
class HangingFilesystem {
 public:
  explicit HangingFilesystem(const std::string& path)
      : path_(path), device_(open("/dev/fuse", O_RDWR | O_CLOEXEC)) {
    const std::string options = absl::StrCat(
        "fd=", device_.get(), ",rootmode=40000,user_id=0,group_id=0");
    is_mounted_ = device_ &&
                  mount("hangs", path.c_str(), "fuse", 0, options.c_str()) == 0;
  }
  ~HangingFilesystem() {
    device_.Reset();
    if (is_mounted_) umount2(path_.c_str(), MNT_DETACH);
  }
  HangingFilesystem(const HangingFilesystem&) = delete;
  HangingFilesystem& operator=(const HangingFilesystem&) = delete;

  bool is_mounted() const { return is_mounted_; }

 private:
  const std::string path_;
  UniqueFd device_;
  bool is_mounted_ = false;
};

TEST_F(NativeTaskTest, NamespacesAreItsOwnByDefault) {
  ASSERT_THAT(Start(Sleeper()), IsOk());
  const pid_t pid = MainPid();

  for (const char* kind : {"pid", "ipc", "uts", "mnt"}) {
    EXPECT_TRUE(IsPrivate(pid, kind)) << kind;
  }
  for (const char* kind : {"net", "user"}) {
    EXPECT_FALSE(IsPrivate(pid, kind)) << kind;
  }
  EXPECT_EQ(IsPrivate(pid, "cgroup"), !HasV1Cgroups());
}

TEST_F(NativeTaskTest, NamespacesAreTheHostsIfAskedFor) {
  TaskSpec spec = Sleeper();
  spec.isolation.pid = NamespaceMode::kHost;
  spec.isolation.ipc = NamespaceMode::kHost;
  spec.isolation.cgroup = NamespaceMode::kHost;
  spec.isolation.network = "host";
  ASSERT_THAT(Start(std::move(spec)), IsOk());
  const pid_t pid = MainPid();

  for (const char* kind : {"pid", "ipc", "cgroup", "net", "user"}) {
    EXPECT_FALSE(IsPrivate(pid, kind)) << kind;
  }
  for (const char* kind : {"uts", "mnt"}) {
    EXPECT_TRUE(IsPrivate(pid, kind)) << kind;
  }
}

TEST_F(NativeTaskTest, WithoutARootItSeesThatOfTheHost) {
  TaskSpec spec = Script("readlink /proc/self; cat /proc/1/comm");
  spec.env = {"PATH=/usr/bin:/bin"};
  spec.isolation = IsolationSpec();
  spec.isolation.executor = Executor::kNative;
  tree_.Write("file", "");

  EXPECT_EQ(Run(spec), "3\nreeve-init\n");

  spec.command = {"/bin/sh", "-c", absl::StrCat("ls ", tree_.Path("file"))};
  EXPECT_EQ(Run(spec), absl::StrCat(tree_.Path("file"), "\n"));
}

TEST_F(NativeTaskTest, APrivateCgroupNamespaceIsRefusedOnCgroupV1) {
  TaskSpec spec = Script("cat /proc/self/cgroup");
  spec.isolation.cgroup = NamespaceMode::kPrivate;
  if (HasV1Cgroups()) {
    EXPECT_THAT(Fail(std::move(spec)),
                StatusIs(absl::StatusCode::kFailedPrecondition,
                         HasSubstr("cgroup v2 alone")));
    return;
  }
  EXPECT_EQ(Run(std::move(spec)), "0::/\n");
}

TEST_F(NativeTaskTest, ProcessOneIsTheInit) {
  EXPECT_EQ(Run(Script("echo $$; cat /proc/1/comm; ls /proc/1/fd | wc -l; "
                       "grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/1/status")),
            "2\nreeve-init\n0\nCapEff:\t0000000000000000\n"
            "CapBnd:\t0000000000000000\nNoNewPrivs:\t1\n");
}

TEST_F(NativeTaskTest, WithoutInitTheProgramIsProcessOne) {
  TaskSpec spec = Script("echo $$");
  spec.isolation.no_init = true;
  EXPECT_EQ(Run(std::move(spec)), "1\n");
}

TEST_F(NativeTaskTest, OrphansAreReaped) {
  const std::string script =
      "i=0; while [ $i -lt 30 ]; do (sleep 0.1 &); i=$((i+1)); done; "
      "(sleep 1000 & echo $!) > /orphan; "
      "grep PPid /proc/$(cat /orphan)/status; "
      "while [ $(ls -d /proc/[0-9]* 2>/dev/null | wc -l) -gt 5 ]; do sleep "
      "0.1; done; "
      "grep -l 'State:.Z' /proc/[0-9]*/status; echo done";
  EXPECT_EQ(Run(Script(script)), "PPid:\t1\ndone\n");
  EXPECT_EQ(exit_.code, 0);
}

TEST_F(NativeTaskTest, StopEndsAllOfItAndTheInit) {
  ASSERT_THAT(Start(Script("trap '' TERM INT HUP; "
                           "setsid sh -c 'trap \"\" TERM; sleep 1000 & wait' & "
                           "(sleep 1000 &); echo ready; "
                           "while :; do sleep 1; done")),
              IsOk());
  ASSERT_TRUE(Eventually([&] { return Lines().size() == 1; }));
  const std::string name = NamespaceOf(MainPid(), "pid");
  EXPECT_THAT(ProcessesIn(name), SizeIs(::testing::Ge(4)));

  EXPECT_THAT(Stop(), IsOk());

  EXPECT_TRUE(Eventually([&] { return ProcessesIn(name).empty(); }));
}

TEST_F(NativeTaskTest, TheEndOfItsMainProcessEndsAllOfIt) {
  ASSERT_THAT(Start(Script("(sleep 1000 &); echo ready; "
                           "until test -e /end; do sleep 0.05; done; exit 7")),
              IsOk());
  ASSERT_TRUE(Eventually([&] { return Lines().size() == 1; }));
  const std::string name = NamespaceOf(MainPid(), "pid");
  tree_.Write("root/end", "");

  EXPECT_EQ(AwaitExit().value().code, 7);

  EXPECT_TRUE(Eventually([&] { return ProcessesIn(name).empty(); }));
}

TEST_F(NativeTaskTest, ExitIsThatOfTheProgram) {
  for (const int code : {0, 1, 42, 255}) {
    Run(Script(absl::StrCat("exit ", code)));
    EXPECT_EQ(exit_.code, code);
    EXPECT_EQ(exit_.signal, 0);
  }
  for (const int number : {SIGTERM, SIGINT, SIGKILL, SIGSEGV}) {
    Run(Script(absl::StrCat("kill -", number, " $$")));
    EXPECT_EQ(exit_.signal, number);
    EXPECT_EQ(exit_.code, 128 + number);
  }
}

TEST_F(NativeTaskTest, ASignalEndsAProgramWithoutHandlers) {
  for (const auto& [name, number] :
       {std::pair("SIGTERM", SIGTERM), std::pair("SIGINT", SIGINT)}) {
    ASSERT_THAT(Start(Sleeper()), IsOk());
    EXPECT_THAT(supervisor().Signal("t", name), IsOk());
    EXPECT_EQ(AwaitExit().value().signal, number);
    EXPECT_THAT(supervisor().Remove("t"), IsOk());
  }
}

TEST_F(NativeTaskTest, ProcessOneWithoutHandlersIsKilledByAStop) {
  TaskSpec spec = Sleeper();
  spec.isolation.no_init = true;
  ASSERT_THAT(Start(std::move(spec)), IsOk());

  const absl::StatusOr<ExitStatus> exit =
      supervisor().Stop("t", "", absl::Milliseconds(300));

  ASSERT_THAT(exit, IsOk());
  EXPECT_EQ(exit->signal, SIGKILL);
}

TEST_F(NativeTaskTest, TypeCgroupLastsAsLongAsItsLastProcess) {
  TaskSpec spec = Script(
      "(sh -c 'until test -e /end; do sleep 0.05; done' &); echo ready; "
      "exit 3");
  spec.exit_type = ExitType::kCgroup;
  ASSERT_THAT(Start(std::move(spec)), IsOk());
  const std::shared_ptr<Task> task = supervisor().Find("t").value();
  const pid_t main = task->Status().process.pid;
  ASSERT_TRUE(Eventually([&] { return kill(main, 0) != 0; }));

  EXPECT_FALSE(task->WaitForExit(absl::Milliseconds(300)).has_value());
  tree_.Write("root/end", "");

  EXPECT_EQ(AwaitExit().value().code, 3);
}

TEST_F(NativeTaskTest, TypeCgroupEndsWithAMainProcessThatIsAlone) {
  TaskSpec spec = Script("exit 4");
  spec.exit_type = ExitType::kCgroup;
  Run(std::move(spec));
  EXPECT_EQ(exit_.code, 4);
}

TEST_F(NativeTaskTest, ItOutlivesItsShim) {
  for (const ExitType type : {ExitType::kMain, ExitType::kCgroup}) {
    TaskSpec spec = Sleeper();
    spec.exit_type = type;
    ASSERT_THAT(Start(std::move(spec)), IsOk());
    const TaskStatus status = supervisor().Find("t").value()->Status();
    const std::string name = NamespaceOf(status.process.pid, "pid");
    ASSERT_EQ(kill(status.shim.pid, SIGKILL), 0);
    EXPECT_FALSE(supervisor()
                     .Find("t")
                     .value()
                     ->WaitForExit(absl::Milliseconds(300))
                     .has_value());
    EXPECT_EQ(ExecScript("echo $$ > /pid; cat /proc/2/comm"), "sleep\n");

    ASSERT_EQ(kill(status.process.pid, SIGTERM), 0);

    const ExitStatus exit = AwaitExit().value();
    EXPECT_THAT(exit.code, AnyOf(128 + SIGTERM, ExitStatus::kUnknown));
    EXPECT_TRUE(Eventually([&] { return ProcessesIn(name).empty(); }));
    EXPECT_THAT(supervisor().Remove("t"), IsOk());
  }
}

TEST_F(NativeTaskTest, ItOutlivesItsAgent) {
  TaskSpec spec = Sleeper();
  spec.isolation.hostname = "box";
  spec.isolation.network = "none";
  ASSERT_THAT(Start(std::move(spec)), IsOk());
  const pid_t main = MainPid();
  const std::string name = NamespaceOf(main, "pid");

  RestartAgent();

  EXPECT_EQ(MainPid(), main);
  EXPECT_EQ(ExecScript("hostname; cat /proc/2/comm; ls -d /bin /root"),
            "box\nsleep\nls: /root: No such file or directory\n/bin\n");
  EXPECT_TRUE(Eventually([&] {
    const auto snapshot = world_->store().Latest();
    return snapshot != nullptr && !snapshot->tasks.empty() &&
           snapshot->tasks[0]->target->id == "t";
  }));
  ResourceLimits limits;
  limits.pids = Bound::Of(50);
  EXPECT_THAT(supervisor().Update("t", limits), IsOk());
  EXPECT_THAT(Stop(), IsOk());
  EXPECT_TRUE(Eventually([&] { return ProcessesIn(name).empty(); }));
}

TEST_F(NativeTaskTest, ACommandIsInTheNamespacesOfTheTask) {
  TaskSpec spec = Sleeper();
  spec.isolation.network = "none";
  spec.isolation.hostname = "box";
  ASSERT_THAT(Start(std::move(spec)), IsOk());

  std::string expected;
  std::string script;
  for (const char* kind : {"pid", "ipc", "uts", "mnt", "net", "cgroup"}) {
    absl::StrAppend(&expected, NamespaceOf(MainPid(), kind), "\n");
    absl::StrAppend(&script, "readlink /proc/self/ns/", kind, "; ");
  }
  EXPECT_EQ(ExecScript(script), expected);
  EXPECT_EQ(
      ExecScript("grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status"),
      ExecScript("grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/2/status"));
}

TEST_F(NativeTaskTest, ACommandHasTheRootOfTheTaskUnderChrootToo) {
  TaskSpec spec = Sleeper();
  spec.isolation.root.no_pivot_root = true;
  ASSERT_THAT(Start(std::move(spec)), IsOk());

  EXPECT_EQ(ExecScript("ls /; stat -c %i / /proc/2/root/. | uniq | wc -l"),
            "bin\ndev\nproc\nsys\n1\n");
}

TEST_F(NativeTaskTest, EachAttemptHasNamespacesOfItsOwn) {
  TaskSpec spec = Script(
      "echo $(readlink /proc/self/ns/pid) $(readlink /proc/self/ns/mnt) $$; "
      "echo x >> /attempts; (sleep 1000 &); exit 1");
  spec.restart.when = RestartWhen::kOnFailure;
  spec.restart.max_restarts = 3;
  spec.restart.backoff = absl::Milliseconds(10);
  ASSERT_THAT(Start(std::move(spec)), IsOk());

  EXPECT_EQ(AwaitExit().value().code, 1);

  const std::vector<std::string> lines = Lines();
  EXPECT_THAT(lines, SizeIs(4));
  for (const std::string& line : lines) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    ASSERT_THAT(words, SizeIs(3));
    EXPECT_EQ(words[2], "2");
    EXPECT_THAT(ProcessesIn(words[0]), IsEmpty());
  }
  EXPECT_EQ(tree_.Read("root/attempts"), "x\nx\nx\nx\n");
}

TEST_F(NativeTaskTest, ALaunchThatIsGivenUpLeavesNothing) {
  bool has_started = false;
  for (int asked = 0; asked < 12 && !has_started; ++asked) {
    const NativeFootprint before = Footprint();
    int left = asked;
    TaskSpec spec = Sleeper();
    spec.isolation.network = "none";
    const absl::Status status =
        supervisor()
            .Launch(std::move(spec), {}, false, absl::ZeroDuration(),
                    [&left] { return left-- <= 0; })
            .status();
    has_started = status.ok();
    if (has_started) {
      EXPECT_THAT(Stop(), IsOk());
      EXPECT_THAT(supervisor().Remove("t"), IsOk());
      break;
    }
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kCancelled));
    EXPECT_TRUE(Eventually([&] { return Footprint() == before; }));
    EXPECT_EQ(Footprint(), before);
  }
}

TEST_F(NativeTaskTest, ALaunchThatHangsLeavesNothing) {
  tree_.MakeDir("root/hangs");
  const HangingFilesystem hanging(InRoot("/hangs"));
  if (!hanging.is_mounted()) GTEST_SKIP() << "no FUSE here";
  for (const bool no_init : {false, true}) {
    TaskSpec spec = Sleeper();
    spec.isolation.no_init = no_init;
    MountSpec mount;
    mount.kind = MountKind::kTmpfs;
    mount.target = "/hangs/tmp";
    spec.isolation.mounts = {mount};
    const NativeFootprint before = Footprint();
    const absl::Time give_up_at = absl::Now() + absl::Milliseconds(500);

    EXPECT_THAT(supervisor().Launch(spec, {}, false, absl::ZeroDuration(),
                                    [&] { return absl::Now() > give_up_at; }),
                StatusIs(absl::StatusCode::kCancelled));
    EXPECT_TRUE(Eventually([&] { return Footprint() == before; }));

    spec.start_timeout = absl::Milliseconds(500);
    EXPECT_THAT(Fail(std::move(spec)),
                StatusIs(absl::StatusCode::kDeadlineExceeded,
                         HasSubstr("did not start within 500ms")));
  }
}

TEST_F(NativeTaskTest, ItHasNoDescriptorButItsStreams) {
  TaskSpec spec = Script("exec ls /proc/self/fd");
  spec.isolation.network = "/proc/self/ns/net";
  // The last is that of the directory itself.
  EXPECT_EQ(Run(spec), "0\n1\n2\n3\n");
  spec.isolation.no_init = true;
  EXPECT_EQ(Run(spec), "0\n1\n2\n3\n");
  ASSERT_THAT(Start(Sleeper()), IsOk());
  EXPECT_EQ(ExecScript("exec ls /proc/self/fd"), "0\n1\n2\n3\n");
}

TEST_F(NativeTaskTest, ItEndsWithItsAgentIfAskedTo) {
  TaskSpec spec = Sleeper();
  spec.kill_on_agent_exit = true;
  ASSERT_THAT(Start(std::move(spec)), IsOk());
  const std::string name = NamespaceOf(MainPid(), "pid");

  RestartAgent();

  EXPECT_TRUE(Eventually([&] { return ProcessesIn(name).empty(); }));
  EXPECT_TRUE(AwaitExit().has_value());
}

TEST_F(NativeTaskTest, APausedTaskStandsStillAndGoesOn) {
  ASSERT_THAT(Start(Script("while :; do echo x; sleep 0.01; done")), IsOk());
  ASSERT_TRUE(Eventually([&] { return !Lines().empty(); }));
  ASSERT_THAT(supervisor().Pause("t"), IsOk());
  const size_t lines = Lines().size();
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_EQ(Lines().size(), lines);

  ASSERT_THAT(supervisor().Resume("t"), IsOk());

  EXPECT_TRUE(Eventually([&] { return Lines().size() > lines; }));
  ASSERT_THAT(supervisor().Pause("t"), IsOk());
  EXPECT_THAT(Stop(), IsOk());
}

TEST_F(NativeTaskTest, TheInitCountsAgainstTheLimitOfProcesses) {
  TaskSpec spec = Script("(exit 0); echo $?");
  spec.limits.pids = Bound::Of(2);
  EXPECT_THAT(Run(spec), HasSubstr("fork"));
  spec.limits.pids = Bound::Of(3);
  EXPECT_EQ(Run(spec), "0\n");
  spec.limits.pids = Bound::Of(1);
  spec.command.back() = "echo ran";
  const std::string said = Run(spec);
  EXPECT_THAT(said, AnyOf("ran\n", HasSubstr("create a process")));
}

TEST_F(NativeTaskTest, HostnameIsItsOwn) {
  const std::string host = [] {
    char name[256] = {};
    gethostname(name, sizeof(name) - 1);
    return std::string(name);
  }();
  TaskSpec spec = Script("hostname");
  EXPECT_EQ(Run(spec), host + "\n");

  spec.isolation.hostname = "box.example";
  EXPECT_EQ(Run(spec), "box.example\n");
}

TEST_F(NativeTaskTest, NetworkNoneHasLoopbackThatIsUp) {
  TaskSpec spec = Script(
      "for i in /sys/class/net/*; do echo ${i##*/}; done; "
      "ip addr show lo | grep -o -E 'LOOPBACK,UP|127.0.0.1/8'");
  spec.isolation.network = "none";

  EXPECT_EQ(Run(std::move(spec)), "lo\nLOOPBACK,UP\n127.0.0.1/8\n");
}

TEST_F(NativeTaskTest, NetworkPathIsJoined) {
  const NetworkHolder holder;
  TaskSpec spec = Sleeper();
  spec.isolation.network = absl::StrCat("/proc/", holder.pid(), "/ns/net");
  ASSERT_THAT(Start(std::move(spec)), IsOk());

  EXPECT_EQ(NamespaceOf(MainPid(), "net"), NamespaceOf(holder.pid(), "net"));
  EXPECT_EQ(ExecScript("readlink /proc/self/ns/net"),
            NamespaceOf(holder.pid(), "net") + "\n");
}

TEST_F(NativeTaskTest, ANetworkBoundToAFileIsJoined) {
  tree_.Write("net", "");
  std::string name;
  {
    const NetworkHolder holder;
    const std::string source = absl::StrCat("/proc/", holder.pid(), "/ns/net");
    name = NamespaceOf(holder.pid(), "net");
    ASSERT_EQ(mount(source.c_str(), tree_.Path("net").c_str(), nullptr, MS_BIND,
                    nullptr),
              0);
  }
  TaskSpec spec = Script("readlink /proc/self/ns/net");
  spec.isolation.network = tree_.Path("net");
  EXPECT_EQ(Run(spec), name + "\n");
  spec.isolation.no_init = true;
  EXPECT_EQ(Run(spec), name + "\n");
  umount2(tree_.Path("net").c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace reeve
