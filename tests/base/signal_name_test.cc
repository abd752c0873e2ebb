#include "base/signal_name.h"

#include <csignal>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace reeve {
namespace {

using ::testing::HasSubstr;

TEST(ParseSignalTest, TakesNamesWithAndWithoutPrefixAndNumbers) {
  for (const char* text : {"SIGTERM", "TERM", "sigterm", "term", "15"}) {
    SCOPED_TRACE(text);
    const absl::StatusOr<int> signal = ParseSignal(text);
    ASSERT_TRUE(signal.ok()) << signal.status();
    EXPECT_EQ(*signal, SIGTERM);
  }
}

TEST(ParseSignalTest, TakesRealTimeSignals) {
  EXPECT_EQ(ParseSignal("SIGRTMIN").value(), SIGRTMIN);
  EXPECT_EQ(ParseSignal("RTMIN+2").value(), SIGRTMIN + 2);
  EXPECT_EQ(ParseSignal("SIGRTMAX-1").value(), SIGRTMAX - 1);
}

TEST(ParseSignalTest, RefusesWhatIsNoSignal) {
  for (const char* text : {"", "0", "-1", "65", "SIGFOO", "RTMIN+99", "RTMIN-1",
                           "TERM ", "SIGSIGTERM"}) {
    SCOPED_TRACE(text);
    const absl::StatusOr<int> signal = ParseSignal(text);
    EXPECT_EQ(signal.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(signal.status().message()),
                HasSubstr("unknown signal"));
  }
}

TEST(SignalNameTest, EveryStandardSignalComesBack) {
  for (int signal = 1; signal < 32; ++signal) {
    EXPECT_EQ(ParseSignal(SignalName(signal)).value(), signal);
  }
}

}  // namespace
}  // namespace reeve
