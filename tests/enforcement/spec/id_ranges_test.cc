#include "enforcement/spec/id_ranges.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

IdRanges Ranges(absl::string_view text) {
  const absl::StatusOr<IdRanges> ranges = IdRanges::Parse(text);
  EXPECT_THAT(ranges, IsOk());
  return ranges.value_or(IdRanges());
}

TEST(IdRangesTest, HasWhatIsListed) {
  const IdRanges ranges = Ranges("0-99,1000,65534");

  for (const uint32_t id : {0U, 1U, 99U, 1000U, 65534U}) {
    EXPECT_TRUE(ranges.Contains(id)) << id;
  }
  for (const uint32_t id : {100U, 999U, 1001U, 65533U, 65535U, 4294967294U}) {
    EXPECT_FALSE(ranges.Contains(id)) << id;
  }
}

TEST(IdRangesTest, AnEmptyTextIsNone) {
  EXPECT_FALSE(Ranges("").Contains(0));
  EXPECT_FALSE(IdRanges().Contains(0));
}

TEST(IdRangesTest, OrderAndOverlapsDoNotMatter) {
  const IdRanges ranges = Ranges("50-60,0,55-70,60-60");

  EXPECT_TRUE(ranges.Contains(70));
  EXPECT_EQ(ranges.Find(57)->ToText(), "50-60");
  EXPECT_EQ(ranges.Find(0)->ToText(), "0");
}

TEST(IdRangesTest, AllIdsCanBeListed) {
  const IdRanges ranges = Ranges("0-4294967294");

  EXPECT_TRUE(ranges.Contains(0));
  EXPECT_TRUE(ranges.Contains(4294967294));
}

TEST(IdRangesTest, WhatIsNoRangeIsNamed) {
  for (const char* part : {"", "-", "a", "9-", "-9", "9-5", "1 ", "1-2-3",
                           "4294967295", "99999999999999999999", "0x1"}) {
    EXPECT_THAT(IdRanges::Parse(std::string("7,") + part),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr(std::string("\"") + part + "\": give ids")));
  }
}

TEST(CheckIdsAllowedTest, WhoIsNotDeniedPasses) {
  EXPECT_THAT(
      CheckIdsAllowed(1000, 1000, {1000, 27}, Ranges("0-99"), Ranges("0,4")),
      IsOk());
  EXPECT_THAT(CheckIdsAllowed(0, 0, {0}, IdRanges(), IdRanges()), IsOk());
}

TEST(CheckIdsAllowedTest, TheIdAndItsRangeAreNamed) {
  EXPECT_THAT(CheckIdsAllowed(5, 1000, {}, Ranges("1000,0-99"), IdRanges()),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       AllOf(HasSubstr("user id 5"), HasSubstr("0-99:"))));
  EXPECT_THAT(CheckIdsAllowed(5, 7, {}, IdRanges(), Ranges("7")),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       AllOf(HasSubstr("group id 7"), HasSubstr("denies, 7"))));
}

TEST(CheckIdsAllowedTest, EveryGroupCounts) {
  EXPECT_THAT(
      CheckIdsAllowed(5, 7, {7, 8, 0}, IdRanges(), Ranges("0")),
      StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("group id 0")));
}

}  // namespace
}  // namespace reeve
