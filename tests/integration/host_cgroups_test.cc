// Cgroups that others made, on the real kernel: they are seen, told by what the
// kernel's files say, and forgotten.

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/system_clock.h"
#include "collectors/cgroup/cgroup_mounts.h"
#include "collectors/cgroups/cgroups_collector.h"
#include "enforcement/cgroup/libcgroup_controller.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/collectors/recording_observer.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::Optional;

// Long, since a machine may be emulated.
constexpr absl::Duration kPatience = absl::Seconds(60);
const char* const kControllers[] = {"cpu", "memory", "pids"};

// A process that burns CPU time in a cgroup of every hierarchy until it is
// killed, at the end of its scope.
class BurningProcess {
 public:
  explicit BurningProcess(const CgroupDirs& dirs) {
    pid_ = fork();
    if (pid_ != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (const auto* dir :
         {&dirs.cpu, &dirs.cpuacct, &dirs.memory, &dirs.pids, &dirs.unified}) {
      if (!dir->has_value()) continue;
      const char* const file =
          (*dir)->version == CgroupVersion::kV1 ? "/tasks" : "/cgroup.procs";
      // It need not be in all of them.
      (void)WriteFileAt(AT_FDCWD, (*dir)->path + file, "0");
    }
    while (true) {
    }
  }
  ~BurningProcess() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  BurningProcess(const BurningProcess&) = delete;
  BurningProcess& operator=(const BurningProcess&) = delete;

 private:
  pid_t pid_ = -1;
};

class HostCgroupsTest : public ::testing::Test {
 protected:
  using ByPath = std::map<std::string, std::shared_ptr<const TaskSnapshot>>;

  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "cgroups are made by root";
    absl::StatusOr<CgroupMounts> mounts = CgroupMounts::Discover();
    ASSERT_THAT(mounts, IsOk());
    mounts_ = std::make_unique<CgroupMounts>(*std::move(mounts));
    for (const char* controller : kControllers) {
      if (mounts_->Find(controller) == nullptr) {
        GTEST_SKIP() << "this host has no cgroup controller " << controller;
      }
    }
    controller_ = std::make_unique<LibcgroupController>(*mounts_);
    CgroupsCollectorOptions options;
    ASSERT_THAT(options.filter.SetInclude(parent_ + "(/.*)?"), IsOk());
    collector_ = std::make_unique<CgroupsCollector>(
        *mounts_, std::move(options), clock_, observer_);
  }

  void TearDown() override {
    if (controller_ != nullptr) {
      EXPECT_THAT(controller_->Remove(parent_), IsOk());
    }
  }

  void Create(const std::string& name) {
    ASSERT_THAT(controller_->Create(parent_ + name, {std::begin(kControllers),
                                                     std::end(kControllers)}),
                IsOk());
  }

  void Remove(const std::string& name) {
    ASSERT_THAT(controller_->Remove(parent_ + name), IsOk());
  }

  // The cgroups of the test after one more round, by name.
  ByPath Round() {
    collector_->Collect();
    ByPath cgroups;
    for (const auto& one : collector_->Latest()->cgroups) {
      cgroups[one->target->id.substr(parent_.size())] = one;
    }
    return cgroups;
  }

  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const auto& [name, cgroup] : Round()) names.push_back(name);
    return names;
  }

  // What a file of a cgroup holds: one number, or that behind `key`.
  static std::optional<uint64_t> NumberIn(const std::optional<CgroupDir>& dir,
                                          const std::string& file,
                                          const std::string& key = "") {
    if (!dir.has_value()) return std::nullopt;
    const absl::StatusOr<std::string> text = ReadFile(dir->path + "/" + file);
    if (!text.ok()) return std::nullopt;
    for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
      const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
      uint64_t number = 0;
      if ((key.empty() || words.front() == key) &&
          absl::SimpleAtoi(words.back(), &number)) {
        return number;
      }
    }
    return std::nullopt;
  }

  SystemClock clock_;
  RecordingObserver observer_;
  const std::string parent_ = absl::StrCat("/reeve-host-", getpid());
  std::unique_ptr<CgroupMounts> mounts_;
  std::unique_ptr<LibcgroupController> controller_;
  std::unique_ptr<CgroupsCollector> collector_;
};

