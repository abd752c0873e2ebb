// Every limit there is, on whatever host: set at launch, read back from the
// kernel's own files, measured where that is cheap, changed while the task runs
// and taken away again. Where the host cannot do a limit, asking for it is
// refused, by its name. The rows are those of limit_cases.h.

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/cpu_list.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "base/unique_fd.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/cpu_counters.h"
#include "tests/integration/limit_case.h"
#include "tests/integration/limit_cases.h"
#include "tests/integration/limit_host.h"
#include "tests/integration/supervisor_fixture.h"
#include "tests/testing/fake_tree.h"
#include "tests/testing/runfiles.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AnyOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Long, since a machine may be emulated.
constexpr absl::Duration kPatience = absl::Seconds(60);

// As a shell tells it.
constexpr int kKilled = 128 + SIGKILL;

// Runs one command after another, each read from a fifo, and says on another
// how each ended.
constexpr char kShell[] =
    "while read -r line; do eval \"$line\" >/dev/null 2>&1; echo $?; done "
    "<\"$0\" >\"$1\"";

// The other ends of those.
class Shell {
 public:
  explicit Shell(const FakeTree& tree)
      : commands_path_(tree.Path("commands")), codes_path_(tree.Path("codes")) {
    EXPECT_EQ(mkfifo(commands_path_.c_str(), 0600), 0);
    EXPECT_EQ(mkfifo(codes_path_.c_str(), 0600), 0);
    commands_.Reset(open(commands_path_.c_str(), O_RDWR | O_CLOEXEC));
    codes_.Reset(open(codes_path_.c_str(), O_RDWR | O_CLOEXEC));
  }

  std::vector<std::string> Command() const {
    return {"/bin/sh", "-c", kShell, commands_path_, codes_path_};
  }

  // The exit code of a command; -1 if it does not end.
  int Run(const std::string& command) const {
    const std::string line = command + "\n";
    EXPECT_EQ(write(commands_.get(), line.data(), line.size()),
              static_cast<ssize_t>(line.size()));
    std::string code;
    pollfd ready = {codes_.get(), POLLIN, 0};
    char next = 0;
    while (poll(&ready, 1, static_cast<int>(kPatience / kMillisecond)) == 1 &&
           read(codes_.get(), &next, 1) == 1 && next != '\n') {
      code.push_back(next);
    }
    int number = -1;
    EXPECT_TRUE(absl::SimpleAtoi(code, &number)) << command << ": " << code;
    return number;
  }

 private:
  static constexpr absl::Duration kMillisecond = absl::Milliseconds(1);

  const std::string commands_path_;
  const std::string codes_path_;
  UniqueFd commands_;
  UniqueFd codes_;
};

bool IsOfProcesses(const LimitCase& limit) {
  return limit.files.front().controller == "process";
}

