#include "enforcement/launch/seccomp_filters.h"

#include <linux/capability.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::NotNull;

constexpr char kLog[] = R"({"defaultAction": "SCMP_ACT_LOG"})";

// A profile that is like kLog, but is another text.
std::string Variant(size_t number) {
  return absl::StrCat(kLog, std::string(number, ' '));
}

TEST(SeccompFiltersTest, CompilesOnceForAProfileAndCapabilities) {
  SeccompFilters filters;
  const auto first = filters.Default(0);
  ASSERT_THAT(first, IsOk());
  EXPECT_FALSE((*first)->program.empty());
  EXPECT_EQ(filters.Default(0).value(), *first);
  EXPECT_NE(filters.Default(uint64_t{1} << CAP_BPF).value(), *first);

  const auto of_profile = filters.OfProfile(kLog, 0);
  ASSERT_THAT(of_profile, IsOk());
  EXPECT_NE(*of_profile, *first);
  EXPECT_EQ(filters.OfProfile(kLog, 0).value(), *of_profile);
  EXPECT_NE(filters.OfProfile(kLog, 1).value(), *of_profile);
}

TEST(SeccompFiltersTest, AskingAllAtOnceCompilesOnce) {
  SeccompFilters filters;
  std::vector<SharedSeccompFilter> got(8);
  std::vector<std::thread> threads;
  threads.reserve(got.size());
  for (SharedSeccompFilter& filter : got) {
    threads.emplace_back(
        [&filters, &filter] { filter = filters.Default(0).value_or(nullptr); });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_THAT(got.front(), NotNull());
  EXPECT_THAT(got, Each(got.front()));
}

TEST(SeccompFiltersTest, TheLeastRecentlyUsedGoes) {
  SeccompFilters filters;
  const SharedSeccompFilter kept = filters.OfProfile(Variant(0), 0).value();
  const SharedSeccompFilter lost = filters.OfProfile(Variant(1), 0).value();
  for (size_t i = 2; i <= SeccompFilters::kMostFilters; ++i) {
    EXPECT_EQ(filters.OfProfile(Variant(0), 0).value(), kept);
    ASSERT_THAT(filters.OfProfile(Variant(i), 0), IsOk());
  }

  EXPECT_EQ(filters.OfProfile(Variant(0), 0).value(), kept);
  EXPECT_NE(filters.OfProfile(Variant(1), 0).value(), lost);
}

TEST(SeccompFiltersTest, LongProfilesAreNotKeptForever) {
  SeccompFilters filters;
  constexpr size_t kLength = kMaxSeccompProfileBytes / 2;
  const SharedSeccompFilter first =
      filters.OfProfile(Variant(kLength), 0).value();
  for (size_t i = 1; i <= SeccompFilters::kMostBytes / kLength; ++i) {
    ASSERT_THAT(filters.OfProfile(Variant(kLength + i), 0), IsOk());
  }

  EXPECT_NE(filters.OfProfile(Variant(kLength), 0).value(), first);
}

TEST(SeccompFiltersTest, WhatIsWrongWithAProfileIsTold) {
  SeccompFilters filters;
  EXPECT_THAT(filters.OfProfile("", 0),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("empty")));
  EXPECT_THAT(
      filters.OfProfile("{}", 0),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("defaultAction")));
}

}  // namespace
}  // namespace reeve
