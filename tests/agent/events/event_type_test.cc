#include "agent/events/event_type.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "agent/api/task_service.pb.h"
#include "base/system_clock.h"
#include "exporters/prometheus/agent_metrics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(EventTypeTest, TypesAreThoseOfTheApi) {
  // Unspecified is the one that is no type.
  EXPECT_EQ(static_cast<int>(AllEventTypes().size()),
            v1::EventType_descriptor()->value_count() - 1);
  for (const EventType type : AllEventTypes()) {
    EXPECT_EQ(v1::EventType_Name(static_cast<v1::EventType>(type)),
              absl::StrCat("EVENT_TYPE_",
                           absl::AsciiStrToUpper(EventTypeName(type))));
  }
}

TEST(EventTypeTest, NamesAreReadAsPeopleWriteThem) {
  for (const EventType type : AllEventTypes()) {
    EXPECT_EQ(ParseEventType(EventTypeName(type)), type);
  }
  EXPECT_EQ(ParseEventType("OOM-Kill"), EventType::kOomKill);
  EXPECT_EQ(ParseEventType("oom"), std::nullopt);
  EXPECT_EQ(ParseEventType(""), std::nullopt);
}

TEST(EventTypeTest, EachIsCountedFromZero) {
  const SystemClock clock;
  AgentMetrics metrics({"1", "r", "c"}, clock);
  for (const EventType type : AllEventTypes()) {
    const std::string series =
        absl::StrCat("reeve_events_total{type=\"", EventTypeName(type), "\"} ");
    std::string before;
    metrics.AppendText(nullptr, &before);
    metrics.OnEvent(EventTypeName(type));
    std::string after;
    metrics.AppendText(nullptr, &after);

    if (type == EventType::kLost) {
      // Not of the log.
      EXPECT_THAT(after, Not(HasSubstr(series)));
      continue;
    }
    EXPECT_THAT(before, HasSubstr(absl::StrCat(series, "0\n")));
    EXPECT_THAT(after, HasSubstr(absl::StrCat(series, "1\n")));
  }
}

}  // namespace
}  // namespace reeve
