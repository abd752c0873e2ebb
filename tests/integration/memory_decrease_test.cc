// A memory limit that is lowered below what a task uses, on the real kernel,
// whatever version it has.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "absl/base/attributes.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/unique_fd.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/task_cgroup_fixture.h"
#include "tests/testing/cgroup_child.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Lt;
using ::testing::Optional;

char* MapMemory(size_t bytes) {
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<char*>(memory);
}

// A sanitizer would take memory for itself at each write.
ABSL_ATTRIBUTE_NO_SANITIZE_ADDRESS ABSL_ATTRIBUTE_NO_SANITIZE_THREAD void Touch(
    char* memory, size_t bytes) {
  for (size_t i = 0; i < bytes; i += 4096) memory[i] = 1;
}

// Takes memory that nothing but killing gets back where there is no swap.
int HoldMemory(size_t mib) {
  char* const memory = MapMemory(mib * kMiB);
  if (memory == nullptr) return 98;
  Touch(memory, mib * kMiB);
  return Sleep();
}

// Takes memory and lets the kernel have it back when it wants to, for ever.
int TakeAndOffer() {
  constexpr size_t kAll = 128 * kMiB;
  char* const memory = MapMemory(kAll);
  if (memory == nullptr) return 98;
  for (size_t at = 0;; at = (at + kMiB) % kAll) {
    Touch(memory + at, kMiB);
    if (madvise(memory + at, kMiB, MADV_FREE) != 0) return 99;
  }
}

// Reads files that nobody has in memory, until that many bytes were read.
int FillPageCache(size_t mib) {
  size_t left = mib * kMiB;
  std::vector<char> chunk(kMiB);
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(
           "/usr/lib/x86_64-linux-gnu", error)) {
    if (entry.is_symlink() || !entry.is_regular_file()) continue;
    const UniqueFd fd(open(entry.path().c_str(), O_RDONLY | O_CLOEXEC));
    posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
    ssize_t n;
    while ((n = read(fd.get(), chunk.data(), chunk.size())) > 0) {
      left -= std::min(left, static_cast<size_t>(n));
      if (left == 0) return Sleep();
    }
  }
  return Sleep();
}

ResourceLimits Memory(uint64_t mib) {
  ResourceLimits limits;
  limits.memory_bytes = Bound::Of(mib * kMiB);
  return limits;
}

class MemoryDecreaseTest : public TaskCgroupTest {
 protected:
  uint64_t Usage(const TaskCgroup& cgroup) const {
    uint64_t bytes = 0;
    EXPECT_TRUE(absl::SimpleAtoi(
        Read(cgroup, "memory",
             IsV1("memory") ? "memory.usage_in_bytes" : "memory.current"),
        &bytes));
    return bytes;
  }

  void AwaitUsage(const TaskCgroup& cgroup, uint64_t mib) const {
    const absl::Time deadline = absl::Now() + kPatience;
    while (Usage(cgroup) < mib * kMiB && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(10));
    }
    ASSERT_THAT(Usage(cgroup), Ge(mib * kMiB));
  }

  // A child that holds that much, and no more, in its cgroup.
  std::unique_ptr<CgroupChild> StartHolder(const TaskCgroup& cgroup,
                                           uint64_t mib) const {
    auto child = Start(cgroup, [mib] { return HoldMemory(mib); });
    AwaitUsage(cgroup, mib);
    return child;
  }

  // Contents of every file that an update of memory, CPU and pids may change.
  std::vector<std::string> Limits(const TaskCgroup& cgroup) const {
    std::vector<std::string> found = {
        Read(cgroup, "pids", "pids.max"),
        Read(cgroup, "cpu", IsV1("cpu") ? "cpu.cfs_quota_us" : "cpu.max")};
    const std::vector<std::string> files =
        IsV1("memory") ? std::vector<std::string>{"memory.limit_in_bytes",
                                                  "memory.memsw.limit_in_bytes",
                                                  "memory.swappiness"}
                       : std::vector<std::string>{"memory.max", "memory.high",
                                                  "memory.swap.max"};
    for (const std::string& file : files) {
      // Swap may not be accounted for.
      if (Exists(cgroup.dirs().memory->path + "/" + file)) {
        found.push_back(Read(cgroup, "memory", file));
      }
    }
    return found;
  }
};

