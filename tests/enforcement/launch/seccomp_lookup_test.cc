#include "enforcement/launch/seccomp_lookup.h"

#include <linux/seccomp.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "tests/testing/seccomp_machine.h"

namespace reeve {
namespace {

// What the rest decides.
constexpr uint32_t kRest = SECCOMP_RET_TRACE | 1;

constexpr uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr uint32_t kKill = SECCOMP_RET_KILL_PROCESS;

std::vector<sock_filter> Program(const SeccompRanges& ranges) {
  std::vector<sock_filter> program = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  const std::vector<sock_filter> lookup = SeccompLookup(ranges);
  program.insert(program.end(), lookup.begin(), lookup.end());
  program.push_back(BPF_STMT(BPF_RET | BPF_K, kRest));
  return program;
}

uint32_t ActionOn(const std::vector<sock_filter>& program, uint32_t number) {
  seccomp_data call = {};
  call.nr = static_cast<int>(number);
  const auto action = RunSeccompFilter(program, call);
  EXPECT_TRUE(action.has_value()) << number;
  return action.value_or(0);
}

TEST(SeccompLookupTest, WithoutRangesTheRestDecides) {
  const auto program = Program({});
  EXPECT_EQ(ActionOn(program, 0), kRest);
  EXPECT_EQ(ActionOn(program, UINT32_MAX), kRest);
}

TEST(SeccompLookupTest, OneRangeMayBeAllThereIs) {
  const auto program = Program({{0, kAllow}});
  EXPECT_EQ(ActionOn(program, 0), kAllow);
  EXPECT_EQ(ActionOn(program, UINT32_MAX), kAllow);
}

TEST(SeccompLookupTest, ARangeEndsWhereTheNextBegins) {
  const auto program =
      Program({{3, kAllow}, {5, kKill}, {6, std::nullopt}, {9, kAllow}});
  EXPECT_EQ(ActionOn(program, 2), kRest);
  EXPECT_EQ(ActionOn(program, 3), kAllow);
  EXPECT_EQ(ActionOn(program, 4), kAllow);
  EXPECT_EQ(ActionOn(program, 5), kKill);
  EXPECT_EQ(ActionOn(program, 6), kRest);
  EXPECT_EQ(ActionOn(program, 8), kRest);
  EXPECT_EQ(ActionOn(program, UINT32_MAX), kAllow);
}

TEST(SetSeccompActionTest, ChangesOneNumber) {
  SeccompRanges ranges = {{10, kKill}, {20, std::nullopt}};
  SetSeccompAction(0, kAllow, &ranges);
  SetSeccompAction(14, kAllow, &ranges);
  SetSeccompAction(15, kAllow, &ranges);
  SetSeccompAction(20, kAllow, &ranges);
  SetSeccompAction(UINT32_MAX, kAllow, &ranges);

  const auto program = Program(ranges);
  for (const uint32_t number : {0u, 14u, 15u, 20u, UINT32_MAX}) {
    EXPECT_EQ(ActionOn(program, number), kAllow) << number;
  }
  for (const uint32_t number : {10u, 13u, 16u, 19u}) {
    EXPECT_EQ(ActionOn(program, number), kKill) << number;
  }
  for (const uint32_t number : {1u, 9u, 21u, UINT32_MAX - 1}) {
    EXPECT_EQ(ActionOn(program, number), kRest) << number;
  }
}

TEST(SeccompLookupTest, NeighboursWithOneActionAreOneRange) {
  SeccompRanges ranges;
  for (uint32_t number = 100; number < 400; ++number) {
    SetSeccompAction(number, kAllow, &ranges);
  }
  EXPECT_LE(SeccompLookup(ranges).size(), 5u);
}

// Comparisons reach 255 instructions far, and these are more.
TEST(SeccompLookupTest, ThereMayBeManyRanges) {
  std::mt19937 random;
  for (const uint32_t actions : {2u, 5u, 1000u}) {
    SeccompRanges ranges;
    std::vector<uint32_t> expected(2000, kRest);
    for (uint32_t number = 0; number < expected.size(); ++number) {
      if (random() % 2 == 0) continue;
      expected[number] =
          SECCOMP_RET_ERRNO | static_cast<uint32_t>(random() % actions);
      SetSeccompAction(number, expected[number], &ranges);
    }

    const auto program = Program(ranges);
    for (uint32_t number = 0; number < expected.size(); ++number) {
      ASSERT_EQ(ActionOn(program, number), expected[number]) << number;
    }
  }
}

}  // namespace
}  // namespace reeve
