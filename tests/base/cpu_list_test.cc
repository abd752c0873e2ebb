#include "base/cpu_list.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string Canonical(const std::string& text) {
  const absl::StatusOr<CpuList> cpus = ParseCpuList(text);
  return cpus.ok() ? FormatCpuList(*cpus)
                   : std::string(cpus.status().message());
}

TEST(ParseCpuListTest, TakesNumbersAndRanges) {
  EXPECT_THAT(ParseCpuList("0-2,7"), IsOkAndHolds(CpuList{0, 1, 2, 7}));
  EXPECT_THAT(ParseCpuList("3"), IsOkAndHolds(CpuList{3}));
  EXPECT_THAT(ParseCpuList("8191"), IsOkAndHolds(CpuList{8191}));
  EXPECT_THAT(ParseCpuList(""), IsOkAndHolds(CpuList{}));
}

TEST(ParseCpuListTest, RefusesWhatIsNoListNamingIt) {
  for (const char* text : {" ", "0 ", "0\n", ",", "0,", ",0", "0,,1", "-", "-1",
                           "1-", "2-1", "0-1-2", "x", "0x1", "+1", "0-7:2/4",
                           "8192", "0-4294967296", "99999999999999999999"}) {
    SCOPED_TRACE(text);
    EXPECT_THAT(ParseCpuList(text),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr(text), HasSubstr("such as 0-2,7"))));
  }
}

TEST(FormatCpuListTest, MakesOneFormOfAllThatMeanTheSame) {
  EXPECT_EQ(Canonical("7,2,0-1"), "0-2,7");
  EXPECT_EQ(Canonical("0-1,1-3,2"), "0-3");
  EXPECT_EQ(Canonical("0,1"), "0-1");
  EXPECT_EQ(Canonical("0,2,4"), "0,2,4");
  EXPECT_EQ(Canonical("5-5"), "5");
  EXPECT_EQ(Canonical(""), "");
}

TEST(CpuListTest, SetsAreTakenApartAndPutTogether) {
  const CpuList four = {0, 1, 2, 3};
  const CpuList odd = {1, 3, 5};
  EXPECT_EQ(CpusWithout(four, odd), (CpuList{0, 2}));
  EXPECT_EQ(CpusInBoth(four, odd), (CpuList{1, 3}));
  EXPECT_EQ(CpusInEither(four, odd), (CpuList{0, 1, 2, 3, 5}));
  EXPECT_EQ(CpusWithout({}, odd), CpuList{});
}

}  // namespace
}  // namespace reeve
