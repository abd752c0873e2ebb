#include "enforcement/spec/id_map.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(IdMapTest, ReadsWhatItWrites) {
  for (const char* text : {"0:100000:65536", "0:0:1", "5:4294967290:5"}) {
    EXPECT_EQ(IdMappingText(ParseIdMapping(text).value()), text);
  }
}

TEST(IdMapTest, OtherTextsAreRefused) {
  for (const char* text :
       {"", "0", "0:1", "0:1:2:3", "a:1:2", "0:1:-1", "0:1:0", "0:1:x",
        "4294967290:0:6", "0:4294967295:1", "0:1:4294967296"}) {
    EXPECT_THAT(
        ParseIdMapping(text),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("id map \"")))
        << text;
  }
}

TEST(IdMapTest, RangesAreApartAndHaveRoot) {
  EXPECT_THAT(ValidateIdMap("uid map", {}), IsOk());
  EXPECT_THAT(ValidateIdMap("uid map", {{0, 1000, 10}, {10, 2000, 10}}),
              IsOk());
  EXPECT_THAT(ValidateIdMap("uid map", {{0, 1000, 10}, {9, 2000, 10}}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("it overlaps 0:1000:10")));
  EXPECT_THAT(ValidateIdMap("uid map", {{0, 1000, 10}, {10, 1009, 1}}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("uid map \"10:1009:1\": it overlaps")));
  EXPECT_THAT(ValidateIdMap("gid map", {{1, 1000, 10}}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the gid map leaves 0 out")));
  EXPECT_THAT(ValidateIdMap("uid map", {{0, 0, 0}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  IdMap many;
  for (uint32_t i = 0; i <= kMaxIdMappings; ++i) many.push_back({i, i, 1});
  EXPECT_THAT(ValidateIdMap("uid map", many),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("give 340 at most")));
}

TEST(IdMapTest, TellsWhoAnIdIs) {
  const IdMap map = {{0, 100'000, 10}, {100, 5, 1}};
  EXPECT_EQ(ToHostId(map, 0), 100'000u);
  EXPECT_EQ(ToHostId(map, 9), 100'009u);
  EXPECT_EQ(ToHostId(map, 10), std::nullopt);
  EXPECT_EQ(ToHostId(map, 100), 5u);
  EXPECT_EQ(ToHostId({}, 7), 7u);
  EXPECT_EQ(KernelText(map), "0 100000 10\n100 5 1\n");
}

}  // namespace
}  // namespace reeve
