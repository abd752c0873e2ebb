#include "base/kernel_number.h"

#include <cstdint>
#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

constexpr const char* kMalformed[] = {"",
                                      "\n",
                                      "x\n",
                                      "-1\n",
                                      "+1\n",
                                      " 1\n",
                                      "1 \n",
                                      "1\n\n",
                                      "1\n2\n",
                                      "1.0\n",
                                      "0x1\n",
                                      "maxx\n",
                                      "18446744073709551616\n"};

TEST(ParseKernelNumberTest, TakesDigitsWithOrWithoutANewline) {
  EXPECT_THAT(ParseKernelNumber("4096\n"), IsOkAndHolds(4096u));
  EXPECT_THAT(ParseKernelNumber("0"), IsOkAndHolds(0u));
  EXPECT_THAT(ParseKernelNumber("18446744073709551615\n"),
              IsOkAndHolds(UINT64_MAX));
}

TEST(ParseKernelNumberTest, RefusesAnythingElse) {
  for (const char* contents : kMalformed) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseKernelNumber(contents),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("number")));
  }
  EXPECT_THAT(ParseKernelNumber("max\n"),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST(ParseKernelLimitTest, MaxIsNoLimit) {
  EXPECT_THAT(ParseKernelLimit("max\n"), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(ParseKernelLimit("64\n"),
              IsOkAndHolds(std::optional<uint64_t>(64)));
}

TEST(ParseKernelLimitTest, RefusesAnythingElse) {
  for (const char* contents : kMalformed) {
    SCOPED_TRACE(contents);
    EXPECT_THAT(ParseKernelLimit(contents),
                StatusIs(absl::StatusCode::kDataLoss));
  }
}

}  // namespace
}  // namespace reeve
