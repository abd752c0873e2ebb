#ifndef REEVE_TESTS_INTEGRATION_NATIVE_FIXTURE_H_
#define REEVE_TESTS_INTEGRATION_NATIVE_FIXTURE_H_

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "agent/tasks/command_output.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "enforcement/cgroup/device_filter.h"
#include "enforcement/launch/native_support.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/supervisor_fixture.h"
#include "tests/testing/status_matchers.h"

namespace reeve {

// Long, since a machine may be emulated.
constexpr absl::Duration kNativePatience = absl::Seconds(120);

// What a launch must not leave behind.
struct NativeFootprint {
  size_t descriptors = 0;
  size_t mounts = 0;
  // Of any thread, zombies too.
  std::string children;
  // Of the tests' parent, and below.
  std::vector<std::string> cgroups;

  bool operator==(const NativeFootprint& other) const {
    return descriptors == other.descriptors && mounts == other.mounts &&
           children == other.children && cgroups == other.cgroups;
  }
};

inline void PrintTo(const NativeFootprint& footprint, std::ostream* out) {
  *out << footprint.descriptors << " descriptors, " << footprint.mounts
       << " mounts, children " << footprint.children << ", cgroups "
       << ::testing::PrintToString(footprint.cgroups);
}

// Tasks of the native executor in a root that has busybox and nothing else. The
// test is in a mount namespace of its own: what it mounts, the host does not
// see.
class NativeTest : public TaskSupervisorTest {
 protected:
  static void SetUpTestSuite() {
    if (geteuid() != 0) return;
    // Before there are threads, which share the one they are born in.
    ASSERT_EQ(unshare(CLONE_NEWNS), 0);
    ASSERT_EQ(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
  }

  void SetUp() override {
    if (geteuid() == 0) {
      const absl::Status support = CheckNativeSupport();
      if (!support.ok()) GTEST_SKIP() << support.message();
    }
    if (access("/bin/busybox", X_OK) != 0) GTEST_SKIP() << "needs busybox";
    TaskSupervisorTest::SetUp();
    if (IsSkipped()) return;
    // It is kept from the first task on.
    (void)LoadsDevicePrograms();
    MakeRoot();
  }

  TaskSupervisor& supervisor() { return world_->supervisor(); }

  // Everything is of root and for all to read, whatever the umask is.
  void MakeRoot() {
    tree_.MakeDir("root/bin");
    for (const char* folder : {"", "root", "root/bin"}) {
      ASSERT_EQ(chmod(tree_.Path(folder).c_str(), 0755), 0);
    }
    const std::string busybox = InRoot("/bin/busybox");
    ASSERT_TRUE(std::filesystem::copy_file("/bin/busybox", busybox));
    ASSERT_EQ(chmod(busybox.c_str(), 0755), 0);
    for (const char* name :
         {"sh",     "awk",      "cat",  "chmod", "dd",       "echo", "env",
          "grep",   "hostname", "id",   "ip",    "kill",     "ls",   "mkdir",
          "mknod",  "mount",    "ps",   "pwd",   "readlink", "rm",   "sed",
          "setsid", "sleep",    "sort", "stat",  "touch",    "true", "umount",
          "uname",  "unshare",  "wc"}) {
      tree_.MakeLink(absl::StrCat("root/bin/", name), "busybox");
    }
  }

  // The path on the host of one in the root.
  std::string InRoot(const std::string& path) const {
    return tree_.Path(absl::StrCat("root", path));
  }

  // A task "t" in the root that runs a script of the shell.
  TaskSpec Script(const std::string& script) const {
    TaskSpec spec;
    spec.id = "t";
    spec.command = {"/bin/sh", "-c", script};
    spec.env = {"PATH=/bin"};
    spec.stdout_path = tree_.Path("out");
    spec.stderr_path = tree_.Path("err");
    spec.isolation.root.directory = tree_.Path("root");
    return spec;
  }

  // From its first instant a program that handles no signal, as a shell does.
  TaskSpec Sleeper() const {
    TaskSpec spec = Script("");
    spec.command = {"/bin/sleep", "1000"};
    return spec;
  }

  absl::StatusOr<std::shared_ptr<Task>> Start(TaskSpec spec) {
    return supervisor().Launch(std::move(spec), {}, false);
  }

  // Runs a task to its end and forgets it. Its output, or why there is none.
  std::string Run(TaskSpec spec) {
    for (const char* file : {"out", "err"}) {
      if (tree_.Exists(file)) tree_.Remove(file);
    }
    exit_ = ExitStatus();
    const std::string id = spec.id;
    const auto task = Start(std::move(spec));
    if (!task.ok()) return std::string(task.status().message());
    const std::optional<ExitStatus> exit =
        (*task)->WaitForExit(kNativePatience);
    if (!exit.has_value()) return "still runs";
    exit_ = *exit;
    EXPECT_THAT(supervisor().Remove(id), IsOk());
    return tree_.Read("out") + tree_.Read("err");
  }

  // Of a launch that must fail, and must leave nothing.
  absl::Status Fail(TaskSpec spec) {
    for (const char* file : {"out", "err"}) {
      if (tree_.Exists(file)) tree_.Remove(file);
    }
    const NativeFootprint before = SettledFootprint();
    absl::Status status = Start(std::move(spec)).status();
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(std::string(status.message()),
                ::testing::Not(::testing::HasSubstr("\n")));
    EXPECT_THAT(supervisor().List(), ::testing::IsEmpty());
    EXPECT_THAT(world_->state().TaskIds().value(), ::testing::IsEmpty());
    // A cgroup may take a moment.
    if (!Soon([&] { return Footprint() == before; })) {
      EXPECT_EQ(Footprint(), before) << status;
    }
    return status;
  }

  absl::StatusOr<CommandResult> Exec(const ExecSpec& spec) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) return absl::InternalError("pipe");
    UniqueFd output(fds[0]);
    fcntl(output.get(), F_SETFL, O_NONBLOCK);
    HandedStreams streams;
    streams.stdout_fd.Reset(fds[1]);
    streams.stderr_fd.Reset(fcntl(fds[1], F_DUPFD_CLOEXEC, 0));
    const auto command = supervisor().Exec("t", spec, std::move(streams));
    if (!command.ok()) return command.status();
    return AwaitResult(**command, std::move(output),
                       SystemClock().MonotonicNow() + kNativePatience, -1);
  }

