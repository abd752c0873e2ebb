#include "tests/integration/launch_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/file.h"
#include "enforcement/launch/stdio.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

constexpr int kExitTimeoutMs = 60'000;

std::vector<std::string> NamesIn(const std::string& path) {
  std::vector<std::string> names;
  DIR* const dir = opendir(path.c_str());
  if (dir == nullptr) return names;
  while (const dirent* entry = readdir(dir)) {
    if (entry->d_name[0] != '.') names.push_back(entry->d_name);
  }
  closedir(dir);
  std::sort(names.begin(), names.end());
  return names;
}

// Children of every thread of this process.
std::vector<pid_t> ChildrenOfThisProcess() {
  std::vector<pid_t> children;
  for (const std::string& thread : NamesIn("/proc/self/task")) {
    const absl::StatusOr<std::string> list =
        ReadFile(absl::StrCat("/proc/self/task/", thread, "/children"));
    if (!list.ok()) continue;
    for (const absl::string_view text :
         absl::StrSplit(*list, ' ', absl::SkipEmpty())) {
      pid_t child = 0;
      if (absl::SimpleAtoi(text, &child)) children.push_back(child);
    }
  }
  return children;
}

}  // namespace

Footprint Footprint::Now() {
  Footprint footprint;
  footprint.descriptors = static_cast<int>(NamesIn("/proc/self/fd").size());
  footprint.children = ChildrenOfThisProcess();
  return footprint;
}

void PrintTo(const Footprint& footprint, std::ostream* out) {
  *out << footprint.descriptors << " descriptors, children ["
       << absl::StrJoin(footprint.children, " ") << "]";
}

void LaunchTest::SetUp() {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to change users";
}

void LaunchTest::TearDown() {
  for (const std::string& directory : shared_directories_) {
    for (const std::string& name : NamesIn(directory)) {
      unlink(absl::StrCat(directory, "/", name).c_str());
    }
    rmdir(directory.c_str());
  }
}

LaunchRequest LaunchTest::Request(const std::string& program,
                                  const std::vector<std::string>& args,
                                  const std::string& name) {
  tree_.MakeDir(name);
  LaunchRequest request;
  request.program = program;
  request.args = args;
  request.cwd = "/";
  request.state_dir = tree_.OpenDir(name);
  absl::StatusOr<UniqueFd> output =
      OpenTaskOutput(tree_.Path(absl::StrCat(name, ".out")));
  EXPECT_THAT(output, IsOk());
  if (output.ok()) request.stdout_fd = *std::move(output);
  return request;
}

std::string LaunchTest::Program(const std::string& name) {
  return RunfilePath(absl::StrCat("tests/programs/", name));
}

std::string LaunchTest::SharedProgram(const std::string& name) {
  // Directories above the test's own may be closed to other users.
  char directory[] = "/tmp/reeve-launch-XXXXXX";
  EXPECT_NE(mkdtemp(directory), nullptr);
  shared_directories_.push_back(directory);
  EXPECT_EQ(chmod(directory, 0755), 0);
  const absl::StatusOr<std::string> bytes = ReadFile(Program(name));
  EXPECT_THAT(bytes, IsOk());
  const absl::StatusOr<UniqueFd> handle = OpenDirAt(AT_FDCWD, directory);
  EXPECT_THAT(handle, IsOk());
  EXPECT_THAT(ReplaceFileAt(handle->get(), name, *bytes, 0755), IsOk());
  return absl::StrCat(directory, "/", name);
}

absl::StatusOr<ExitStatus> LaunchTest::AwaitExit(const LaunchedTask& task,
                                                 const std::string& name) {
  pollfd fifo = {task.exit_fifo.get(), 0, 0};
  if (poll(&fifo, 1, kExitTimeoutMs) != 1) {
    return absl::DeadlineExceededError("the exit fifo does not hang up");
  }
  const absl::Status reaped = Launcher::ReapShim(task.shim);
  if (!reaped.ok()) return reaped;
  const absl::StatusOr<std::string> text =
      ReadFile(tree_.Path(absl::StrCat(name, "/exitStatus")));
  if (!text.ok()) return text.status();
  return ParseExitStatusFile(*text);
}

absl::StatusOr<ExitStatus> LaunchTest::Run(LaunchRequest request,
                                           const std::string& name) {
  const absl::StatusOr<LaunchedTask> task =
      launcher_.Launch(std::move(request));
  if (!task.ok()) return task.status();
  return AwaitExit(*task, name);
}

std::map<std::string, std::string> LaunchTest::Show(LaunchRequest request) {
  const absl::StatusOr<ExitStatus> exit = Run(std::move(request));
  EXPECT_THAT(exit, IsOk());
  std::map<std::string, std::string> values;
  const std::string output = tree_.Read("task.out");
  for (const absl::string_view line : absl::StrSplit(output, '\n')) {
    const std::pair<absl::string_view, absl::string_view> pair =
        absl::StrSplit(line, absl::MaxSplits('=', 1));
    values.emplace(pair.first, pair.second);
  }
  return values;
}

std::vector<std::string> LaunchTest::StateFiles(const std::string& name) {
  return NamesIn(tree_.Path(name));
}

Launcher::Options LaunchTest::LauncherOptions() {
  Launcher::Options options;
  options.shim_path = RunfilePath("enforcement/shim/reeve-shim");
  options.start_timeout = absl::Seconds(60);
  return options;
}

bool IsRunning(pid_t pid) {
  const absl::StatusOr<std::string> stat =
      ReadFile(absl::StrCat("/proc/", pid, "/stat"));
  return stat.ok() && !absl::StrContains(*stat, ") Z ");
}

void Pause() { absl::SleepFor(absl::Milliseconds(10)); }

}  // namespace reeve