TEST_F(MemoryDecreaseTest, PageCacheIsReclaimedAndTheLimitTaken) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, [] { return FillPageCache(64); });
  const absl::Time deadline = absl::Now() + kPatience;
  while (Usage(*cgroup) < 48 * kMiB && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(50));
  }
  if (Usage(*cgroup) < 48 * kMiB) {
    GTEST_SKIP() << "this host keeps no page cache of its libraries";
  }

  const auto update = cgroup->Update(Memory(16), {absl::Seconds(60)});

  ASSERT_THAT(update, IsOk());
  ASSERT_TRUE(update->memory_decrease.has_value());
  EXPECT_THAT(update->memory_decrease->usage_before_bytes, Ge(48 * kMiB));
  EXPECT_THAT(update->memory_decrease->usage_after_bytes, Le(16 * kMiB));
  EXPECT_THAT(update->memory_decrease->reclaimed_bytes, Gt(16 * kMiB));
  EXPECT_EQ(update->memory_decrease->oom_kills, 0u);
  EXPECT_THAT(cgroup->Limits().memory_bytes, Optional(16 * kMiB));
  EXPECT_THAT(cgroup->OomKills(), IsOkAndHolds(0));
  EXPECT_FALSE(child->Wait(absl::ZeroDuration()).has_value());
  if (!IsV1("memory")) {
    EXPECT_EQ(Read(*cgroup, "memory", "memory.high"), "max");
  }
}

TEST_F(MemoryDecreaseTest, WhatCannotBeReclaimedIsRefusedAndAllIsPutBack) {
  ResourceLimits limits = Memory(128);
  limits.cpu_quota = CpuQuota{1.5};
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);
  const auto child = StartHolder(*cgroup, 48);
  const std::vector<std::string> before = Limits(*cgroup);
  ResourceLimits update = Memory(16);
  update.cpu_quota = CpuQuota{0.5};
  update.pids = Bound::Of(24);
  update.memory_swap_bytes = Bound::Of(0);

  const absl::Time began = absl::Now();
  const absl::Status status =
      cgroup->Update(update, {absl::Milliseconds(300)}).status();

  EXPECT_THAT(absl::Now() - began, Lt(absl::Seconds(30)));
  EXPECT_THAT(
      status,
      StatusIs(
          absl::StatusCode::kFailedPrecondition,
          AllOf(HasSubstr("wanted 16777216"), HasSubstr("M in use"),
                HasSubstr("could be reclaimed in 300ms"), HasSubstr("M remain"),
                HasSubstr("--force"), HasSubstr("in force 134217728"),
                HasSubstr("pids.max: wanted 24, put back"))));
  EXPECT_EQ(Limits(*cgroup), before);
  EXPECT_THAT(cgroup->Limits().memory_bytes, Optional(128 * kMiB));
  EXPECT_THAT(cgroup->Limits().cpu_cores, Optional(1.5));
  EXPECT_THAT(cgroup->OomKills(), IsOkAndHolds(0));
  EXPECT_FALSE(child->Wait(absl::ZeroDuration()).has_value());
}

TEST_F(MemoryDecreaseTest, ForceSetsTheLimitOnV2AndTellsWhatItKilled) {
  if (IsV1("memory")) GTEST_SKIP() << "memory is on cgroup v1 here";
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = StartHolder(*cgroup, 48);

  const auto update =
      cgroup->Update(Memory(16), {absl::Milliseconds(100), /*force=*/true});

  ASSERT_THAT(update, IsOk());
  ASSERT_TRUE(update->memory_decrease.has_value());
  EXPECT_EQ(update->memory_decrease->oom_kills, 1u);
  EXPECT_THAT(update->memory_decrease->usage_before_bytes, Ge(48 * kMiB));
  EXPECT_TRUE(child->Wait(kPatience).has_value());
  EXPECT_EQ(Read(*cgroup, "memory", "memory.max"), "16777216");
  EXPECT_EQ(Read(*cgroup, "memory", "memory.high"), "max");
}

TEST_F(MemoryDecreaseTest, V1SetsNoSuchLimitEvenByForce) {
  if (!IsV1("memory")) GTEST_SKIP() << "memory is on cgroup v2 here";
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = StartHolder(*cgroup, 48);
  const std::vector<std::string> before = Limits(*cgroup);

  EXPECT_THAT(
      cgroup->Update(Memory(16), {absl::Milliseconds(100), /*force=*/true}),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               HasSubstr("cgroup v1 sets none below what is in use, --force "
                         "or not")));

  EXPECT_EQ(Limits(*cgroup), before);
  EXPECT_FALSE(child->Wait(absl::ZeroDuration()).has_value());
}