class AllLimitsTest : public TaskSupervisorTest,
                      public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    TaskSupervisorTest::SetUp();
    if (IsSkipped()) return;
    host_.emplace(LimitHost::Find(world_->mounts()));
    cases_ = AllLimitCases(*host_);
    const auto found = absl::c_find_if(cases_, [](const LimitCase& limit) {
      return limit.name == GetParam();
    });
    if (found == cases_.end()) {
      GTEST_SKIP() << "the root of the v2 hierarchy, which is not the test's, "
                      "would have to pass hugetlb on";
    }
    limit_ = *found;
    shell_.emplace(tree_);
  }

  ResourceLimits Ask(double value) const {
    ResourceLimits limits;
    limit_.set(value, limits);
    EXPECT_EQ(limit_.wanted(limits), value);
    return limits;
  }

  // Whether the kernel shows any of the limit's files in a cgroup that was made
  // without the agent.
  bool HostHasIt() const {
    if (IsOfProcesses(limit_)) return true;
    if (IsOfDisk() && host_->disk == nullptr) return false;
    LibcgroupController controller(world_->mounts());
    const std::string probe = parent_ + "-probe";
    bool has_it = false;
    for (const LimitFile& file : limit_.files) {
      const CgroupHierarchy* const hierarchy =
          world_->mounts().Find(file.controller);
      if (hierarchy == nullptr) continue;
      EXPECT_THAT(controller.Create(probe, {file.controller}), IsOk());
      has_it |=
          access(absl::StrCat(hierarchy->mount_point, probe, "/", file.file)
                     .c_str(),
                 F_OK) == 0;
      EXPECT_THAT(controller.Remove(probe), IsOk());
    }
    return has_it;
  }

  bool IsOfDisk() const {
    return absl::StartsWith(limit_.name, "io-read") ||
           absl::StartsWith(limit_.name, "io-write");
  }

  void ExpectRefusal() {
    const auto task = Launch("t", {"/bin/true"}, Ask(limit_.first));
    EXPECT_THAT(task.status().code(), AnyOf(absl::StatusCode::kUnavailable,
                                            absl::StatusCode::kInvalidArgument,
                                            absl::StatusCode::kNotFound));
    EXPECT_THAT(task.status().ToString(), ContainsRegex(limit_.refusal));
    EXPECT_THAT(CgroupsOfTask(), IsEmpty());

    ASSERT_THAT(Launch("t", {"/bin/sleep", "1000"}), IsOk());
    EXPECT_THAT(
        world_->supervisor().Update("t", Ask(limit_.first)).status().ToString(),
        ContainsRegex(limit_.refusal));
    EXPECT_TRUE(
        world_->supervisor().Find("t").value()->LimitSettings().empty());
  }

  std::vector<std::string> CgroupsOfTask() const {
    std::vector<std::string> found;
    for (const CgroupHierarchy& hierarchy : world_->mounts().hierarchies()) {
      const std::string path =
          absl::StrCat(hierarchy.mount_point, parent_, "/t");
      if (access(path.c_str(), F_OK) == 0) found.push_back(path);
    }
    return found;
  }

  void ExpectInForce(double value) const {
    const KernelTexts kernel = ReadKernel(
        cases_, world_->mounts(), parent_ + "/t", task_->Status().process.pid);
    EXPECT_PRED2(limit_.same, limit_.in_force(kernel), value);
    const LimitReport report = {task_->Limits(), task_->LimitSettings()};
    const std::optional<double> reported = limit_.reported(report);
    ASSERT_TRUE(reported.has_value() || value == limit_.none);
    EXPECT_PRED2(limit_.same, reported.value_or(value), value);
  }

  void ExpectEffect(double value);
  void ExpectMemory(double bytes) const;
  void ExpectPids(double most) const;
  void ExpectCores(double cores);
  void ExpectCpus(double mask) const;
  void ExpectNodes(double mask) const;
  void ExpectTransfer(double rate);
  // As much as the first rate allows in that time.
  absl::Duration TimeToTransfer(double seconds);

  std::optional<LimitHost> host_;
  std::vector<LimitCase> cases_;
  LimitCase limit_;
  std::optional<Shell> shell_;
  std::shared_ptr<Task> task_;

 private:
  bool is_burning_ = false;
};

void AllLimitsTest::ExpectEffect(double value) {
  if (limit_.name == "memory") ExpectMemory(value);
  if (limit_.name == "pids") ExpectPids(value);
  if (limit_.name == "cpus") ExpectCores(value);
  if (limit_.name == "cpuset-cpus") ExpectCpus(value);
  if (limit_.name == "cpuset-mems") ExpectNodes(value);
  if (IsOfDisk()) ExpectTransfer(value);
}

// A program that wants 96 MiB is killed, or not.
void AllLimitsTest::ExpectMemory(double bytes) const {
  constexpr double kTaken = 96 << 20;
  const int code =
      shell_->Run(RunfilePath("tests/programs/allocate") + " --mib 96");
  EXPECT_EQ(code, bytes < kTaken ? kKilled : 0);
}

// A program gets that many children, beside itself and the shell.
void AllLimitsTest::ExpectPids(double most) const {
  constexpr int kWanted = 40;
  const int children = shell_->Run(absl::StrCat(
      RunfilePath("tests/programs/count_forks"), " --children ", kWanted));
  EXPECT_EQ(children, std::min<double>(kWanted, most - 2));
}

// A busy thread gets that much. (Two may get less: the kernel hands the quota
// to each processor in slices, and the rest of one is lost.)
void AllLimitsTest::ExpectCores(double cores) {
  if (!is_burning_) {
    const bool is_v1 =
        world_->mounts().Find("cpu")->version == CgroupVersion::kV1;
    // Enough of a busy machine to meet the limit.
    ASSERT_THAT(LibcgroupController(world_->mounts())
                    .Set(parent_,
                         {is_v1 ? CgroupSetting{"cpu", "cpu.shares", "262144"}
                                : CgroupSetting{"cpu", "cpu.weight", "10000"}}),
                IsOk());
    shell_->Run(RunfilePath("tests/programs/burn") + " --seconds 600 &");
    is_burning_ = true;
  }
  const CgroupDirs dirs = task_->cgroup_dirs();
  if (cores != kNoLimit) {
    std::optional<double> used = CoresOfThrottledPeriods(dirs);
    // An emulated machine stands still now and then: a task that ran in that
    // time, by the kernel's clock, is held back for it afterwards.
    for (int tries = 1; tries < 5 && std::getenv("REEVE_VM") != nullptr &&
                        used.has_value() && *used < 0.95 * cores;
         ++tries) {
      used = CoresOfThrottledPeriods(dirs);
    }
    ASSERT_TRUE(used.has_value());
    EXPECT_NEAR(*used, cores, 0.05 * cores);
    return;
  }
  CpuCounters counters(dirs);
  const CgroupSample before = counters.Read();
  absl::SleepFor(absl::Milliseconds(300));
  // One more may have begun before.
  EXPECT_LE(*counters.Read().cpu_periods, *before.cpu_periods + 1);
}