  std::string ExecScript(const std::string& script) {
    ExecSpec spec;
    spec.command = {"/bin/sh", "-c", script};
    const absl::StatusOr<CommandResult> result = Exec(spec);
    return result.ok() ? result->output
                       : std::string(result.status().message());
  }

  pid_t MainPid() {
    return supervisor().Find("t").value()->Status().process.pid;
  }

  absl::StatusOr<ExitStatus> Stop() {
    return supervisor().Stop("t", "", absl::ZeroDuration());
  }

  // Which namespace of a kind a process is in: "pid:[4026531836]".
  static std::string NamespaceOf(pid_t pid, const std::string& kind) {
    std::error_code error;
    return std::filesystem::read_symlink(
               absl::StrCat("/proc/", pid, "/ns/", kind), error)
        .string();
  }

  // Processes that are in a namespace, but for zombies.
  static std::vector<pid_t> ProcessesIn(const std::string& name) {
    const std::string kind = name.substr(0, name.find(':'));
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      pid_t pid = 0;
      if (!absl::SimpleAtoi(entry.path().filename().string(), &pid)) continue;
      if (NamespaceOf(pid, kind) == name) found.push_back(pid);
    }
    return found;
  }

  bool HasV1Cgroups() const { return world_->mounts().LayoutName() != "v2"; }

  NativeFootprint Footprint() {
    NativeFootprint footprint;
    footprint.descriptors = CountOpenFiles();
    const std::vector<std::string> lines =
        absl::StrSplit(ReadFile("/proc/self/mountinfo").value(), '\n');
    footprint.mounts = lines.size();
    for (const auto& thread :
         std::filesystem::directory_iterator("/proc/self/task")) {
      const auto list = ReadFile(thread.path() / "children");
      if (list.ok()) absl::StrAppend(&footprint.children, *list);
    }
    footprint.cgroups = TaskCgroupsLeft();
    return footprint;
  }

  ExitStatus exit_;

 private:
  // Once all is gone that earlier tasks had, which takes the agent a moment.
  NativeFootprint SettledFootprint() {
    NativeFootprint last = Footprint();
    EXPECT_TRUE(Soon([&] {
      absl::SleepFor(absl::Milliseconds(10));
      const NativeFootprint now = Footprint();
      const bool is_settled = now == last && now.cgroups.empty();
      last = now;
      return is_settled;
    }));
    return last;
  }

  std::vector<std::string> TaskCgroupsLeft() const {
    std::vector<std::string> left;
    for (const CgroupHierarchy& hierarchy : world_->mounts().hierarchies()) {
      const std::string path =
          absl::StrCat(hierarchy.mount_point, parent_, "/t");
      if (access(path.c_str(), F_OK) == 0) left.push_back(path);
    }
    return left;
  }
};

}  // namespace reeve

#endif  // REEVE_TESTS_INTEGRATION_NATIVE_FIXTURE_H_
