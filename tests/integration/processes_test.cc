// The processes of this machine, as the collector finds them.

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/system_clock.h"
#include "base/unique_fd.h"
#include "collectors/processes/processes_collector.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/recording_observer.h"
#include "tests/testing/as_nobody.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// With everything in it that a name may hold.
constexpr char kName[] = "r (\") x)\n\\";
constexpr absl::Duration kTick = absl::Milliseconds(10);

absl::Duration DurationOf(const timeval& time) {
  return absl::Seconds(time.tv_sec) + absl::Microseconds(time.tv_usec);
}

// A child of the test with a name of its own. It uses CPU time, says how much
// it has used, and sleeps until it is killed.
class Child {
 public:
  explicit Child(absl::Duration cpu_time) {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const UniqueFd write_end(ends[1]);
    read_end_.Reset(ends[0]);
    pid_ = fork();
    if (pid_ == 0) Run(cpu_time, write_end.get());
  }

  ~Child() { Kill(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }

  // Waits until it sleeps.
  rusage AwaitUsage() const {
    rusage usage = {};
    EXPECT_EQ(read(read_end_.get(), &usage, sizeof(usage)),
              static_cast<ssize_t>(sizeof(usage)));
    return usage;
  }

  // It is a zombie until Kill().
  void End() const {
    kill(pid_, SIGKILL);
    siginfo_t info;
    waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  }

  void Kill() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  [[noreturn]] static void Run(absl::Duration cpu_time, int write_end) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, kName);
    timespec used = {};
    do {
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    } while (absl::DurationFromTimespec(used) < cpu_time);
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    if (write(write_end, &usage, sizeof(usage)) < 0) _exit(1);
    while (true) pause();
  }

  pid_t pid_;
  UniqueFd read_end_;
};

class ProcessesTest : public ::testing::Test {
 protected:
  ProcessesTest() { options_.per_pid = true; }

  const ProcessesSnapshot& Collect() {
    if (collector_ == nullptr) {
      auto opened = ProcessesCollector::Open(
          options_, clock_, observer_,
          [](absl::string_view /*path*/) { return ""; });
      EXPECT_THAT(opened, IsOk());
      collector_ = *std::move(opened);
    }
    collector_->Collect();
    latest_ = collector_->Latest();
    return *latest_;
  }

  // Null if it is not there.
  static const ProcessRow* Find(const ProcessesSnapshot& snapshot, pid_t pid) {
    const auto found = absl::c_find_if(
        snapshot.processes,
        [pid](const ProcessRow& row) { return row.pid == pid; });
    return found == snapshot.processes.end() ? nullptr : &*found;
  }

  static const ProcessGroupRow* Find(const ProcessesSnapshot& snapshot,
                                     const std::string& name) {
    const auto found = absl::c_find_if(
        snapshot.groups,
        [&name](const ProcessGroupRow& row) { return row.name == name; });
    return found == snapshot.groups.end() ? nullptr : &*found;
  }

  const SystemClock clock_;
  RecordingObserver observer_;
  ProcessesOptions options_;
  std::unique_ptr<ProcessesCollector> collector_;
  std::shared_ptr<const ProcessesSnapshot> latest_;
};

TEST_F(ProcessesTest, CpuTimeIsThatOfTheKernelToTheTick) {
  Child child(absl::Seconds(1));
  const rusage usage = child.AwaitUsage();

  const ProcessRow* const row = Find(Collect(), child.pid());

  ASSERT_NE(row, nullptr);
  const auto user = absl::Nanoseconds(*row->usage.counters[kCpuUserNs]);
  const auto system = absl::Nanoseconds(*row->usage.counters[kCpuSystemNs]);
  EXPECT_LE(absl::AbsDuration(user - DurationOf(usage.ru_utime)), kTick);
  EXPECT_LE(absl::AbsDuration(system - DurationOf(usage.ru_stime)), kTick);
  EXPECT_GE(user + system, absl::Seconds(1) - 2 * kTick);
}

TEST_F(ProcessesTest, ChildIsSeenAsItIs) {
  const absl::Time before = absl::Now();
  Child child(absl::ZeroDuration());
  child.AwaitUsage();

  const ProcessRow* const row = Find(Collect(), child.pid());

  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->comm, kName);
  // A sanitizer has one of its own.
  EXPECT_GE(row->usage.gauges[kThreads].value_or(0), 1u);
  EXPECT_GT(row->usage.gauges[kResidentBytes].value_or(0), 0u);
  EXPECT_GT(row->usage.gauges[kVirtualBytes].value_or(0),
            row->usage.gauges[kResidentBytes].value_or(0));
  EXPECT_GT(row->usage.counters[kMinorFaults].value_or(0), 0u);
  // The kernel tells the time of its start in whole seconds.
  EXPECT_LE(absl::AbsDuration(row->started_at - before), absl::Seconds(5));
}

