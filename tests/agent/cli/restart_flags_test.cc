#include "agent/cli/restart_flags.h"

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

absl::StatusOr<v1::RestartPolicy> Parse(const std::vector<std::string>& args) {
  v1::RestartPolicy policy;
  FlagSet flags("test", "Test.");
  AddRestartFlags(&flags, [&policy] { return &policy; });
  const absl::StatusOr<FlagSet::Outcome> outcome = flags.Parse(args);
  if (!outcome.ok()) return outcome.status();
  return policy;
}

TEST(RestartFlagsTest, SetWhatTheyName) {
  EXPECT_EQ(Parse({})->ByteSizeLong(), 0u);
  EXPECT_EQ(Parse({"--restart", "always"})->ShortDebugString(),
            "when: RESTART_WHEN_ALWAYS");
  EXPECT_EQ(Parse({"--restart=on-failure:5", "--restart-backoff=200ms",
                   "--restart-max-backoff=5m", "--restart-reset=1h"})
                ->ShortDebugString(),
            "when: RESTART_WHEN_ON_FAILURE max_restarts: 5 "
            "backoff { nanos: 200000000 } max_backoff { seconds: 300 } "
            "reset_after { seconds: 3600 }");
}

TEST(RestartFlagsTest, ErrorsNameTheFlag) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"--restart", "sometimes"}, "is none of never, on-failure"},
      {{"--restart", "on-failure:"}, "give 1 to 4294967295"},
      {{"--restart", "always:0"}, "give 1 to 4294967295"},
      {{"--restart", "always:-1"}, "give 1 to 4294967295"},
      {{"--restart", "always:99999999999"}, "give 1 to 4294967295"},
      {{"--restart-backoff", "soon"}, "--restart-backoff soon"}};
  for (const auto& [args, message] : cases) {
    EXPECT_THAT(Parse(args), StatusIs(absl::StatusCode::kInvalidArgument,
                                      HasSubstr(message)));
  }
}

}  // namespace
}  // namespace reeve
