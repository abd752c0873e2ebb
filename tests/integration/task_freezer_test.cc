// A task's cgroup that is frozen on the real kernel, whatever version it has.

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/cgroup_child.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kAWhile = absl::Milliseconds(300);

// A number that a child of the test counts up.
class SharedCount {
 public:
  SharedCount() {
    void* const page = mmap(nullptr, sizeof(*count_), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(page, MAP_FAILED);
    count_ = new (page) std::atomic<uint64_t>(0);
  }
  ~SharedCount() { munmap(count_, sizeof(*count_)); }
  SharedCount(const SharedCount&) = delete;
  SharedCount& operator=(const SharedCount&) = delete;

  [[noreturn]] void CountForEver() {
    while (true) ++*count_;
  }

  // Whether it has been counted up within `timeout`.
  bool Moves(absl::Duration timeout) const {
    const uint64_t before = *count_;
    const absl::Time deadline = absl::Now() + timeout;
    while (*count_ == before) {
      if (absl::Now() > deadline) return false;
      absl::SleepFor(absl::Milliseconds(1));
    }
    return true;
  }

 private:
  std::atomic<uint64_t>* count_;
};

// Forks in every process and counts; none outlives a test that fails to stop
// it.
int CountingForkBomb(SharedCount* count) {
  for (int i = 0; i < 100'000; ++i) {
    if (fork() == 0) alarm(60);
  }
  count->CountForEver();
}

// Waits, in a sleep that only SIGKILL ends, for a page that nobody provides.
int SleepUninterruptibly() {
  alarm(60);
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const UniqueFd faults(static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC)));
  uffdio_api api = {};
  api.api = UFFD_API;
  void* const memory = mmap(nullptr, page, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  uffdio_register range = {};
  range.range = {reinterpret_cast<uintptr_t>(memory), page};
  range.mode = UFFDIO_REGISTER_MODE_MISSING;
  if (ioctl(faults.get(), UFFDIO_API, &api) != 0 ||
      ioctl(faults.get(), UFFDIO_REGISTER, &range) != 0) {
    return 98;
  }
  // As a system call, since sanitizers make nothing of the function.
  return static_cast<int>(syscall(SYS_mlock, memory, page));
}

bool SleepsUninterruptibly(const CgroupChild& child) {
  const absl::StatusOr<std::string> stat =
      ReadFile(absl::StrCat("/proc/", child.pid(), "/stat"));
  return stat.ok() && absl::StrContains(*stat, ") D ");
}

class TaskFreezerTest : public TaskCgroupTest {
 protected:
  static std::unique_ptr<CgroupChild> StartUninterruptible(
      const TaskCgroup& cgroup) {
    auto child = Start(cgroup, SleepUninterruptibly);
    const absl::Time deadline = absl::Now() + kPatience;
    while (!SleepsUninterruptibly(*child) && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(1));
    }
    EXPECT_TRUE(SleepsUninterruptibly(*child));
    return child;
  }

  SharedCount count_;
};

TEST_F(TaskFreezerTest, AFrozenTaskStandsStillAndThenGoesOn) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, [this] {
    count_.CountForEver();
    return 0;
  });
  ASSERT_TRUE(count_.Moves(kPatience));
  EXPECT_THAT(cgroup->IsFrozen(), IsOkAndHolds(false));

  ASSERT_THAT(cgroup->Freeze(kPatience), IsOk());

  EXPECT_FALSE(count_.Moves(kAWhile));
  EXPECT_THAT(cgroup->IsFrozen(), IsOkAndHolds(true));

  ASSERT_THAT(cgroup->Thaw(), IsOk());

  EXPECT_TRUE(count_.Moves(kPatience));
  EXPECT_THAT(cgroup->IsFrozen(), IsOkAndHolds(false));
}

TEST_F(TaskFreezerTest, AForkBombFreezesWhole) {
  ResourceLimits limits;
  limits.pids = Bound::Of(24);
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);
  const auto child =
      Start(*cgroup, [this] { return CountingForkBomb(&count_); });
  for (int round = 0; round < 5; ++round) {
    absl::SleepFor(absl::Milliseconds(20));
    ASSERT_THAT(cgroup->Freeze(kPatience), IsOk());
    EXPECT_FALSE(count_.Moves(absl::Milliseconds(50)));
    ASSERT_THAT(cgroup->Thaw(), IsOk());
  }
  ASSERT_THAT(cgroup->Freeze(kPatience), IsOk());
  const std::string processes = Read(*cgroup, "pids", "pids.current");

  EXPECT_FALSE(count_.Moves(kAWhile));
  EXPECT_EQ(Read(*cgroup, "pids", "pids.current"), processes);
  EXPECT_THAT(cgroup->Kill(kPatience), IsOk());
  EXPECT_TRUE(child->Wait(kPatience).has_value());
}

