#include "agent/http/history_json.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(HistoryJsonTest, IsAnArrayForEachSeries) {
  HistoryPoint first;
  first.unix_ms = 1'700'000'000'007;
  first.memory_usage_kib = 4;
  HistoryPoint second;
  second.unix_ms = 1'700'000'001'500;
  second.cpu_cores = 0.25F;
  second.throttled_ratio = 1;
  second.throttled_seconds = 0.8F;
  second.memory_usage_kib = uint32_t{3} << 30;
  second.memory_working_set_kib = 0;
  second.threads = 12;

  EXPECT_EQ(
      HistoryJson("task", "web", absl::Milliseconds(250), {first, second}),
      "{\"task\":\"web\",\"interval_seconds\":0.25,"
      "\"time\":[1700000000.007,1700000001.500],"
      "\"cpu_cores\":[null,0.25],"
      "\"throttled_ratio\":[null,1],"
      "\"throttled_seconds\":[null,0.8],"
      "\"memory_usage_bytes\":[4096,3298534883328],"
      "\"memory_working_set_bytes\":[null,0],"
      "\"threads\":[null,12]}\n");
}

TEST(HistoryJsonTest, WithoutPointsHasEmptySeries) {
  EXPECT_EQ(HistoryJson("group", "shop", absl::Seconds(1), {}),
            "{\"group\":\"shop\",\"interval_seconds\":1,\"time\":[],"
            "\"cpu_cores\":[],\"throttled_ratio\":[],\"throttled_seconds\":[],"
            "\"memory_usage_bytes\":[],\"memory_working_set_bytes\":[],"
            "\"threads\":[]}\n");
}

TEST(ParseSinceTest, TakesTheTimesThatTheJsonHas) {
  EXPECT_THAT(ParseSince("since=1700000000.007"),
              IsOkAndHolds(absl::FromUnixMillis(1'700'000'000'007)));
  EXPECT_THAT(ParseSince("a=b&since=0"),
              IsOkAndHolds(absl::FromUnixSeconds(0)));
}

TEST(ParseSinceTest, WithoutOneEverythingIsWanted) {
  EXPECT_THAT(ParseSince(""), IsOkAndHolds(absl::InfinitePast()));
  EXPECT_THAT(ParseSince("until=5"), IsOkAndHolds(absl::InfinitePast()));
}

TEST(ParseSinceTest, RefusesWhatIsNoTime) {
  for (const char* text : {"", "noon", "nan", "inf", "1e300", "-1e12", "5s"}) {
    EXPECT_THAT(ParseSince(std::string("since=") + text),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("since: not a time")))
        << text;
  }
}

}  // namespace
}  // namespace reeve