TEST_F(MemoryDecreaseTest, WhatATaskTakesMeanwhileIsReclaimedToo) {
  const auto cgroup = Create("web");
  ASSERT_NE(cgroup, nullptr);
  const auto child = Start(*cgroup, TakeAndOffer);
  AwaitUsage(*cgroup, 64);

  for (const uint64_t mib : {48, 32, 24}) {
    EXPECT_THAT(cgroup->Update(Memory(mib), {absl::Seconds(60)}), IsOk());
    EXPECT_THAT(cgroup->Limits().memory_bytes, Optional(mib * kMiB));
  }

  EXPECT_THAT(cgroup->OomKills(), IsOkAndHolds(0));
  EXPECT_FALSE(child->Wait(absl::ZeroDuration()).has_value());
}

TEST_F(MemoryDecreaseTest, AHighMarkOfTheTasksOwnIsPutBack) {
  if (IsV1("memory")) GTEST_SKIP() << "memory is on cgroup v1 here";
  ResourceLimits limits = Memory(128);
  limits.memory_high_bytes = Bound::Of(96 * kMiB);
  const auto cgroup = Create("web", limits);
  ASSERT_NE(cgroup, nullptr);
  const auto child = StartHolder(*cgroup, 48);
  EXPECT_THAT(cgroup->Update(Memory(16), {absl::ZeroDuration()}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(Read(*cgroup, "memory", "memory.high"), "100663296");

  EXPECT_THAT(cgroup->Update(Memory(52)), IsOk());

  EXPECT_EQ(Read(*cgroup, "memory", "memory.max"), "54525952");
  EXPECT_EQ(Read(*cgroup, "memory", "memory.high"), "100663296");
}

TEST_F(MemoryDecreaseTest, NobodyElseWaitsForIt) {
  const auto cgroup = Create("web", Memory(128));
  const auto other = Create("other", Memory(128));
  ASSERT_NE(cgroup, nullptr);
  ASSERT_NE(other, nullptr);
  const auto child = StartHolder(*cgroup, 48);
  std::atomic<bool> is_done{false};
  std::thread decrease([&] {
    EXPECT_THAT(cgroup->Update(Memory(16), {absl::Seconds(5)}),
                StatusIs(absl::StatusCode::kFailedPrecondition));
    is_done = true;
  });
  absl::SleepFor(absl::Milliseconds(200));

  EXPECT_THAT(cgroup->Limits().memory_bytes, Optional(128 * kMiB));
  EXPECT_FALSE(cgroup->Settings().empty());
  EXPECT_THAT(other->Update(Memory(64)), IsOk());
  EXPECT_THAT(cgroup->OomKills(), IsOkAndHolds(0));

  EXPECT_FALSE(is_done);
  decrease.join();
}

TEST_F(MemoryDecreaseTest, UpdatesAtOnceLeaveWhatTheLastOfThemReports) {
  const auto cgroup = Create("web", Memory(128));
  ASSERT_NE(cgroup, nullptr);
  const auto child = StartHolder(*cgroup, 24);
  std::vector<std::thread> updates;
  for (uint64_t thread = 0; thread < 4; ++thread) {
    updates.emplace_back([&cgroup, thread] {
      for (uint64_t i = 0; i < 20; ++i) {
        // Some of them are below what is in use.
        (void)cgroup->Update(Memory(8 + 10 * ((i + thread) % 5)),
                             {absl::Milliseconds(1)});
      }
    });
  }
  for (std::thread& update : updates) update.join();

  EXPECT_EQ(absl::StrCat(*cgroup->Limits().memory_bytes),
            Read(*cgroup, "memory",
                 IsV1("memory") ? "memory.limit_in_bytes" : "memory.max"));
  EXPECT_THAT(cgroup->Limits().memory_bytes, Optional(Ge(24 * kMiB)));
  EXPECT_THAT(cgroup->OomKills(), IsOkAndHolds(0));
  EXPECT_FALSE(child->Wait(absl::ZeroDuration()).has_value());
}

}  // namespace
}  // namespace reeve