void AllLimitsTest::ExpectCpus(double mask) const {
  cpu_set_t set;
  CPU_ZERO(&set);
  ASSERT_EQ(sched_getaffinity(task_->Status().process.pid, sizeof(set), &set),
            0);
  double allowed = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) allowed += std::exp2(cpu);
  }
  EXPECT_EQ(allowed, mask);
}

void AllLimitsTest::ExpectNodes(double mask) const {
  const absl::StatusOr<std::string> status =
      ReadFile(absl::StrCat("/proc/", task_->Status().process.pid, "/status"));
  ASSERT_THAT(status, IsOk());
  CpuList nodes;
  for (const uint32_t node : host_->nodes) {
    if (std::fmod(std::floor(mask / std::exp2(node)), 2) == 1) {
      nodes.push_back(node);
    }
  }
  EXPECT_THAT(*status, HasSubstr(absl::StrCat("\nMems_allowed_list:\t",
                                              FormatCpuList(nodes), "\n")));
}

// What takes some seconds at the first rate, past the page cache.
void AllLimitsTest::ExpectTransfer(double rate) {
  // The kernel lets the first slice of time pass at once.
  constexpr double kSurely = 0.6;
  const double seconds = std::getenv("REEVE_VM") == nullptr ? 1 : 3;
  EXPECT_GE(TimeToTransfer(seconds),
            absl::Seconds(kSurely * seconds * limit_.first / rate));
  if (rate == limit_.first) return;
  // The first rate is no more in force, or none would be as fast as that,
  // however long others keep this one from running.
  const absl::Time give_up_at = absl::Now() + kPatience;
  while (TimeToTransfer(seconds) >= absl::Seconds(kSurely * seconds)) {
    ASSERT_LT(absl::Now(), give_up_at);
  }
}

absl::Duration AllLimitsTest::TimeToTransfer(double seconds) {
  const bool is_in_bytes = absl::EndsWith(limit_.name, "bps");
  const double bytes = is_in_bytes ? 65536 : 4096;
  const double blocks = seconds * limit_.first / (is_in_bytes ? bytes : 1);
  const std::string size = absl::StrCat(" bs=", bytes, " count=", blocks);
  const std::string& disk = host_->disk->path();
  const SystemClock clock;
  const absl::Duration began = clock.MonotonicNow();
  EXPECT_EQ(shell_->Run(absl::StartsWith(limit_.name, "io-read")
                            ? "dd iflag=direct of=/dev/null if=" + disk + size
                            : "dd oflag=direct if=/dev/zero of=" + disk + size),
            0);
  return clock.MonotonicNow() - began;
}

TEST_P(AllLimitsTest, IsSetChangedAndTakenAwayOrRefused) {
  if (!HostHasIt()) return ExpectRefusal();
  const auto task = Launch("t", shell_->Command(), Ask(limit_.first));
  ASSERT_THAT(task, IsOk());
  task_ = *task;
  ExpectInForce(limit_.first);
  ExpectEffect(limit_.first);

  for (const double value : {limit_.second, limit_.none}) {
    ASSERT_THAT(world_->supervisor().Update("t", Ask(value)), IsOk());
    ExpectInForce(value);
    ExpectEffect(value);
  }
}

std::vector<std::string> NamesOfAllLimits() {
  const std::vector<LimitCase> cases = AllLimitCases(LimitHost());
  std::vector<std::string> names;
  names.reserve(cases.size());
  for (const LimitCase& limit : cases) names.push_back(limit.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, AllLimitsTest,
                         ::testing::ValuesIn(NamesOfAllLimits()),
                         [](const ::testing::TestParamInfo<std::string>& row) {
                           return absl::StrReplaceAll(row.param, {{"-", "_"}});
                         });

}  // namespace
}  // namespace reeve
