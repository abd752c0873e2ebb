#include "base/flat_keyed.h"

#include <cstdint>
#include <optional>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

struct Found {
  std::optional<uint64_t> first;
  std::optional<uint64_t> second;
};

absl::Status Scan(absl::string_view contents, Found* found) {
  return ScanFlatKeyed(contents,
                       {{"oom", &found->first}, {"oom_kill", &found->second}});
}

TEST(ScanFlatKeyedTest, FindsWantedKeysAmongOthers) {
  Found found;

  ASSERT_THAT(Scan("low 0\noom 1\noom_kill 2\noom_group_kill 3\n", &found),
              IsOk());

  EXPECT_THAT(found.first, Optional(1u));
  EXPECT_THAT(found.second, Optional(2u));
}

TEST(ScanFlatKeyedTest, OrderInTheFileDoesNotMatter) {
  Found found;

  ASSERT_THAT(Scan("oom_kill 2\nlow 7\noom 1\n", &found), IsOk());

  EXPECT_THAT(found.first, Optional(1u));
  EXPECT_THAT(found.second, Optional(2u));
}

TEST(ScanFlatKeyedTest, KeyThatIsNotThereStaysAbsent) {
  Found found;

  ASSERT_THAT(Scan("oom 1", &found), IsOk());

  EXPECT_THAT(found.first, Optional(1u));
  EXPECT_EQ(found.second, std::nullopt);
}

TEST(ScanFlatKeyedTest, OtherKeysMayHoldAnything) {
  for (const char* contents :
       {"", "\n", "\n\n", " ", "oom", "oom\n", "oomkill x\n", "x\n", "x y z\n",
        "oom_kil 1\n", " oom x\n", "OOM x\n"}) {
    SCOPED_TRACE(contents);
    Found found;
    EXPECT_THAT(Scan(contents, &found), IsOk());
    EXPECT_EQ(found.first, std::nullopt);
    EXPECT_EQ(found.second, std::nullopt);
  }
}

TEST(ScanFlatKeyedTest, WantedKeyWithoutANumberIsDataLoss) {
  for (const char* contents :
       {"oom \n", "oom x\n", "oom -1\n", "oom +1\n", "oom 1 \n", "oom 1 2\n",
        "oom  1\n", "oom 1.5\n", "oom 0x10\n", "oom 18446744073709551616\n",
        "oom 1\r\n", "oom_kill 7\noom max\n"}) {
    SCOPED_TRACE(contents);
    Found found;
    EXPECT_THAT(Scan(contents, &found),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("oom")));
  }
}

TEST(ScanFlatKeyedTest, HoldsTheLargestNumber) {
  Found found;

  ASSERT_THAT(Scan("oom 18446744073709551615\n", &found), IsOk());

  EXPECT_THAT(found.first, Optional(UINT64_MAX));
}

TEST(ScanFlatKeyedTest, BytesThatAreNoTextAreShownEscaped) {
  Found found;

  EXPECT_THAT(Scan(absl::string_view("oom \0\n", 6), &found),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("\\000")));
}

}  // namespace
}  // namespace reeve
