#include "agent/spec/json_spec.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(SpecFromJsonTest, TakesTheNamesOfTheProto) {
  const auto spec = SpecFromJson(
      "{\"command\": [\"a\"], \"exit_type\": 1, \"restart\": "
      "{\"when\": \"RESTART_WHEN_ALWAYS\"}}");

  ASSERT_THAT(spec, IsOk());
  EXPECT_EQ(spec->ShortDebugString(),
            "command: \"a\" exit_type: EXIT_TYPE_CGROUP restart { when: "
            "RESTART_WHEN_ALWAYS }");
}

TEST(SpecFromJsonTest, WhatIsNoJsonIsToldWithItsLine) {
  EXPECT_THAT(SpecFromJson("{\n  \"command\": [\"a\"\n \"b\"],\n \"id\": 1}\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       StartsWith("line 3: Expected , or ]")));
  EXPECT_THAT(SpecFromJson("{\n \"command\": [\"a\"],,\n \"id\": \"web\"}"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       StartsWith("line 2: Expected an object key")));
  EXPECT_THAT(SpecFromJson("{\n \"command\": [\"a\"],\n\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       StartsWith("line 2: Unexpected end")));
  EXPECT_THAT(SpecFromJson("}"), StatusIs(absl::StatusCode::kInvalidArgument,
                                          StartsWith("line 1: ")));
}

TEST(SpecFromJsonTest, WhatIsNoSpecIsToldWithItsField) {
  EXPECT_THAT(
      SpecFromJson("{\"limits\": {\"pids\": \"abc\"}}"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("limits.pids")));
  EXPECT_THAT(SpecFromJson("{\"exit_type\": 77}"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "exit_type: 77: use one of EXIT_TYPE_MAIN, "
                       "EXIT_TYPE_CGROUP"));
  EXPECT_THAT(SpecFromJson("{\"native\": {\"pid\": 9}}"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       StartsWith("native.pid: 9: use one of ")));
}

}  // namespace
}  // namespace reeve