TEST_F(HostCgroupsTest, AreThereFromTheNextRoundOnAndGoneAfterIt) {
  Create("/a");
  EXPECT_THAT(Names(), ElementsAre("", "/a"));
  Create("/a/b");
  Create("/c");
  EXPECT_THAT(Names(), ElementsAre("", "/a", "/a/b", "/c"));
  Remove("/a");
  EXPECT_THAT(Names(), ElementsAre("", "/c"));
  Remove("/c");
  EXPECT_THAT(Names(), ElementsAre(""));
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(HostCgroupsTest, ValuesAreThoseOfTheKernelsFiles) {
  Create("/busy.service");
  const CgroupDirs dirs = LocateCgroup(*mounts_, parent_ + "/busy.service");
  const bool is_v1 = dirs.memory->version == CgroupVersion::kV1;
  const std::string limit = is_v1 ? "/memory.limit_in_bytes" : "/memory.max";
  ASSERT_THAT(WriteFileAt(AT_FDCWD, dirs.memory->path + limit, "67108864"),
              IsOk());
  ASSERT_THAT(WriteFileAt(AT_FDCWD, dirs.pids->path + "/pids.max", "64"),
              IsOk());
  const BurningProcess process(dirs);
  const auto cpu_usec = [&dirs] {
    const auto v2 = NumberIn(dirs.unified, "cpu.stat", "usage_usec");
    if (v2.has_value()) return v2;
    const auto v1 = NumberIn(dirs.cpuacct, "cpuacct.usage");
    return v1.has_value() ? std::optional<uint64_t>(*v1 / 1000) : v1;
  };
  Round();

  const uint64_t before = cpu_usec().value_or(0);
  std::shared_ptr<const TaskSnapshot> cgroup;
  const absl::Duration deadline = clock_.MonotonicNow() + kPatience;
  do {
    absl::SleepFor(absl::Milliseconds(50));
    cgroup = Round()["/busy.service"];
    ASSERT_NE(cgroup, nullptr);
  } while (cgroup->cpu_percent.value_or(0) <= 0 &&
           clock_.MonotonicNow() < deadline);
  const uint64_t after = cpu_usec().value_or(0);

  if (after > 0) {
    EXPECT_THAT(cgroup->cgroup.cpu_usage_ns,
                Optional(AllOf(Ge(before * 1000), Le((after + 1) * 1000))));
    EXPECT_GT(cgroup->cpu_percent.value_or(0), 0);
  }
  EXPECT_THAT(cgroup->cgroup.threads, Optional(1u));
  EXPECT_EQ(cgroup->cgroup.threads, NumberIn(dirs.pids, "pids.current"));
  EXPECT_GT(cgroup->cgroup.memory_usage_bytes.value_or(0), 0u);
  EXPECT_THAT(cgroup->target->limits.memory_bytes, Optional(67108864u));
  EXPECT_THAT(cgroup->target->limits.threads, Optional(64u));
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(HostCgroupsTest, OneThatIsMadeAnewCountsFromTheBeginning) {
  Create("/a");
  {
    const BurningProcess process(LocateCgroup(*mounts_, parent_ + "/a"));
    const absl::Duration deadline = clock_.MonotonicNow() + kPatience;
    while (Round()["/a"]->cgroup.cpu_usage_ns.value_or(0) < 50'000'000 &&
           clock_.MonotonicNow() < deadline) {
      absl::SleepFor(absl::Milliseconds(20));
    }
  }
  const auto old = Round()["/a"];
  Remove("/a");
  Create("/a");

  const auto made_anew = Round()["/a"];

  ASSERT_NE(made_anew, nullptr);
  EXPECT_NE(made_anew->cgroup.inode, old->cgroup.inode);
  EXPECT_LT(made_anew->cgroup.cpu_usage_ns.value_or(0), 50'000'000u);
  EXPECT_EQ(made_anew->cpu_percent, std::nullopt);
  EXPECT_GT(made_anew->target->started_at, old->target->started_at);
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(HostCgroupsTest, OfThoseThatComeAndGoNothingIsLeft) {
  // The test machine may be emulated.
  const int batches = std::getenv("REEVE_VM") == nullptr ? 20 : 4;
  constexpr int kAtOnce = 100;
  Create("/stays");
  Round();
  for (int batch = 0; batch < batches; ++batch) {
    for (int i = 0; i < kAtOnce; ++i) {
      Create(absl::StrCat("/churn/", batch, "-", i));
    }
    EXPECT_EQ(Round().size(), 3u + kAtOnce);
    Remove("/churn");
    EXPECT_THAT(Names(), ElementsAre("", "/stays"));
  }
  EXPECT_EQ(collector_->Latest()->measured, 2u);
  EXPECT_EQ(collector_->Latest()->dropped, 0u);
  EXPECT_THAT(observer_.errors(), IsEmpty());
}

TEST_F(HostCgroupsTest, HowManyThereAreIsWhatTheKernelSays) {
  Create("/a");
  Round();

  for (const CgroupPopulation& one : collector_->Latest()->populations) {
    if (one.hierarchy == "unified") {
      EXPECT_GE(one.live.value_or(0), 2u);
      EXPECT_TRUE(one.dying.has_value());
    } else if (one.hierarchy == "memory") {
      // And the root.
      EXPECT_GE(one.all.value_or(0), 3u);
    }
  }
}

}  // namespace
}  // namespace reeve