TEST_F(TaskFreezerTest, WhatSleepsUninterruptiblyCannotBeFrozenAndAllGoOn) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto other = Start(*cgroup, [this] {
    count_.CountForEver();
    return 0;
  });
  const auto child = StartUninterruptible(*cgroup);

  EXPECT_THAT(cgroup->Freeze(absl::Milliseconds(200)),
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       HasSubstr("uninterruptible sleep")));

  EXPECT_TRUE(count_.Moves(kPatience));
  EXPECT_THAT(cgroup->IsFrozen(), IsOkAndHolds(false));
  EXPECT_THAT(cgroup->Kill(kPatience), IsOk());
}

TEST_F(TaskFreezerTest, AThawEndsAFreezeThatIsGoingOn) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = StartUninterruptible(*cgroup);
  std::thread other([&cgroup] {
    while (!cgroup->IsFrozen().value_or(true)) {
      absl::SleepFor(absl::Milliseconds(1));
    }
    EXPECT_THAT(cgroup->Thaw(), IsOk());
  });

  EXPECT_THAT(cgroup->Freeze(kPatience), StatusIs(absl::StatusCode::kAborted));

  other.join();
  EXPECT_THAT(cgroup->IsFrozen(), IsOkAndHolds(false));
}

TEST_F(TaskFreezerTest, KillEndsAllThatIsFrozen) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, Sleep);
  const auto other = Start(*cgroup, Sleep);
  ASSERT_THAT(cgroup->Freeze(kPatience), IsOk());

  EXPECT_THAT(cgroup->Kill(kPatience), IsOk());

  EXPECT_TRUE(child->Wait(kPatience).has_value());
  EXPECT_TRUE(other->Wait(kPatience).has_value());
}

TEST_F(TaskFreezerTest, ASigkillIsHeldBackWhereItIsSaidToBe) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, Sleep);
  ASSERT_THAT(cgroup->Freeze(kPatience), IsOk());

  ASSERT_EQ(kill(child->pid(), SIGKILL), 0);

  if (cgroup->FreezingHoldsBackKills()) {
    EXPECT_FALSE(child->Wait(kAWhile).has_value());
    ASSERT_THAT(cgroup->Thaw(), IsOk());
  }
  EXPECT_TRUE(child->Wait(kPatience).has_value());
}

TEST_F(TaskFreezerTest, LimitsOfAFrozenTaskCanBeChanged) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, Sleep);
  ASSERT_THAT(cgroup->Freeze(kPatience), IsOk());
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(64 * kMiB);
  limits.cpu_quota = CpuQuota{0.5};
  limits.pids = Bound::Of(24);

  EXPECT_THAT(cgroup->Update(limits), IsOk());

  EXPECT_THAT(cgroup->IsFrozen(), IsOkAndHolds(true));
  EXPECT_THAT(cgroup->Kill(kPatience), IsOk());
}

TEST_F(TaskFreezerTest, AReopenedCgroupKnowsThatItIsFrozen) {
  const auto made = Create("web");
  ASSERT_NE(made, nullptr);
  const auto child = Start(*made, Sleep);
  ASSERT_THAT(made->Freeze(kPatience), IsOk());

  const auto opened = TaskCgroup::Open(*controller_, *mounts_, parent_, "web");

  ASSERT_THAT(opened, IsOk());
  EXPECT_THAT((*opened)->IsFrozen(), IsOkAndHolds(true));
  EXPECT_THAT((*opened)->Kill(kPatience), IsOk());
}

TEST_F(TaskFreezerTest, ARemovedCgroupCannotBeFrozenAndNeedsNoThaw) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  EXPECT_THAT(cgroup->Freeze(kPatience), IsOk());
  ASSERT_THAT(cgroup->Remove(kPatience), IsOk());

  EXPECT_THAT(cgroup->Freeze(kPatience), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(cgroup->Thaw(), IsOk());
  EXPECT_THAT(cgroup->IsFrozen(), IsOkAndHolds(false));
}

}  // namespace
}  // namespace reeve
