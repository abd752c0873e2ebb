#include "agent/cli/event_text.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

v1::Event Event(v1::EventType type) {
  v1::Event event;
  event.set_sequence(7);
  event.mutable_time()->set_seconds(1);
  event.mutable_time()->set_nanos(250'000'000);
  event.set_type(type);
  return event;
}

TEST(EventTextTest, ALineHasAllInColumns) {
  v1::Event event = Event(v1::EVENT_TYPE_OOM_KILL);
  event.set_task("web");
  event.set_group("shop");
  (*event.mutable_attributes())["total"] = "3";
  (*event.mutable_attributes())["count"] = "1";

  EXPECT_EQ(EventLine(event, absl::UTCTimeZone()),
            "1970-01-01 00:00:01.250       7  web               oom_kill     "
            "   group=shop count=1 total=3\n");
}

TEST(EventTextTest, AGroupIsNamedAsSuch) {
  v1::Event event = Event(v1::EVENT_TYPE_GROUP_REMOVED);
  event.set_group("shop");

  EXPECT_EQ(EventLine(event, absl::UTCTimeZone()),
            "1970-01-01 00:00:01.250       7  @shop             "
            "group_removed\n");
}

TEST(EventTextTest, WhateverAnErrorSaysIsOnOneLine) {
  v1::Event event = Event(v1::EVENT_TYPE_START_FAILED);
  (*event.mutable_attributes())["error"] = "no\nprogram";

  EXPECT_THAT(EventLine(event, absl::UTCTimeZone()),
              HasSubstr("start_failed    error=\"no\\nprogram\"\n"));
}

TEST(EventTextTest, TypesAreNamedAsInTheLines) {
  EXPECT_THAT(EventTypeFromText("oom_kill"),
              IsOkAndHolds(v1::EVENT_TYPE_OOM_KILL));
  EXPECT_THAT(EventTypeFromText("Start-Failed"),
              IsOkAndHolds(v1::EVENT_TYPE_START_FAILED));
  EXPECT_THAT(EventTypeFromText("oom"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("\"oom\" is no type of event"),
                             HasSubstr("oom_kill, paused"))));
  EXPECT_THAT(EventTypeFromText("unspecified"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("")));
}

}  // namespace
}  // namespace reeve