TEST_F(ProcessesTest, ProcessIsGoneInTheNextRoundAndItsGroupKeepsWhatItUsed) {
  Child other(absl::Milliseconds(50));
  auto child = std::make_unique<Child>(absl::Milliseconds(300));
  other.AwaitUsage();
  child->AwaitUsage();
  const pid_t pid = child->pid();
  Collect();
  ASSERT_NE(Find(*latest_, pid), nullptr);
  ASSERT_NE(Find(*latest_, kName), nullptr);
  const uint64_t used = *Find(*latest_, kName)->counters[kCpuUserNs] +
                        *Find(*latest_, kName)->counters[kCpuSystemNs];
  child = nullptr;

  Collect();

  EXPECT_EQ(Find(*latest_, pid), nullptr);
  EXPECT_NE(Find(*latest_, other.pid()), nullptr);
  const ProcessGroupRow* const group = Find(*latest_, kName);
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(group->processes, 1u);
  EXPECT_GE(*group->counters[kCpuUserNs] + *group->counters[kCpuSystemNs],
            used);
}

TEST_F(ProcessesTest, ZombieIsAProcessWithoutMemory) {
  Child child(absl::ZeroDuration());
  child.AwaitUsage();
  child.End();

  const ProcessRow* const row = Find(Collect(), child.pid());

  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->usage.state, kZombie);
  EXPECT_EQ(row->usage.gauges[kResidentBytes], 0u);
}

TEST_F(ProcessesTest, DearFilesTellOfAChild) {
  options_.io = options_.fds = options_.status = true;
  Child child(absl::ZeroDuration());
  child.AwaitUsage();

  const ProcessRow* const row = Find(Collect(), child.pid());

  ASSERT_NE(row, nullptr);
  EXPECT_GT(row->usage.gauges[kOpenFds].value_or(0), 0u);
  EXPECT_GE(row->usage.gauges[kMaxFds].value_or(0),
            row->usage.gauges[kOpenFds].value_or(0));
  EXPECT_NE(row->usage.gauges[kSwapBytes], std::nullopt);
  EXPECT_NE(row->usage.counters[kVoluntarySwitches], std::nullopt);
  if (access(absl::StrCat("/proc/", child.pid(), "/io").c_str(), R_OK) == 0) {
    EXPECT_NE(row->usage.counters[kReadBytes], std::nullopt);
  }
}

TEST_F(ProcessesTest, GroupMayBeByFileUserAndCgroup) {
  auto by = GroupTemplate::Parse("{{.ExePath}} {{.User}} {{.Pid}}");
  ASSERT_THAT(by, IsOk());
  options_.group_by = *std::move(by);
  Child child(absl::ZeroDuration());
  child.AwaitUsage();
  char path[4096];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof(path));
  ASSERT_GT(size, 0);
  const std::string user = geteuid() == 0 ? "root" : absl::StrCat(geteuid());

  Collect();

  const ProcessGroupRow* const group = Find(
      *latest_, absl::StrCat(absl::string_view(path, static_cast<size_t>(size)),
                             " ", user, " ", child.pid()));
  if (geteuid() != 0 && group == nullptr) GTEST_SKIP() << "the user has a name";
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(group->processes, 1u);
}

TEST_F(ProcessesTest, WhatOneMayNotReadIsAbsentAndTold) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  options_.io = true;
  Child child(absl::ZeroDuration());
  child.AwaitUsage();
  const AsNobody as_nobody;

  const ProcessRow* const row = Find(Collect(), child.pid());

  ASSERT_NE(row, nullptr);
  EXPECT_NE(row->usage.counters[kCpuUserNs], std::nullopt);
  EXPECT_EQ(row->usage.counters[kReadBytes], std::nullopt);
  EXPECT_THAT(observer_.errors(),
              Contains(HasSubstr(absl::StrCat(child.pid(), "/io: "))));
  EXPECT_EQ(Find(*latest_, kName)->counters[kReadBytes], std::nullopt);
}

TEST_F(ProcessesTest, ThreadsOfTheKernelAreLeftOut) {
  EXPECT_EQ(Find(Collect(), 2), nullptr);
  EXPECT_NE(Find(*latest_, 1), nullptr);
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

}  // namespace
}  // namespace reeve
