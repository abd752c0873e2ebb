#include "enforcement/cgroup/memory_plan.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/enforcement/cgroup/fake_limit_files.h"
#include "tests/enforcement/cgroup/planned_writes.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ResourceLimits Memory(Bound bound) {
  ResourceLimits limits;
  limits.memory_bytes = bound;
  return limits;
}

ResourceLimits Swap(Bound bound) {
  ResourceLimits limits;
  limits.memory_swap_bytes = bound;
  return limits;
}

ResourceLimits MemoryAndSwap(Bound memory, Bound swap) {
  ResourceLimits limits = Memory(memory);
  limits.memory_swap_bytes = swap;
  return limits;
}

ResourceLimits High(Bound bound) {
  ResourceLimits limits;
  limits.memory_high_bytes = bound;
  return limits;
}

absl::StatusOr<std::vector<PlannedLimit>> Plan(const ResourceLimits& limits,
                                               CgroupVersion version,
                                               const LimitTexts& current) {
  LimitPlanner planner(current);
  PlanMemory(limits, version, planner);
  return std::move(planner).Result();
}

std::vector<std::string> Writes(const ResourceLimits& limits,
                                CgroupVersion version,
                                const LimitTexts& current) {
  return WritesOf(Plan(limits, version, current));
}

LimitTexts V1(const std::string& memory, const std::string& memory_and_swap,
              const std::string& swappiness) {
  LimitTexts texts = FakeLimitFiles::V1().texts();
  texts["memory.limit_in_bytes"] = memory;
  texts["memory.memsw.limit_in_bytes"] = memory_and_swap;
  texts["memory.swappiness"] = swappiness;
  return texts;
}

TEST(PlanV1SwapTest, IsAddedToTheMemoryLimit) {
  EXPECT_THAT(Writes(MemoryAndSwap(Bound::Of(65536), Bound::Of(4096)),
                     CgroupVersion::kV1, FakeLimitFiles::V1().texts()),
              ElementsAre("memory.limit_in_bytes=65536",
                          "memory.memsw.limit_in_bytes=69632"));
}

TEST(PlanV1SwapTest, AloneIsAddedToTheMemoryLimitInForce) {
  const LimitTexts texts = V1("65536", "65536", "0");
  EXPECT_THAT(
      Writes(Swap(Bound::Of(8192)), CgroupVersion::kV1, texts),
      ElementsAre("memory.memsw.limit_in_bytes=73728", "memory.swappiness=60"));
  EXPECT_THAT(
      Writes(Swap(Bound::Unlimited()), CgroupVersion::kV1, texts),
      ElementsAre("memory.memsw.limit_in_bytes=-1", "memory.swappiness=60"));
  EXPECT_THAT(Writes(Swap(Bound::Of(0)), CgroupVersion::kV1, texts), IsEmpty());
}

TEST(PlanV1SwapTest, IsShownWithoutMemory) {
  const auto plan = Plan(Swap(Bound::Of(8192)), CgroupVersion::kV1,
                         V1("65536", "65536", "0"));
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->front().requested, "8192");
  EXPECT_EQ(plan->front().value, "73728");
}

TEST(PlanV1SwapTest, IsOffAgainWithTheNextMemoryLimitAlone) {
  EXPECT_THAT(
      Writes(Memory(Bound::Of(131072)), CgroupVersion::kV1,
             V1("65536", "1048576", "60")),
      ElementsAre("memory.limit_in_bytes=131072",
                  "memory.memsw.limit_in_bytes=131072", "memory.swappiness=0"));
}

// Each write must leave memory at or below memory and swap.
TEST(PlanV1SwapTest, EveryOrderIsValidAtEveryStep) {
  const uint64_t sizes[] = {65536, 131072, 262144};
  const uint64_t swaps[] = {0, 65536, 1048576};
  for (const uint64_t old_memory : sizes) {
    for (const uint64_t old_swap : swaps) {
      for (const uint64_t memory : sizes) {
        for (const uint64_t swap : swaps) {
          FakeLimitFiles files = FakeLimitFiles::V1();
          files.Put("memory.limit_in_bytes", absl::StrCat(old_memory));
          files.Put("memory.memsw.limit_in_bytes",
                    absl::StrCat(old_memory + old_swap));
          const auto plan =
              Plan(MemoryAndSwap(Bound::Of(memory), Bound::Of(swap)),
                   CgroupVersion::kV1, files.texts());
          ASSERT_THAT(plan, IsOk());
          for (const PlannedLimit& limit : *plan) {
            EXPECT_THAT(files.Write("memory", limit.file, limit.value), IsOk())
                << old_memory << "+" << old_swap << " to " << memory << "+"
                << swap;
          }
        }
      }
    }
  }
}

