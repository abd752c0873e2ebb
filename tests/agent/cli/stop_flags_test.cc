#include "agent/cli/stop_flags.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<v1::TaskSpec> Parse(const std::vector<std::string>& args) {
  v1::TaskSpec spec;
  FlagSet flags("test", "Test.");
  AddStopFlags(&flags, [&spec] { return &spec; });
  const absl::StatusOr<FlagSet::Outcome> outcome = flags.Parse(args);
  if (!outcome.ok()) return outcome.status();
  return spec;
}

TEST(StopFlagsTest, SetWhatTheyName) {
  EXPECT_EQ(Parse({})->ByteSizeLong(), 0u);
  EXPECT_EQ(Parse({"--stop-signal", "term", "--stop-grace=1m30s"})
                ->ShortDebugString(),
            "stop_signal: \"SIGTERM\" stop_grace_usec: 90000000");
}

TEST(StopFlagsTest, RefuseWhatIsNoSignalAndNoGrace) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--stop-signal", "NOPE"}, "--stop-signal unknown signal \"NOPE\""},
      {{"--stop-signal", ""}, "unknown signal"},
      {{"--stop-grace", "10"}, "--stop-grace 10: a duration needs a unit"},
      {{"--stop-grace", "-1s"}, "--stop-grace"},
      {{"--stop-grace", "25h"}, "--stop-grace 25h: use 1us to 24h"},
      {{"--stop-grace", "0"}, "--stop-grace 0: use 1us to 24h"},
  };
  for (const auto& [args, error] : cases) {
    EXPECT_THAT(Parse(args),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(error)));
  }
}

}  // namespace
}  // namespace reeve
