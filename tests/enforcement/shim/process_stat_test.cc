#include "enforcement/shim/process_stat.h"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "gtest/gtest.h"

namespace reeve {
namespace {

int64_t Parse(const std::string& stat) {
  return ParseStartTime(stat.data(), stat.size());
}

constexpr char kAfterName[] =
    " S 1 4711 4711 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 987654 2625536 "
    "200 18446744073709551615\n";

TEST(ParseStartTimeTest, IsTheTwentySecondField) {
  EXPECT_EQ(Parse(std::string("4711 (cat)") + kAfterName), 987654);
}

TEST(ParseStartTimeTest, NameMayLookLikeFields) {
  EXPECT_EQ(Parse(std::string("4711 (a) S 1 2 (b)") + kAfterName), 987654);
  EXPECT_EQ(Parse(std::string("4711 ()") + kAfterName), 987654);
}

TEST(ParseStartTimeTest, WhatIsCutShortHasNone) {
  for (const char* stat :
       {"", "4711", "4711 (cat", "4711 (cat)", "4711 (cat) S 1 2 3",
        "4711 (cat) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 "}) {
    EXPECT_EQ(Parse(stat), -1) << stat;
  }
}

TEST(ReadStartTimeTest, OwnStartTimeStaysTheSame) {
  const int64_t start_time = ReadStartTime(getpid());
  EXPECT_GT(start_time, 0);
  EXPECT_EQ(ReadStartTime(getpid()), start_time);
}

TEST(ReadStartTimeTest, NoProcessIsAnError) {
  // Beyond the largest pid that the kernel gives out.
  EXPECT_EQ(ReadStartTime(1 << 30), -1);
  EXPECT_EQ(errno, ENOENT);
}

}  // namespace
}  // namespace reeve