TEST(PlanV1SwapTest, NeedsAMemoryLimit) {
  const LimitTexts texts = FakeLimitFiles::V1().texts();
  EXPECT_THAT(Plan(Swap(Bound::Of(4096)), CgroupVersion::kV1, texts),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("give a memory limit too")));
  EXPECT_THAT(Plan(MemoryAndSwap(Bound::Unlimited(), Bound::Of(4096)),
                   CgroupVersion::kV1, texts),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Writes(Swap(Bound::Unlimited()), CgroupVersion::kV1, texts),
              IsEmpty());
}

TEST(PlanSwapTest, ThatWasAskedForNeedsItsFile) {
  LimitTexts v1 = V1("65536", "65536", "0");
  v1.erase("memory.memsw.limit_in_bytes");
  LimitTexts v2 = FakeLimitFiles::V2().texts();
  v2.erase("memory.swap.max");
  EXPECT_THAT(Plan(Swap(Bound::Of(0)), CgroupVersion::kV1, v1),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("memory.memsw.limit_in_bytes")));
  EXPECT_THAT(
      Plan(Swap(Bound::Of(0)), CgroupVersion::kV2, v2),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("memory.swap.max")));
}

TEST(PlanV2MemoryTest, SwapIsItsOwnLimit) {
  LimitTexts texts = FakeLimitFiles::V2().texts();
  EXPECT_THAT(Writes(MemoryAndSwap(Bound::Of(65536), Bound::Of(4096)),
                     CgroupVersion::kV2, texts),
              ElementsAre("memory.swap.max=4096", "memory.max=65536"));
  EXPECT_THAT(Writes(Swap(Bound::Of(0)), CgroupVersion::kV2, texts),
              ElementsAre("memory.swap.max=0"));
}

TEST(PlanV2MemoryTest, TheLimitIsLast) {
  ResourceLimits limits = Memory(Bound::Of(65536));
  limits.memory_high_bytes = Bound::Of(49152);
  limits.memory_low_bytes = 32768;
  limits.memory_min_bytes = 16384;
  limits.memory_oom_group = true;
  EXPECT_THAT(
      Writes(limits, CgroupVersion::kV2, FakeLimitFiles::V2().texts()),
      ElementsAre("memory.oom.group=1", "memory.swap.max=0", "memory.min=16384",
                  "memory.low=32768", "memory.high=49152", "memory.max=65536"));
}

TEST(PlanV2MemoryTest, MarksAreNotAboveTheLimitInForce) {
  LimitTexts texts = FakeLimitFiles::V2().texts();
  texts["memory.max"] = "65536";
  EXPECT_THAT(Writes(High(Bound::Of(65536)), CgroupVersion::kV2, texts),
              ElementsAre("memory.high=65536"));
  EXPECT_THAT(Writes(High(Bound::Unlimited()), CgroupVersion::kV2, texts),
              IsEmpty());
  EXPECT_THAT(Plan(High(Bound::Of(69632)), CgroupVersion::kV2, texts),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("no more than the memory limit, which is "
                                 "65536")));
}

TEST(CheckMemoryTest, NamesWhatV1DoesNotKnow) {
  ResourceLimits low;
  low.memory_low_bytes = 1;
  ResourceLimits min;
  min.memory_min_bytes = 1;
  ResourceLimits oom_group;
  oom_group.memory_oom_group = false;
  const std::pair<std::string, ResourceLimits> cases[] = {
      {"memory.high", High(Bound::Unlimited())},
      {"memory.low", low},
      {"memory.min", min},
      {"memory.oom.group", oom_group}};
  for (const auto& [name, limits] : cases) {
    EXPECT_THAT(CheckMemory(limits, CgroupVersion::kV1),
                StatusIs(absl::StatusCode::kUnavailable,
                         AllOf(HasSubstr(name), HasSubstr("only v2"))));
    EXPECT_THAT(CheckMemory(limits, CgroupVersion::kV2), IsOk());
  }
  EXPECT_THAT(CheckMemory(MemoryAndSwap(Bound::Of(1), Bound::Of(1)),
                          CgroupVersion::kV1),
              IsOk());
}

}  // namespace
}  // namespace reeve
